"""``evaluate``: word errors, speed and memory of an engine and model on recordings whose words are known."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.commands.speech import add_engine_to, as_asked, shown, working
from gateway.settings import Settings, WrongSetting
from transcription.contract import NoEngine

if TYPE_CHECKING:
    from transcription.accuracy import WordErrors
    from transcription.evaluating import Measured, Summary

Load = Callable[..., Settings]


def add_to(commands: Any) -> None:
    """The parser of this command."""
    evaluate = commands.add_parser("evaluate", help="word errors, speed and memory on recordings of your own")
    evaluate.add_argument("folder", type=Path, metavar="SPEECH_DIR", help="one.wav (or mp3 ...) beside one.txt")
    evaluate.add_argument("--json", action="store_true", help="one JSON object")
    add_engine_to(evaluate)
    evaluate.set_defaults(run=_evaluate)


def _evaluate(asked: argparse.Namespace, load: Load) -> int:
    from transcription.evaluating import NothingToEvaluate, cases_in, measured, peak_mb, summary

    settings = as_asked(asked, load)
    try:
        cases = cases_in(asked.folder)
    except NothingToEvaluate as error:
        raise WrongSetting(str(error)) from None

    async def evaluate() -> tuple[list[Measured], Summary]:
        async with working(settings) as worker:
            found = [one async for one in shown(measured(worker, cases), "Hearing", len(cases))]
            return found, summary(found, peak_mb(worker.child_pid))

    try:
        found, over_all = asyncio.run(evaluate())
    except NoEngine as error:
        print(f"frontdoor: {error}", file=sys.stderr)
        return 1
    print(_as_json(settings, found, over_all) if asked.json else "\n".join(_as_table(found, over_all)))
    return 1 if over_all.faults else 0


def _as_table(found: Sequence[Measured], over_all: Summary) -> list[str]:
    lines = [f"{'recording':<32} {'words':>6} {'subst':>6} {'insert':>6} {'delete':>6} {'errors':>8} {'speed':>7}"]
    lines += [_line(one) for one in found]
    errors = over_all.errors
    lines += [
        f"{'all':<32} {errors.said:>6} {errors.substituted:>6} {errors.inserted:>6} {errors.deleted:>6} "
        f"{errors.rate:>8.1%} {over_all.real_time_factor:>6.2f}x",
        "",
        f"Word error rate {errors.rate:.1%}, real-time factor {over_all.real_time_factor:.3f} "
        f"({over_all.took:.0f} s to hear {over_all.plays:.0f} s), peak memory {over_all.memory_mb:.0f} MB.",
    ]
    if over_all.numbers_differ:
        lines.append(
            f"In {over_all.numbers_differ} recordings one text has digits and the other words. Nothing is rewritten, "
            "so such numbers count as errors: write the text as the model does to see what is left."
        )
    return lines


def _line(one: Measured) -> str:
    if one.fault:
        return f"{one.name:<32} could not be heard: {one.fault}"
    errors, speed = one.errors, one.took / one.plays if one.plays else 0.0
    return (
        f"{one.name:<32} {errors.said:>6} {errors.substituted:>6} {errors.inserted:>6} {errors.deleted:>6} "
        f"{errors.rate:>8.1%} {speed:>6.2f}x"
    )


def _as_json(settings: Settings, found: Sequence[Measured], over_all: Summary) -> str:
    described = {
        "model": settings.speech_model, "engine": settings.speech_engine,
        "word_error_rate": round(over_all.errors.rate, 4), "real_time_factor": round(over_all.real_time_factor, 4),
        "memory_mb": round(over_all.memory_mb), "seconds": round(over_all.plays, 2), **_counts(over_all.errors),
        "recordings_with_numbers_written_differently": over_all.numbers_differ,
        "recordings": [
            {
                "name": one.name, "word_error_rate": round(one.errors.rate, 4), "seconds": round(one.plays, 2),
                "took_seconds": round(one.took, 3), "fault": one.fault or None, **_counts(one.errors),
            }
            for one in found
        ],
    }  # fmt: skip
    return json.dumps(described, indent=1)


def _counts(errors: WordErrors) -> dict[str, int]:
    return {
        "words": errors.said, "substitutions": errors.substituted, "insertions": errors.inserted,
        "deletions": errors.deleted,
    }  # fmt: skip
