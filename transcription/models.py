"""Where speech models lie on this machine, whether one is ready, and how one is fetched; looking loads no engine."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from transcription.contract import NoEngine, NoSuchModel


class SpeechEngineName(StrEnum):
    """The speech engines this gateway can run."""

    FASTER_WHISPER = "faster-whisper"
    OPENAI_WHISPER = "openai-whisper"


class ModelPresence(StrEnum):
    """Whether a speech model lies on this machine."""

    READY = "ready"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class ModelState:
    """Whether speech can be transcribed now: the model's path when it is ready, and every place that was looked at."""

    state: ModelPresence
    model: str
    engine: str
    path: Path | None
    looked_in: tuple[Path, ...]
    why: str = ""

    @property
    def is_ready(self) -> bool:
        return self.state is ModelPresence.READY


HUB_NAMES = {"large": "large-v3", "turbo": "large-v3-turbo"}
"""Short names that stand for another model on the hub and in openai-whisper's file names."""

PROGRESS_SECONDS = 0.5


def model_state(model: str, models_dir: Path, engine: str = SpeechEngineName.FASTER_WHISPER) -> ModelState:
    """Looks for `model` (a name, or a folder or file on disk) on disk only; cheap enough for a health check."""
    name = SpeechEngineName(engine)
    package = "whisper" if name is SpeechEngineName.OPENAI_WHISPER else "faster_whisper"
    places = tuple(_places(model, models_dir.expanduser(), name))
    if find_spec(package) is None:
        why = f"the package {name.value} is not installed"
        return ModelState(state=ModelPresence.MISSING, model=model, engine=name, path=None, looked_in=places, why=why)
    for place in places:
        if _is_model(place, name):
            return ModelState(state=ModelPresence.READY, model=model, engine=name, path=place, looked_in=places)
    where, then = f"no {name.value} model {model} on this machine", f"; `frontdoor models fetch {model}` fetches one"
    why = f"there is no {name.value} model at {model}" if model.startswith(("/", ".", "~")) else where + then
    return ModelState(state=ModelPresence.MISSING, model=model, engine=name, path=None, looked_in=places, why=why)


def known_models(engine: str = SpeechEngineName.FASTER_WHISPER) -> list[str]:
    """The names an engine's hub knows; none where its package is not installed."""
    try:
        if SpeechEngineName(engine) is SpeechEngineName.OPENAI_WHISPER:
            import whisper

            return list(whisper.available_models())
        from faster_whisper import available_models
    except ImportError:
        return []
    return list(available_models())


def fetch_model(
    model: str,
    models_dir: Path,
    progress: Callable[[int], None],
    engine: str = SpeechEngineName.FASTER_WHISPER,
) -> Path:
    """Brings a named model from the hub into `models_dir`, telling `progress` the bytes on disk twice a second.

    Raises NoEngine, saying what is wrong, for an unknown name, a missing engine package or an unreachable hub.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(models_dir, progress, done), daemon=True)
    teller.start()
    try:
        return _fetch(model, models_dir, SpeechEngineName(engine))
    except ImportError:
        raise NoEngine(f"the package {engine} is not installed") from None
    except (ValueError, KeyError):
        raise NoSuchModel(f"{model} is not the name of a {engine} model") from None
    except Exception as problem:
        raise NoEngine(
            f"the model hub could not be reached ({type(problem).__name__}); {model} was not fetched"
        ) from None
    finally:
        done.set()
        teller.join()


def _fetch(model: str, models_dir: Path, engine: SpeechEngineName) -> Path:
    if engine is SpeechEngineName.OPENAI_WHISPER:
        import whisper

        return Path(str(whisper._download(whisper._MODELS[model], str(models_dir), False)))
    from faster_whisper import download_model

    return Path(str(download_model(model, cache_dir=str(models_dir))))


def _tell(folder: Path, progress: Callable[[int], None], done: threading.Event) -> None:
    while not done.wait(PROGRESS_SECONDS):
        progress(_bytes_under(folder))
    progress(_bytes_under(folder))


def _bytes_under(folder: Path) -> int:
    sizes = 0
    for path in folder.rglob("*"):
        try:
            sizes += path.stat().st_size if path.is_file() and not path.is_symlink() else 0
        except FileNotFoundError:
            continue
    return sizes


def _places(model: str, models_dir: Path, engine: SpeechEngineName) -> Iterator[Path]:
    yield Path(model).expanduser().absolute()
    yield models_dir / model
    real = HUB_NAMES.get(model, model)
    if engine is SpeechEngineName.OPENAI_WHISPER:
        for folder in (models_dir, Path.home() / ".cache" / "whisper"):
            yield folder / f"{real}.pt"
        return
    pattern = f"models--{model.replace('/', '--')}" if "/" in model else _hub_folder(real)
    for cache in (models_dir, Path.home() / ".cache" / "huggingface" / "hub"):
        found = sorted(cache.glob(f"{pattern}/snapshots/*"))
        yield from found or [cache / pattern]


def _hub_folder(name: str) -> str:
    """The pattern of the hub cache's folder for a short model name, whoever published it."""
    return (
        f"models--*--faster-distil-whisper-{name[7:]}"
        if name.startswith("distil-")
        else f"models--*--faster-whisper-{name}"
    )


def _is_model(place: Path, engine: SpeechEngineName) -> bool:
    if engine is SpeechEngineName.OPENAI_WHISPER:
        return place.is_file() and place.suffix == ".pt"
    return (place / "model.bin").is_file()
