"""Forms filled in the way different programs do it, mails that carry them, and a gateway that reads them."""

from __future__ import annotations

import codecs
import io
from collections.abc import Awaitable, Callable, Mapping
from email.message import EmailMessage
from zipfile import ZipFile

from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, ByteStringObject, DictionaryObject, NameObject

from gateway.core import Core, ours_of
from gateway.demo.filled_form import filled_form
from gateway.desk import Desk
from gateway.settings import Settings
from gateway.standard_form.files import pdf_file, word_file
from gateway.standard_form.questions import the_form
from gateway.transcribing import Transcribing
from tests.builders import a_message, read_all
from transcription.begun import Begun
from transcription.contract import Transcript
from transcription.reading import Reader
from transcription.wire import Setup

STATED = {
    "concern.words": "He comes to school hungry.\nHe says that nobody is home.",
    "concern.immediate_danger": "no",
    "place.address": "7 Harrow Way\nNorthtown",
    "place.postcode": "nt1 4qq",
    "child.1.given_name": "Alfie",
    "child.1.family_name": "Northwood",
    "child.1.dob": "3 May 2019",
    "child.1.sex": "male",
    "child.2.given_name": "Maya",
    "adult.1.name": "Dana Northwood",
    "adult.1.phone": "01632 960444",
    "adult.1.lives_with_child": "yes",
}
WHO = {
    "referrer.name": "Perpetua Quillfeather",
    "referrer.role": "Class teacher of year two",
    "referrer.organisation": "Saint Aldhelm Primary",
    "referrer.phone": "07700 900777",
    "referrer.safe_to_call": "yes",
}
LIBREOFFICE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}<w:sectPr/></w:body></w:document>
"""
CONTROL = (
    '<w:sdt><w:sdtPr><w:id w:val="{number}"/><w:alias w:val="a label"/><w:tag w:val="{name}"/>{kind}</w:sdtPr>'
    '<w:sdtContent><w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr><w:r><w:rPr></w:rPr>'
    '<w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:sdtContent></w:sdt>'
)


OURS = ours_of(Settings(_env_file=None))


def empty_word() -> bytes:
    """The form as anybody gets it."""
    return word_file(OURS)


def empty_pdf() -> bytes:
    """The form as anybody gets it."""
    return pdf_file(OURS)


def word(values: Mapping[str, str], *, beside: str = "") -> bytes:
    """As Word saves it; ``beside`` is typed outside of every control."""
    filled = filled_form(empty_word(), values)
    if not beside:
        return filled
    document, written = Document(io.BytesIO(filled)), io.BytesIO()
    document.add_paragraph(beside)
    document.save(written)
    return written.getvalue()


def word_by_libreoffice(values: Mapping[str, str], *, kind: str = "<w:text/>") -> bytes:
    """As LibreOffice saves it: controls around whole paragraphs, lines as their own paragraphs, other order."""
    body = "".join(
        CONTROL.format(number=number, name=name, kind=kind, words=value)
        for number, (name, value) in enumerate(values.items(), start=1)
    )
    packed, source = io.BytesIO(), ZipFile(io.BytesIO(empty_word()))
    with ZipFile(packed, "w") as made:
        for name in source.namelist():
            is_body = name == "word/document.xml"
            made.writestr(name, LIBREOFFICE.format(body) if is_body else source.read(name))
    return packed.getvalue()


def pdf(values: Mapping[str, str]) -> bytes:
    """As a program fills it in that draws what it writes."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(empty_pdf())))
    for page in writer.pages:
        writer.update_page_form_field_values(page, _as_pdf(values), auto_regenerate=False)
    return _written(writer)


def pdf_by_acrobat(values: Mapping[str, str]) -> bytes:
    """As a viewer fills it in that leaves the drawing to the next: values in UTF-16, no appearance kept."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(empty_pdf())))
    wanted = _as_pdf(values)
    for page in writer.pages:
        writer.update_page_form_field_values(
            page, {name: value for name, value in wanted.items() if value.startswith("/")}, auto_regenerate=False
        )
        for note in page.get("/Annots", ()):
            widget = note.get_object()
            name = _full_name(widget)
            if name in wanted and not wanted[name].startswith("/"):
                value = codecs.BOM_UTF16_BE + wanted[name].replace("\n", "\r").encode("utf-16-be")
                widget[NameObject("/V")] = ByteStringObject(value)
                widget.pop("/AP", None)
    form = writer.root_object["/AcroForm"].get_object()
    assert isinstance(form, DictionaryObject)
    form[NameObject("/NeedAppearances")] = BooleanObject(True)
    return _written(writer)


def _full_name(widget: DictionaryObject) -> str:
    names: list[str] = []
    node: DictionaryObject | None = widget
    while node is not None:
        names.insert(0, str(node.get("/T", "")))
        above = node.get("/Parent")
        node = above.get_object() if above is not None else None
    return ".".join(name for name in names if name)


def _as_pdf(values: Mapping[str, str]) -> dict[str, str]:
    kinds = {field.name: field.question.kind for field in the_form().fields()}
    boxes = {"tick": "/Yes", "choice": "/{}"}
    return {name: boxes.get(kinds.get(name, "text"), "{}").format(value) for name, value in values.items()}


def _written(writer: PdfWriter) -> bytes:
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def a_mail(*files: tuple[str, bytes], words: str = "Please see the form.", sender: str = "a@example.org") -> bytes:
    """A mail that carries these files."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "referrals@northshire.example", "A form"
    mail["Message-ID"] = f"<{abs(hash((words, sender, files)))}@example.org>"
    mail.set_content(words)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


class Here:
    """Reads documents in this process, with the real readers."""

    def __init__(self) -> None:
        self._reader = Reader(Setup(speech_model="none", speech_engine="", models_dir="", threads=1, memory_limit_mb=0))

    def read(self, data: bytes, name: str) -> Transcript:
        """What is in a document."""
        return self._reader.read(data, "", name)

    async def hear_on(
        self, data: bytes, media_type: str, name: str, *, begun: str, told: Callable[[Begun], Awaitable[None]]
    ) -> Transcript | Begun:
        return self._reader.read(data, media_type, name)


async def receive(core: Core, mail: bytes) -> str:
    """The reference of a mail whose files have been read."""
    receipt = await core.intake.accept(a_message(mail, channel="email", media_type="message/rfc822"))
    await read_all(core)
    await transcribe_all(core)
    return receipt.reference


async def transcribe_all(core: Core) -> None:
    """Everything that waits to be read by machine."""
    step = Transcribing(database=core.database, blobs=core.blobs, clock=core.clock, worker=Here(), forms=core.forms)
    await Desk("transcribing", step.step, step.give_up, database=core.database, clock=core.clock, slots=1).drain()
