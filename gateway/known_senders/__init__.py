"""Knows professionals by the domain they write from: police, health, schools, councils, and who the council adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from gateway.known_senders.kinds import Kind, Meaning, meaning_of

__all__ = ["Kind", "KnownSenders", "Meaning", "known_senders", "meaning_of"]


class KnownSenders:
    """Domains, lower case, each with everything below it, and the kind of professional who has them."""

    def __init__(self, domains: Mapping[str, Kind]) -> None:
        self._domains = domains

    def kind_of(self, domain: str) -> str:
        """The kind; empty where it is nobody known. A domain alone proves nothing of who wrote."""
        labels = domain.lower().rstrip(".").split(".")
        names = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self._domains[name].value for name in names if name in self._domains), "")


def known_senders(setting: str = "") -> KnownSenders:
    """Those that come with us and the council's own: ``domain=kind`` pairs, comma separated, or a file of lines.

    Raises ValueError that says what is wrong.
    """
    ours = (files("gateway.known_senders") / "domains.txt").read_text("utf-8")
    return KnownSenders(dict(_of_lines(ours)) | dict(_given(setting.strip())))


def _given(setting: str) -> Iterable[tuple[str, Kind]]:
    if not setting:
        return ()
    if "=" in setting:
        return _of_lines("\n".join(pair.replace("=", " ") for pair in setting.split(",")))
    try:
        return list(_of_lines(Path(setting).read_text("utf-8")))
    except (OSError, UnicodeError):
        raise ValueError("must be domain=kind pairs, or a file of them that can be read") from None


def _of_lines(text: str) -> Iterable[tuple[str, Kind]]:
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2 or words[1] not in tuple(Kind):
            raise ValueError(f"must name a domain and one of {', '.join(Kind)} each time")
        yield words[0].lower().strip("@."), Kind(words[1])
