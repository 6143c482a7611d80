"""Reads one attachment with whatever reads its kind, loading each engine at its first use and keeping it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from transcription.begun import Begun
from transcription.bounds import memory_bounded
from transcription.choose import Kind, kind_of_bytes
from transcription.contract import CannotRead, EngineFailed, NoEngine, Transcript, Unreadable
from transcription.documents.by_kind import WITH_PICTURES, open_document
from transcription.documents.enclosed import EnclosedFile, Opened, with_enclosed
from transcription.documents.inside import attached_to, pictures_in
from transcription.documents.preview import FROM_PREVIEW, preview_in
from transcription.documents.written import cut_where_nobody_reads_on
from transcription.models import SpeechEngineName, model_state
from transcription.wire import Setup, Task

if TYPE_CHECKING:
    from transcription.heard import SpeechEngine
    from transcription.put_aside import Recordings
    from transcription.scans.page import PageReader

DEEPEST = 2
"""A file inside a file inside the attachment is read; what is deeper is only named."""


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
        return self._read_document(kind, task.data, 0)

    def _read_document(self, kind: Kind, data: bytes, depth: int) -> Transcript:
        try:
            return cut_where_nobody_reads_on(self._read_whole(kind, data, depth))
        except RecursionError:
            raise CannotRead(Unreadable.BROKEN, "nested without end") from None

    def _read_whole(self, kind: Kind, data: bytes, depth: int) -> Transcript:
        """A document with the pictures pasted into it and the files it carries."""
        if kind is Kind.PICTURE:
            return self._read_pictures(data)
        if kind is Kind.WITH_PREVIEW:
            return self._read_preview(data, depth)
        opened = self._opened(kind, data)
        if kind in WITH_PICTURES and data.startswith(b"PK") and (pictures := pictures_in(data)):
            from transcription.documents.pasted import with_pasted_pictures

            opened = replace(
                opened, transcript=with_pasted_pictures(opened.transcript, pictures, self._page_reader().read)
            )
        return with_enclosed(opened, lambda file: self._read_inside(file, depth + 1))

    def _opened(self, kind: Kind, data: bytes) -> Opened:
        if kind is Kind.PDF:
            from transcription.documents.pdf import read_pdf

            document = read_pdf(data, lambda: self._page_reader().read)
            return Opened(transcript=document, files=attached_to(data))
        try:
            with memory_bounded():
                return open_document(kind, data)
        except MemoryError:
            raise CannotRead(Unreadable.TOO_LARGE, "more memory than a document may take") from None

    def _read_inside(self, file: EnclosedFile, depth: int) -> Transcript:
        """A file inside another; recordings there are left to a person, files deeper than that are only named."""
        kind = kind_of_bytes(file.data, file.media_type, file.name)
        if not file.data:
            raise CannotRead(Unreadable.EMPTY)
        if kind is None or depth > DEEPEST:
            raise CannotRead(Unreadable.UNSUPPORTED)
        if kind is Kind.RECORDING:
            raise NoEngine("sound inside another file")
        return self._read_document(kind, file.data, depth)

    def _read_preview(self, data: bytes, depth: int) -> Transcript:
        preview = preview_in(data)
        kind = kind_of_bytes(preview, "", "")
        if kind not in {Kind.PDF, Kind.PICTURE}:
            raise CannotRead(Unreadable.UNSUPPORTED, "no preview inside")
        read = self._read_document(kind, preview, depth)
        return replace(read, note=" ".join(filter(None, (FROM_PREVIEW, read.note))))

    def _read_pictures(self, data: bytes) -> Transcript:
        from transcription.scans.reading import read_pictures

        return read_pictures(data, self._page_reader())

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
