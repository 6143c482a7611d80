"""The words of every notice: plain files that safeguarding leads edit, filled in with what one sender may be told."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway import saying
from gateway.gsm7 import is_one_segment
from gateway.notice_fields import NoticeFields, values_of
from gateway.paragraphs import as_email, as_page_part, laid_out

__all__ = ["WORDING", "NoWording", "NoticeFields", "Rendered", "Wording", "WordingFault", "Words", "file_of"]

WORDING = Path(__file__).parent / "wording"
SUBJECT = re.compile(r"Subject:[ \t]*(.+)\n")


class WordingFault(Exception):
    """A wording cannot be used as it stands: nothing is sent, and a person is told which file and why."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(f"{file}: {what}")
        self.file, self.what = file, what


class NoWording(WordingFault):
    """There is no file for this kind of notice on this medium: another medium or a person has to tell the sender."""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A notice in words. ``subject`` is a mail's; ``html`` is a whole page for a mail, a part of one for the web."""

    text: str
    subject: str | None = None
    html: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One file, ready to be filled in."""

    source: str
    body: Template
    subject: Template | None


class Words:
    """Every wording of one organisation, read and checked for mistakes of form once, when it is made."""

    def __init__(
        self,
        *,
        organisation: str,
        phone: str,
        address: str,
        complaint_url: str,
        text_number: str | None = None,
        folder: Path = WORDING,
    ) -> None:
        self.organisation = organisation
        self.about_us = {
            "organisation": organisation,
            "phone": saying.phone(phone),
            "spoken_phone": saying.spoken_phone(phone),
            "address": address,
            "complaint_url": complaint_url,
        } | ({"text_number": saying.phone(text_number)} if text_number else {})
        self.wordings = {path.name: _wording(path) for path in sorted(folder.glob("*.txt"))}

    def has(self, kind: str, medium: str) -> bool:
        """Whether this kind of notice can be given on this medium."""
        return file_of(kind, medium) in self.wordings

    def render(self, kind: str, medium: str, told: NoticeFields) -> Rendered:
        """The notice in words; raises ``WordingFault`` naming the file if a value is missing or a text is too long."""
        file = file_of(kind, medium)
        if file not in self.wordings:
            raise NoWording(file, "there is no such wording")
        wording, values = self.wordings[file], self.about_us | values_of(told)
        text = laid_out(_filled_in(file, wording.body, values))
        if medium.startswith("sms"):
            return Rendered(text=_one_text(file, text))
        if medium == "web":
            return Rendered(text=text, html=as_page_part(text))
        if wording.subject is None:
            return Rendered(text=text)
        subject = " ".join(_filled_in(file, wording.subject, values).split())
        return Rendered(text=text, subject=subject, html=as_email(text, subject))


def file_of(kind: str, medium: str) -> str:
    """The name of the file that holds this wording."""
    return f"{kind}.{medium}.txt"


class _Missing(StrictUndefined):
    """A value that is not known: a wording may ask whether it is there, but not say it."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:  # type: ignore[override]
        return False


SANDBOX = ImmutableSandboxedEnvironment(
    undefined=_Missing, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)
"""The words are plain text, so nothing is escaped here: HTML is made, escaped, from the finished text."""


def _wording(path: Path) -> Wording:
    source = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    subject = SUBJECT.match(source)
    try:
        return Wording(
            source=source,
            body=_template(source[subject.end() :] if subject else source),
            subject=_template(subject[1]) if subject else None,
        )
    except TemplateSyntaxError as error:
        raise WordingFault(path.name, f"line {error.lineno} is not well formed") from None


@cache
def _template(words: str) -> Template:
    """The same words are compiled once, however many gateways a process makes."""
    return SANDBOX.from_string(words)


def _filled_in(file: str, template: Template, values: dict[str, str | bool]) -> str:
    try:
        return template.render(values)
    except TemplateError as error:
        raise WordingFault(file, f"{error.message}: this notice has no such value") from None
    except Exception as error:  # whatever a wording asks for, who wrote to us is answered by a person then
        raise WordingFault(file, f"cannot be filled in ({type(error).__name__})") from None


def _one_text(file: str, text: str) -> str:
    line = " ".join(text.split())
    if not is_one_segment(line):
        raise WordingFault(file, "is longer than one text of 160 characters, or has a character texts cannot carry")
    return line
