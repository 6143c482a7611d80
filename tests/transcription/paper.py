"""Documents and pictures for tests, built where a real office program or camera would build them."""

import io
import random
import zipfile
from pathlib import Path

import pillow_heif
from PIL import Image, ImageChops, ImageDraw, ImageFont

LETTERS = Path(__file__).parents[1] / "samples" / "letters"
DOCUMENTS = Path(__file__).parents[1] / "samples" / "documents"

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def letter(name: str) -> bytes:
    """A sample letter's bytes."""
    return (LETTERS / name).read_bytes()


def truth_of(name: str) -> str:
    """What a sample letter says."""
    return (LETTERS / name).with_suffix(".txt").read_text(encoding="utf-8")


def letter_image(name: str) -> Image.Image:
    return Image.open(LETTERS / name).convert("L")


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """An image as a file of the given format."""
    file = io.BytesIO()
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    image.save(file, form, **options)
    return file.getvalue()


def stamped(words: str, *, at: tuple[int, int], slant: int = 10) -> Image.Image:
    """A sample letter with words in red put on it, `slant` degrees askew, transparent as stamping ink is."""
    page = letter_image("jpg_03.jpg").convert("RGB")
    stamp = Image.new("L", (900, 160), 0)
    ImageDraw.Draw(stamp).text((20, 20), words, fill=255, font=ImageFont.load_default(90))
    ink = Image.new("L", page.size, 0)
    ink.paste(stamp.rotate(slant, expand=True, resample=Image.Resampling.BICUBIC), at)
    colour = Image.merge("RGB", (Image.eval(ink, lambda _: 255), *[Image.eval(ink, lambda shade: 255 - shade)] * 2))
    return ImageChops.multiply(page, colour)


def packed(**parts: str) -> bytes:
    """A zip of XML parts; `__` in a name stands for a slash, a single `_` before xml for the dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return file.getvalue()


def word_document(body: str, **others: str) -> bytes:
    """A .docx whose body is the given WordprocessingML; others are whole further parts (`header1="..."`)."""
    parts = {f"word__{name}_xml": f"<w:hdr {W}>{text}</w:hdr>" for name, text in others.items()}
    return packed(word__document_xml=f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>", **parts)


def with_picture(document: bytes, picture: bytes, name: str = "image1.png") -> bytes:
    """A .docx into which a picture was pasted."""
    return with_part(document, f"word/media/{name}", picture)


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """An office file with one more part."""
    file = io.BytesIO(package)
    with zipfile.ZipFile(file, "a") as out:
        out.writestr(name, content)
    return file.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def form_pdf(labels: dict[str, str]) -> bytes:
    """A PDF form with a label and, to its right, a filled-in text field for each entry, as Acrobat saves them."""
    drawn = "\n".join(f"BT /F1 12 Tf 50 {750 - 30 * row} Td ({label}) Tj ET" for row, label in enumerate(labels))
    fields = range(6, 6 + 2 * len(labels), 2)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{' '.join(f'{n} 0 R' for n in fields)}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
        f"/Annots [{' '.join(f'{n} 0 R' for n in fields)}] >>",
        _stream(drawn),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for row, value in enumerate(labels.values()):
        bottom = 745 - 30 * row
        objects.append(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (field{row}) /V ({value}) "
            f"/Rect [220 {bottom} 500 {bottom + 20}] /F 4 /DA (/F1 12 Tf) /P 3 0 R /AP << /N {7 + 2 * row} 0 R >> >>"
        )
        objects.append(
            _stream(
                f"/Tx BMC BT /F1 12 Tf 2 5 Td ({value}) Tj ET EMC",
                "/Type /XObject /Subtype /Form /BBox [0 0 280 20] /Resources << /Font << /F1 5 0 R >> >>",
            )
        )
    return _pdf(objects)


def pictures_pdf(*images: Image.Image) -> bytes:
    """A PDF as a scanner makes it: one picture on each page, no text."""
    return saved(images[0], "PDF", save_all=True, append_images=list(images[1:]), resolution=200.0)


def _stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def _pdf(objects: list[str]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes cut off, changed in a few places, or with a stretch of nonsense put in."""
    changed = bytearray(data)
    match chance.randrange(3):
        case 0:
            return bytes(changed[: chance.randrange(1, len(changed))])
        case 1:
            for _ in range(chance.choice([1, 5, 50])):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
        case _:
            at = chance.randrange(len(changed))
            changed[at : at + chance.randrange(40)] = chance.randbytes(chance.randrange(1, 40))
    return bytes(changed)
