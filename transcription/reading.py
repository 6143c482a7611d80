"""Reads one attachment with whatever reads its kind, loading each engine at its first use and keeping it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from transcription.begun import Begun
from transcription.choose import Kind, kind_of_bytes
from transcription.contract import CannotRead, EngineFailed, NoEngine, Transcript, Unreadable
from transcription.documents.open_document import read_open_document
from transcription.documents.plain import read_plain_text, read_web_page
from transcription.documents.rich_text import read_rich_text
from transcription.documents.word import pictures_in, read_word
from transcription.models import SpeechEngineName, model_state
from transcription.wire import Setup, Task

if TYPE_CHECKING:
    from transcription.heard import SpeechEngine
    from transcription.put_aside import Recordings
    from transcription.scans.page import PageReader


class Reader:
    """Everything that can be read, behind one method; belongs in a process of its own, for the engines are large."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._recordings: Recordings | None = None
        self._pages: PageReader | None = None

    def read(self, data: bytes, media_type: str, name: str) -> Transcript:
        """The text of an attachment; raises CannotRead or NoEngine, and MemoryError where memory runs out."""
        read = self.read_on(Task(data=data, media_type=media_type, name=name), lambda _: None)
        if isinstance(read, Begun):
            raise EngineFailed("put aside although nobody asked for it")
        return read

    def read_on(self, task: Task, told: Callable[[Begun], None]) -> Transcript | Begun:
        """As `read`, and of a recording that is put aside what has been heard; `told` hears how far a recording is."""
        if not task.data:
            raise CannotRead(Unreadable.EMPTY)
        kind = kind_of_bytes(task.data, task.media_type, task.name)
        if kind is None:
            raise CannotRead(Unreadable.UNSUPPORTED)
        if kind is Kind.RECORDING:
            return self._heard_recordings().read(task, told)
        return self._read_page(kind, task.data)

    def _read_page(self, kind: Kind, data: bytes) -> Transcript:
        if kind is Kind.PICTURE:
            from transcription.scans.reading import read_pictures

            return read_pictures(data, self._page_reader())
        if kind is Kind.PDF:
            from transcription.documents.pdf import read_pdf

            return read_pdf(data, lambda: self._page_reader().read)
        if kind is Kind.WORD:
            return self._read_word(data)
        if kind is Kind.OPEN_DOCUMENT:
            return read_open_document(data)
        if kind is Kind.RICH_TEXT:
            return read_rich_text(data)
        return read_web_page(data) if kind is Kind.WEB_PAGE else read_plain_text(data)

    def _read_word(self, data: bytes) -> Transcript:
        document, pictures = read_word(data), pictures_in(data)
        if not pictures:
            return document
        from transcription.documents.pasted import with_pasted_pictures

        return with_pasted_pictures(document, pictures, self._page_reader().read)

    def _page_reader(self) -> "PageReader":
        if self._pages is None:
            from transcription.scans.page import PageReader

            self._pages = PageReader()
        return self._pages

    def _heard_recordings(self) -> "Recordings":
        if self._recordings is None:
            from transcription.put_aside import Recordings

            self._recordings = Recordings(load_speech_engine(self._setup), translates=self._setup.translates)
        return self._recordings


def load_speech_engine(setup: Setup) -> "SpeechEngine":
    """The engine and model of the settings; raises NoEngine when either is not on this machine."""
    state = model_state(setup.speech_model, Path(setup.models_dir), setup.speech_engine)
    if state.path is None:
        raise NoEngine(state.why)
    model = Path(setup.speech_model).name
    if state.engine == SpeechEngineName.OPENAI_WHISPER:
        from transcription.openai_speech import OpenAISpeech

        return OpenAISpeech(state.path, model=model, threads=setup.threads)
    from transcription.faster_speech import FasterSpeech

    return FasterSpeech(state.path, model=model, threads=setup.threads)
