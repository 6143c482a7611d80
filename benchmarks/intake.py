"""Mails durably accepted in a second, beside aiosmtpd doing nothing and aiosmtpd with one fsync'd file a mail."""

from __future__ import annotations

from contextlib import ExitStack

from benchmarks.figures import Figure, beside, median
from benchmarks.mail_servers import FILE, NOTHING
from benchmarks.processes import serving, told_by
from benchmarks.run import SQLITE, Run

CONNECTIONS = (1, 8)
LEAST = {(SQLITE, 1): 0.45, (SQLITE, 8): 0.60, ("PostgreSQL", 1): 0.30, ("PostgreSQL", 8): 0.45}


def measure(run: Run) -> list[Figure]:
    """Every server in a process of its own; in each round every server has its turn, so that noise hits all alike."""
    rounds, seconds = (2, 1.0) if run.quick else (5, 2.0)
    found: dict[tuple[str, int], list[float]] = {}
    with ExitStack() as stack:
        ports = {}
        for name in (NOTHING, FILE):
            folder = stack.enter_context(run.data_dir())
            ports[name] = stack.enter_context(serving("benchmarks.mail_servers", name, folder, ""))
        for kind in run.kinds:
            url, folder = stack.enter_context(run.database(kind)), stack.enter_context(run.data_dir())
            ports[kind] = stack.enter_context(serving("benchmarks.mail_servers", "ours", folder, url))
        for port in ports.values():
            told_by("benchmarks.mail_load", port, 2, 0.5)
        for number in range(rounds):
            for connections in CONNECTIONS:
                for name, port in ports.items():
                    told = told_by("benchmarks.mail_load", port, connections, seconds)
                    if told["refused"]:
                        raise RuntimeError(f"{name} refused {told['refused']} mails")
                    found.setdefault((name, connections), []).append(told["per_second"])
            run.say(f"intake: round {number + 1} of {rounds}")
    return [figure for connections in CONNECTIONS for figure in _figures(found, run.kinds, connections)]


def _figures(found: dict[tuple[str, int], list[float]], kinds: tuple[str, ...], connections: int) -> list[Figure]:
    """Ratios are medians of each round's own ratio."""
    nothing = found[NOTHING, connections]
    file = _ratio(found[FILE, connections], nothing)
    told = f"{connections} connection{'s' if connections > 1 else ''}"
    figures = [
        Figure(what=f"mails accepted, {told}, aiosmtpd doing nothing", value=median(nothing), unit="/s"),
        Figure(
            what=f"mails accepted, {told}, aiosmtpd + fsync'd file", value=median(found[FILE, connections]),
            unit="/s", ratio=file,
        ),
    ]  # fmt: skip
    for kind in kinds:
        rates = found[kind, connections]
        figures.append(
            beside(
                f"mails accepted, {told}, frontdoor on {kind}", median(rates), "/s",
                anchor=f"nothing {median(nothing):,.0f}/s; fsync'd file {file:.2f}", ratio=_ratio(rates, nothing),
                least=LEAST[kind, connections],
            )
        )  # fmt: skip
    return figures


def _ratio(rates: list[float], anchors: list[float]) -> float:
    return median([rate / anchor for rate, anchor in zip(rates, anchors, strict=True)])
