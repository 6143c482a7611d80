"""Gives the fields of a PDF dotted names as the standard has them: a tree, each name a branch of the one before."""

from __future__ import annotations

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    TextStringObject,
)


def with_dotted_names(drawn: bytes, *, language: str) -> bytes:
    """The same PDF with ``child.1.dob`` as ``dob`` of ``1`` of ``child``; its title is shown, tabs go by row."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn)))
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(language)
    shows_title = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    root[NameObject("/ViewerPreferences")] = shows_title
    for page in writer.pages:
        page[NameObject("/Tabs")] = NameObject("/R")
    form = root["/AcroForm"].get_object()
    if isinstance(form, DictionaryObject):
        form[NameObject("/Fields")] = _grown(writer, form["/Fields"])
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _grown(writer: PdfWriter, fields: object) -> ArrayObject:
    """The roots of the tree that these fields, named in full, are the leaves of."""
    roots, branches = ArrayObject(), dict[str, IndirectObject]()
    for leaf in fields if isinstance(fields, ArrayObject) else ():
        field = leaf.get_object()
        *path, own = str(field["/T"]).split(".")
        parent, name = None, ""
        for step in path:
            name = f"{name}.{step}" if name else step
            if name not in branches:
                branches[name] = _branch(writer, roots, parent, step)
            parent = branches[name]
        field[NameObject("/T")] = TextStringObject(own)
        _hang(roots, parent, leaf)
    return roots


def _branch(writer: PdfWriter, roots: ArrayObject, parent: IndirectObject | None, name: str) -> IndirectObject:
    made = DictionaryObject({NameObject("/T"): TextStringObject(name), NameObject("/Kids"): ArrayObject()})
    branch = writer._add_object(made)
    _hang(roots, parent, branch)
    return branch


def _hang(roots: ArrayObject, parent: IndirectObject | None, leaf: IndirectObject) -> None:
    if parent is None:
        roots.append(leaf)
        return
    above, below = parent.get_object(), leaf.get_object()
    if isinstance(above, DictionaryObject) and isinstance(below, DictionaryObject):
        below[NameObject("/Parent")] = parent
        kids = above["/Kids"]
        if isinstance(kids, ArrayObject):
            kids.append(leaf)
