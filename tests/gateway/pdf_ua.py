"""What of PDF/UA-1 (ISO 14289-1) a machine can check, clause by clause; what is wrong is said in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, Object, Page, Pdf

SHOWING = frozenset(
    {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "EI", "INLINE IMAGE"}
)
STRUCTURE_TYPES = """
Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody
Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP
Figure Formula Form
"""
STANDARD = frozenset(STRUCTURE_TYPES.split())


def faults(pdf: bytes) -> list[str]:
    """Everything that is wrong; empty for a document that passes."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = [*_of_catalogue(opened), *_of_fonts(opened)]
        if "/StructTreeRoot" not in opened.Root:
            return [*found, "there is no structure tree"]
        elements = list(_elements(opened.Root.StructTreeRoot))
        return [*found, *_of_elements(opened, elements), *_of_pages(opened)]


def structure(pdf: bytes) -> list[str]:
    """The types of its structure elements, in reading order."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [_type(each) for each in _elements(opened.Root.StructTreeRoot)]


def alternative_texts(pdf: bytes) -> list[str]:
    """What stands for each figure."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return [str(each.Alt) for each in _elements(opened.Root.StructTreeRoot) if _type(each) == "Figure"]


def _of_catalogue(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    if pdf.is_encrypted and not pdf.allow.accessibility:
        yield "7.16: assistive technology may not read it"
    if not _is_true(root.get("/MarkInfo", Dictionary()).get("/Marked")):
        yield "7.1: it is not marked as tagged"
    if _is_true(root.get("/MarkInfo", Dictionary()).get("/Suspects")):
        yield "7.1: its tags are suspect"
    if not str(root.get("/Lang", "")):
        yield "7.2: it has no language"
    if not _is_true(root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle")):
        yield "7.1: a reader shows the file's name and not its title"
    with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
        if about.get("pdfuaid:part") != "1":
            yield "5: it does not say that it is PDF/UA-1"
        if not about.get("dc:title"):
            yield "7.1: it has no title"
    if "/XFA" in root.get("/AcroForm", Dictionary()):
        yield "7.15: it holds a form that only some programs show"


def _of_fonts(pdf: Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for font in page.resources.get("/Font", Dictionary()).values():
            own = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            described = own.get("/FontDescriptor", Dictionary())
            if not any(f"/FontFile{kind}" in described for kind in ("", "2", "3")):
                yield f"7.21.4: a font is not embedded: {font.get('/BaseFont')}"
            if "/ToUnicode" not in font:
                yield f"7.21.7: a font does not say which letters it shows: {font.get('/BaseFont')}"


def _of_elements(pdf: Pdf, elements: list[Object]) -> Iterator[str]:
    roles = pdf.Root.StructTreeRoot.get("/RoleMap", Dictionary())
    last = 0
    for each in elements:
        kind = _type(each)
        if kind not in STANDARD and str(roles.get(f"/{kind}", "")).lstrip("/") not in STANDARD:
            yield f"7.1: {kind} is no standard type and is mapped to none"
        if kind == "Figure" and not str(each.get("/Alt", "")).strip():
            yield "7.3: a figure has no words that stand for it"
        if kind[:1] == "H" and kind[1:].isdecimal():
            if int(kind[1:]) > last + 1:
                yield f"7.4.2: a level of headings is left out before {kind}"
            last = int(kind[1:])
        if kind in ("LI", "Lbl", "LBody") and _type(each.P) != ("L" if kind == "LI" else "LI"):
            yield f"7.6: {kind} stands outside of a list"


def _of_pages(pdf: Pdf) -> Iterator[str]:
    told = pdf.Root.StructTreeRoot.get("/ParentTree", Dictionary())
    parents = pikepdf.NumberTree(told) if "/Nums" in told or "/Kids" in told else {}
    for number, page in enumerate(pdf.pages, start=1):
        if "/Annots" in page and page.get("/Tabs") != Name.S:
            yield f"7.18.3: page {number} is not tabbed through in its structure's order"
        owners: list[Object] = list(parents[int(page.StructParents)]) if "/StructParents" in page else []
        marked: set[int] = set()
        for kind, mcid in _shown(page):
            if kind == "":
                yield f"7.1: something on page {number} is neither tagged nor an artifact"
            if mcid is not None:
                marked.add(mcid)
        known = {place for place, owner in enumerate(owners) if isinstance(owner, Dictionary)}
        yield from (f"7.1: content {mcid} of page {number} belongs to nothing" for mcid in sorted(marked - known))


def _shown(page: Page) -> Iterator[tuple[str, int | None]]:
    """Each thing that is painted: the innermost tag or artifact it stands in, and its number there."""
    within: list[tuple[str, int | None]] = []
    for each in pikepdf.parse_content_stream(page):
        operands, said = each.operands, str(each.operator)
        if said in ("BDC", "BMC"):
            more = operands[1] if len(operands) > 1 and isinstance(operands[1], Dictionary) else Dictionary()
            within.append((str(operands[0]), int(more.MCID) if "/MCID" in more else None))
        elif said == "EMC":
            within.pop()
        elif said in SHOWING:
            yield next((one for one in reversed(within) if one[0] == "/Artifact" or one[1] is not None), ("", None))


def _elements(node: Object) -> Iterator[Object]:
    """Every structure element, in reading order."""
    below = node.get("/K", pikepdf.Array())
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(each, Dictionary) and "/S" in each:
            yield each
            yield from _elements(each)


def _type(element: Object) -> str:
    return str(element.get("/S", "")).lstrip("/")


def _is_true(said: object) -> bool:
    return bool(said) and str(said) in ("True", "true", "1")
