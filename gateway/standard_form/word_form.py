"""The form as a Word document: headings, tables with a head, and a content control for every answer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Made
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from gateway.standard_form.content_controls import control, fixed
from gateway.standard_form.questions import MARK, Field, Form, Kind, Section, fields_of

INK, TEAL, DANGER, QUIET = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x0B, 0x4F, 0x56), RGBColor(0x8C, 0x1D, 0x18), "505A5F"
LABEL_SHADE, RULE = "EEF5F3", "7FB0AB"
LABEL_WIDTH, ANSWER_WIDTH = Cm(6.2), Cm(10.8)
LINE = Cm(0.56)
AFTER_BORDERS = frozenset(map(qn, ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption")))
"""What stands behind the borders among the properties of a table: Word takes them in one order only."""
MADE_AT = datetime(2026, 11, 22, tzinfo=UTC)
"""When this form was drawn up, whenever somebody asks for a copy."""


@dataclass(frozen=True, kw_only=True)
class Ours:
    """Who the form goes to."""

    organisation: str
    mailbox: str
    address: str


def word_form(form: Form, ours: Ours) -> bytes:
    """The whole form as .docx."""
    document = Document()
    _set_up(document, form, ours)
    document.add_heading(form.title, level=0)
    for sentence in form.intro:
        document.add_paragraph(sentence)
    document.add_paragraph(form.words["danger"], style="Danger")
    document.add_paragraph(form.words["send"].format(mailbox=ours.mailbox, address=ours.address))
    for section in form.sections:
        _add_section(document, form, section)
    mark = document.add_paragraph(f"{form.title}, form version ", style="Hint")
    mark._p.append(fixed(MARK, "Version of this form", form.version))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Made, form: Form, ours: Ours) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(1.8)
    _styles(document, form.language)
    about = document.core_properties
    about.title, about.author, about.language = form.title, ours.organisation, f"{form.language}-GB"
    about.comments, about.created, about.modified = "", MADE_AT, MADE_AT
    footer = page.footer.paragraphs[0]
    footer.style = document.styles["Hint"]
    words = form.words["footer"].format(title=form.title, version=form.version)
    footer.add_run(f"{words} · {ours.organisation} · {ours.mailbox} · ")
    _page_number(footer)


def _styles(document: Made, language: str) -> None:
    styles = document.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Arial", Pt(11), INK
    normal.paragraph_format.space_after = Pt(6)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), f"{language}-GB")
    normal.element.get_or_add_rPr().append(spoken)
    for name, size, before in (("Title", 24, 0), ("Heading 1", 15, 18), ("Heading 2", 12, 12)):
        heading = styles[name]
        heading.font.name, heading.font.size, heading.font.bold, heading.font.color.rgb = "Arial", Pt(size), True, TEAL
        fonts = heading.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [one for one in fonts.attrib if "Theme" in one]:
            del fonts.attrib[theme]
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(6)
        heading.paragraph_format.keep_with_next = True
    danger = styles.add_style("Danger", WD_STYLE_TYPE.PARAGRAPH)
    danger.base_style, danger.font.bold, danger.font.color.rgb = normal, True, DANGER
    hint = styles.add_style("Hint", WD_STYLE_TYPE.PARAGRAPH)
    hint.base_style, hint.font.size, hint.font.color.rgb = normal, Pt(9.5), RGBColor.from_string(QUIET)
    hint.paragraph_format.space_after = Pt(0)
    unwritten = styles.add_style("Placeholder Text", WD_STYLE_TYPE.CHARACTER)
    unwritten.element.set(qn("w:styleId"), "PlaceholderText")
    unwritten.font.color.rgb = RGBColor.from_string(QUIET)


def _add_section(document: Made, form: Form, section: Section) -> None:
    document.add_heading(section.title, level=1)
    if section.intro:
        document.add_paragraph(section.intro)
    for row in range(1, section.rows + 1):
        title = section.row_title.format(row=row)
        document.add_heading(title, level=2)
        _add_table(document, form, title, list(fields_of(section, row)))
    if section.rows:
        document.add_paragraph(form.words["more_rows"].format(rows=section.rows), style="Hint")
    else:
        _add_table(document, form, section.title, list(fields_of(section, 0)))


def _add_table(document: Made, form: Form, title: str, fields: Sequence[Field]) -> None:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _describe(table, title)
    for cell, words in zip(table.rows[0].cells, (form.words["question"], form.words["answer"]), strict=True):
        cell.paragraphs[0].add_run(words).bold = True
        _shade(cell)
    _flag(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for field in fields:
        _add_row(table, form, field)
    for place, width in enumerate((LABEL_WIDTH, ANSWER_WIDTH)):
        table.columns[place].width = width
        for row in table.rows:
            row.cells[place].width = width


def _add_row(table: Table, form: Form, field: Field) -> None:
    row, question = table.add_row(), field.question  # type: ignore[no-untyped-call]
    _flag(row._tr.get_or_add_trPr(), "w:cantSplit")
    row.height = LINE * max(1, question.lines)
    label, answer = row.cells
    _shade(label)
    label.paragraphs[0].add_run(question.label)
    label.paragraphs[0].paragraph_format.space_after = Pt(2)
    if question.hint:
        label.add_paragraph(question.hint, style="Hint")
    prompts = {Kind.CHOICE: "choose", Kind.DATE: "write_date"}
    answer.paragraphs[0]._p.append(control(field, placeholder=form.words[prompts.get(question.kind, "write_here")]))


def _describe(table: Table, title: str) -> None:
    """Rules, and what a screen reader says of the table before it goes in."""
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        rule = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    after = next((each for each in properties if each.tag in AFTER_BORDERS), None)
    if after is None:
        properties.append(borders)
    else:
        after.addprevious(borders)
    for name, words in (("w:tblCaption", title), ("w:tblDescription", "Questions on the left, answers on the right")):
        said = OxmlElement(name)
        said.set(qn("w:val"), words)
        properties.append(said)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", LABEL_SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _flag(properties: BaseOxmlElement, name: str) -> None:
    properties.append(OxmlElement(name))


def _page_number(paragraph: Paragraph) -> None:
    counted = OxmlElement("w:fldSimple")
    counted.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    counted.append(run)
    paragraph._p.append(counted)
