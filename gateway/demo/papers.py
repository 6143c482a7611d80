"""Invented papers and pictures, made when they are wanted: scanned letters, photos, a school's referral form."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from xml.sax.saxutils import escape

import typst
from PIL import Image, ImageDraw

DOTS_PER_INCH = 150
PAGE = """
#set page("a4", margin: 25mm)
#set text(font: "Source Sans Pro", size: 13pt, lang: "en")
#set par(leading: 0.8em)
"""
TABLE_TOP = (96, 84, 72)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LETTER_PAGES = (
    """
Fern Lane Surgery\\
Fern Lane, Northtown NT3 2AB\\
Telephone 01632 960140

20 November 2026

To the children's services front door, Northshire Council

#strong[Two children who have missed their appointments]

I am a practice nurse at this surgery. I write about two children in one family. Both have missed three appointments
since September. The younger one is eleven months old and has not had her injections.

Their mother came in alone last week. She was thin and tired and said that there is often no food in the house at the
end of the week. She asked me not to tell her partner that she had been here.

""",
    """
I saw the older child in the waiting room in October. He wore summer clothes and no coat, and he did not speak.

We have written to the family twice and have tried to call. The telephone number we hold no longer works.

Please tell me if you need our records. I can be reached at the surgery between 9am and 1pm.

Yours faithfully

Pat Example\\
Practice nurse
""",
)
NOTE_ON_PAPER = """
To the council

I do not want to give my name.

There are children at the end flat in Mill Court. They are left alone in the evenings. I hear the small one crying
and nobody comes. It was so again on Tuesday and on Thursday.

Somebody should go and see.

A neighbour
"""
REFERRAL_FORM = (
    "Elm Lane Primary School",
    "Referral to children's services",
    "Pupil: Robin Example, Year 3",
    "What we have seen: Robin has come to school without lunch on eight days since half term. Robin told a teaching "
    "assistant that there was nothing to eat at home and that Dad had been shouting at night.",
    "What we have done: we have spoken with Robin's mother, who knows that we are writing to you.",
    "From: Alex Example, designated safeguarding lead, 01632 960150",
)


def typed_letter() -> bytes:
    """The second page of it as the surgery wrote it: a PDF that carries its text."""
    return typst.compile((PAGE + LETTER_PAGES[1]).encode(), format="pdf", font_paths=fonts())


def photo_of_a_letter() -> bytes:
    """A page of paper on a table, photographed with a phone: a little crooked, darker towards one corner; JPEG."""
    sheet = Image.open(io.BytesIO(set_in_type(NOTE_ON_PAPER))).convert("RGB").crop((0, 0, 1240, 1000))
    crooked = sheet.rotate(1.6, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=TABLE_TOP)
    picture = Image.new("RGB", (crooked.width + 120, crooked.height + 120), TABLE_TOP)
    picture.paste(crooked, (60, 60))
    shade = Image.linear_gradient("L").resize(picture.size).point(lambda dark: dark // 5)
    return _as_jpeg(Image.composite(Image.new("RGB", picture.size), picture, shade))


def photo_of_a_window() -> bytes:
    """A drawing that stands for a photo of a broken window; JPEG."""
    picture = Image.new("RGB", (640, 480), (178, 120, 96))
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((180, 90, 460, 400), fill=(236, 234, 226))
    for left, top in ((195, 105), (330, 105), (195, 255), (330, 255)):
        drawn.rectangle((left, top, left + 115, top + 130), fill=(110, 142, 160))
    drawn.polygon([(330, 105), (400, 150), (445, 120), (420, 200), (370, 235), (345, 180)], fill=(38, 44, 50))
    for far in ((330, 235), (445, 235), (445, 160)):
        drawn.line([(385, 170), far], fill=(220, 230, 235), width=2)
    return _as_jpeg(picture)


def picture_of_a_door() -> bytes:
    """A drawing that stands for a picture sent by text; PNG."""
    picture = Image.new("RGB", (320, 420), (150, 150, 146))
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((90, 60, 230, 400), fill=(40, 70, 130))
    drawn.ellipse((205, 230, 220, 245), fill=(210, 190, 90))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def school_referral() -> bytes:
    """A school's referral form as a Word document."""
    words = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in REFERRAL_FORM)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{MAIN}"><w:body>{words}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as document:
        for name, content in parts.items():
            document.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}')
    return out.getvalue()


def broken_scan() -> bytes:
    """What a scanner leaves when its disk is full: called a PDF, and none."""
    return b"%PDF-1.7\n" + b"\0" * 2000 + b"\n%%EOF\n"


def set_in_type(words: str) -> bytes:
    """One page of text as a PNG picture."""
    return typst.compile((PAGE + words).encode(), format="png", ppi=DOTS_PER_INCH, font_paths=fonts())


def fonts() -> typst.Fonts:
    """Those of every paper here."""
    return typst.Fonts(font_paths=[str(files("font_source_sans_pro") / "files")])


def _as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()
