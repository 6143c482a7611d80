"""``models`` and ``transcribe``: speech models, and words read again as a new version."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rich.progress import Progress

from gateway.core import open_core
from gateway.settings import Settings, WrongSetting
from transcription.contract import NoEngine, NoSuchModel
from transcription.models import SpeechEngineName, known_models, model_state
from transcription.worker import TranscriptionWorker, fetch_model

Load = Callable[..., Settings]
Item = TypeVar("Item")


def add_to(commands: Any) -> None:
    """The parsers of these commands."""
    models = commands.add_parser("models", help="speech models: fetch, list").add_subparsers(dest="what", required=True)
    fetch = models.add_parser("fetch", help="download a speech model into the data folder")
    fetch.add_argument("name", metavar="NAME")
    fetch.set_defaults(run=_fetch)
    models.add_parser("list", help="the names to choose from, and which are here").set_defaults(run=_list)
    again = commands.add_parser("transcribe", help="read words again, as a new version beside the old")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("reference", nargs="?", metavar="REFERENCE", help="every file of this referral")
    which.add_argument("--all-older-than-model", action="store_true", help="every recording the model has not heard")
    add_engine_to(again)
    again.set_defaults(run=_transcribe)


def add_engine_to(parser: argparse.ArgumentParser) -> None:
    """The options that outweigh the settings."""
    parser.add_argument("--model", metavar="M", help="a model's name, folder or file; the setting's if not given")
    parser.add_argument("--engine", choices=[engine.value for engine in SpeechEngineName])


def _fetch(asked: argparse.Namespace, load: Load) -> int:
    settings = load()
    try:
        where = fetch_model(asked.name, settings.data_dir / "models", _tell, settings.speech_engine)
    except NoSuchModel as error:
        print(file=sys.stderr)
        raise WrongSetting(str(error)) from None
    except NoEngine as error:
        print(f"\nfrontdoor: {error}", file=sys.stderr)
        return 1
    print(f"{asked.name} is in {where}")
    return 0


def _tell(bytes_here: int) -> None:
    print(f"\r{bytes_here / 1_000_000:.0f} MB", end="", file=sys.stderr, flush=True)


def _list(_: argparse.Namespace, load: Load) -> int:
    settings = load()
    names = known_models(settings.speech_engine)
    for name in dict.fromkeys((*names, settings.speech_model)):
        state = model_state(name, settings.data_dir / "models", settings.speech_engine)
        chosen = "  FRONTDOOR_SPEECH_MODEL" if name == settings.speech_model else ""
        print(f"{name:<24} {'here' if state.is_ready else 'not here'}{chosen}")
    return 0


def _transcribe(asked: argparse.Namespace, load: Load) -> int:
    from gateway import retranscribing

    settings = as_asked(asked, load)
    core = open_core(settings)

    async def read() -> int:
        with core.database.reading() as session:
            if asked.reference:
                parts = retranscribing.parts_of(session, asked.reference)
            else:
                parts = retranscribing.not_heard_by(session, settings.speech_model)
        faults = 0
        async with working(settings) as worker:
            async for one in shown(retranscribing.read_again(core, worker, parts), "Reading", len(parts)):
                faults += bool(one.fault)
                print(f"{one.reference}  {one.fault or f'version {one.version}'}")
        print(f"{len(parts) - faults} of {len(parts)} read again.", file=sys.stderr)
        return 1 if faults else 0

    try:
        return asyncio.run(read())
    except LookupError:
        raise WrongSetting(f"{asked.reference}: there is no such referral") from None
    except NoEngine as error:
        print(f"frontdoor: {error}", file=sys.stderr)
        return 1
    finally:
        core.close()


def as_asked(asked: argparse.Namespace, load: Load) -> Settings:
    """The settings, with the engine and model named on the command line."""
    given = {"speech_model": asked.model, "speech_engine": asked.engine}
    return load(**{name: value for name, value in given.items() if value})


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[TranscriptionWorker]:
    """A worker for as long as the block lasts."""
    from gateway.wiring import worker_of

    worker = worker_of(settings)
    try:
        yield worker
    finally:
        await worker.close()


async def shown(steps: AsyncIterator[Item], what: str, total: int) -> AsyncIterator[Item]:
    """The same, with a progress bar on a terminal."""
    with Progress(disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=total)
        async for step in steps:
            bar.advance(task)
            yield step
