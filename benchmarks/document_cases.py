"""Documents and mails to be read in the benchmark: two pages of words in each kind, and mails that carry them."""

from __future__ import annotations

import json
import os
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

import typst

from tests.transcription.new_office import number_in, presentation, row, words_in, workbook
from tests.transcription.old_office import old_slides, old_word, old_workbook, outlook_mail
from tests.transcription.paper import packed, paragraph, word_document

PARAGRAPHS = 60
SENTENCE = "Jane told her teacher on Friday that nobody is at home when she comes back from school, and she is afraid."
ROWS = 400
BESIDE_US = Path(__file__).parents[2] / "shared" / "cases" / "mail"
OPEN_NAMES = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:b="u"'


def documents() -> dict[str, bytes]:
    """One document of each kind by its file name."""
    words = [f"{number}. {SENTENCE}" for number in range(PARAGRAPHS)]
    table = [[f"Visit {number}", SENTENCE[:40], "seen", "not seen", "late"] for number in range(ROWS)]
    rows = [_row(number, line) for number, line in enumerate(table, start=1)]
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in words)
    open_rows = "".join(
        f"<b:table-row>{''.join(f'<b:table-cell><t:p>{cell}</t:p></b:table-cell>' for cell in line)}</b:table-row>"
        for line in table
    )
    return {
        "letter.docx": word_document("".join(map(paragraph, words))),
        "letter.doc": old_word("\r".join(words) + "\r"),
        "letter.odt": packed(content_xml=f"<o {OPEN_NAMES}>{''.join(f'<t:p>{each}</t:p>' for each in words)}</o>"),
        "letter.rtf": ("{\\rtf1\\ansi " + "\\par ".join(words) + "}").encode(),
        "letter.html": f"<html><body>{paragraphs}</body></html>".encode(),
        "letter.pdf": typst.compile("\n\n".join(words).encode()),
        "visits.xlsx": workbook({"Visits": "".join(rows)}),
        "visits.xls": old_workbook([list(line) for line in table]),
        "visits.ods": packed(content_xml=f"<o {OPEN_NAMES}><b:table b:name='Visits'>{open_rows}</b:table></o>"),
        "visits.csv": "\n".join(";".join(line) for line in table).encode(),
        "talk.pptx": presentation(["\n".join(words[at : at + 6]) for at in range(0, PARAGRAPHS, 6)]),
        "talk.ppt": old_slides(*words),
        "mail.msg": outlook_mail(attached=("letter.rtf", ("{\\rtf1 " + "\\par ".join(words) + "}").encode())),
    }


def _row(number: int, line: list[str]) -> str:
    words = (words_in(f"{place}{number}", cell) for place, cell in zip("ABCDE", line, strict=True))
    return row(number, *words, number_in(f"F{number}", 7))


def mails(files: dict[str, bytes]) -> list[bytes]:
    """One mail with each document attached, as a mail program sends it."""
    return [_mail(name, content, number) for number, (name, content) in enumerate(files.items())]


def published_mails() -> list[bytes]:
    """The mails of `FRONTDOOR_MAIL_CASES`, or of the folder beside the sources; none where there is no such folder."""
    folder = Path(os.environ.get("FRONTDOOR_MAIL_CASES", BESIDE_US))
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return []
    listed = json.loads(manifest.read_text("utf-8"))
    return [(folder / entry["file"]).read_bytes() for entry in listed if entry["kind"] == "message"]


def _mail(name: str, content: bytes, number: int) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"a{number}@example.org", "referrals@northshire.example"
    message["Subject"], message["Message-ID"] = "A visit", f"<{number}@example.org>"
    message.set_content(SENTENCE)
    message.add_alternative(f"<p>{SENTENCE}</p>", subtype="html")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
