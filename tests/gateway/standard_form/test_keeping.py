"""Forms that come by mail: what they say becomes claims, each with its words and place, and who told us stays apart."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Mapping
from zipfile import ZipFile

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw
from sqlalchemy import MetaData, select
from sqlmodel import Session

from gateway.claims import opened
from gateway.core import Core
from storage import attachment, claim, notice, referral
from storage.claim import Claim, ClaimStatus, Entity
from storage.referral import Referral, Severity
from tests.gateway.standard_form.filled import (
    STATED,
    WHO,
    Here,
    a_mail,
    pdf,
    pdf_by_acrobat,
    receive,
    word,
    word_by_libreoffice,
)

FILLED: Mapping[str, Callable[[Mapping[str, str]], bytes]] = {
    "form.docx": word, "libreoffice.docx": word_by_libreoffice, "form.pdf": pdf, "acrobat.pdf": pdf_by_acrobat,
}  # fmt: skip


def row_of(session: Session, reference: str) -> Referral:
    row = referral.by_reference(session, reference)
    assert row is not None
    return row


def claims_of(core: Core, reference: str) -> list[Claim]:
    with core.database.reading() as session:
        return claim.of_referrals(session, [row_of(session, reference).id or 0])


def said(core: Core, reference: str) -> dict[str, str]:
    """Every value by the name of its place in the form."""
    return {json.loads(each.place)["field"]: opened(core.seal, each).value for each in claims_of(core, reference)}


def everything_kept(core: Core) -> str:
    """Every value of every table, as a dump of the database has them."""
    tables = MetaData()
    with core.database.reading() as session:
        tables.reflect(session.connection())
        return "\n".join(
            value.decode("latin-1") if isinstance(value, bytes) else str(value)
            for table in tables.sorted_tables
            for row in session.connection().execute(select(table))
            for value in row
        )


@pytest.mark.parametrize("name", FILLED)
async def test_a_form_that_comes_by_mail_becomes_claims_with_their_words_and_places(core: Core, name: str) -> None:
    reference = await receive(core, a_mail((name, FILLED[name](STATED | WHO))))
    assert said(core, reference) == STATED | WHO
    with core.database.reading() as session:
        row = row_of(session, reference)
        (part,) = attachment.of_referrals(session, [row.id or 0])
        found = claim.of_referrals(session, [row.id or 0])
    assert row.child_known and row.severity == row.severity_floor == Severity.UNRATED
    for each in found:
        assert (
            each.status == ClaimStatus.PROPOSED
            and each.attachment_id == part.id
            and each.extractor == "standard form 1"
        )
        if each.entity != Entity.REFERRER:
            assert opened(core.seal, each).words in part.text
    pages = {json.loads(each.place).get("page") for each in found}
    assert pages == ({None} if name.endswith("docx") else {1, 2, 3, 4, 5, 6})


async def test_what_is_certain_is_kept_in_one_written_form_beside_the_words(core: Core) -> None:
    reference = await receive(core, a_mail(("form.pdf", pdf(STATED | WHO))))
    norm = {(c.entity, c.entity_no, c.field): opened(core.seal, c).value_norm for c in claims_of(core, reference)}
    assert norm["child", 1, "dob"] == "2019-05-03"
    assert norm["place", 0, "postcode"] == "NT1 4QQ"
    assert norm["adult", 1, "phone"] == "+441632960444"
    assert norm["referrer", 0, "phone"] == "+447700900777"
    assert norm["concern", 0, "immediate_danger"] == "no"


@pytest.mark.parametrize("name", FILLED)
async def test_who_told_us_stands_nowhere_in_the_clear(core: Core, name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await receive(core, a_mail((name, FILLED[name](STATED | WHO))))
    kept = everything_kept(core)
    assert "Northwood" in kept and "nobody is home" in kept
    for value in ("Perpetua", "Quillfeather", "Class teacher", "Aldhelm", "900777"):
        assert value not in kept and value not in caplog.text


async def test_free_words_are_sealed_until_somebody_has_looked_at_them(core: Core) -> None:
    reference = await receive(core, a_mail(("form.docx", word({"child.own_words": "Mr Okoro saw it"}))))
    (only,) = claims_of(core, reference)
    assert only.identifies_referrer and not only.words and opened(core.seal, only).words == "Mr Okoro saw it"


async def test_two_forms_in_one_mail_are_two_sets_of_claims(core: Core) -> None:
    forms = ("a.docx", word({"child.1.given_name": "Alfie"})), ("b.pdf", pdf({"child.1.given_name": "Zeph"}))
    reference = await receive(core, a_mail(*forms))
    found = claims_of(core, reference)
    assert {each.value for each in found} == {"Alfie", "Zeph"}
    assert len({each.attachment_id for each in found}) == 2


async def test_a_form_in_a_zip_is_read_like_any_other(core: Core) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as made:
        made.writestr("forms/form.pdf", pdf({"child.1.given_name": "Alfie"}))
    reference = await receive(core, a_mail(("forms.zip", packed.getvalue())))
    assert said(core, reference) == {"child.1.given_name": "Alfie"}


async def test_a_form_that_was_printed_into_a_flat_file_is_read_by_where_its_words_stand(core: Core) -> None:
    values = {"concern.words": "He comes to school hungry.", "child.1.given_name": "Alfie", "place.postcode": "NT1 4QQ"}
    document = pdfium.PdfDocument(pdf(values))
    document.init_forms()
    for number in range(len(document)):
        assert raw.FPDFPage_Flatten(document[number], raw.FLAT_PRINT) != raw.FLATTEN_FAIL
    flat = io.BytesIO()
    document.save(flat)
    reference = await receive(core, a_mail(("flat.pdf", flat.getvalue())))
    assert said(core, reference) == values
    assert {each.extractor for each in claims_of(core, reference)} == {"standard form on paper v1"}
    with core.database.reading() as session:
        (part,) = attachment.of_referrals(session, [row_of(session, reference).id or 0])
    assert "Child 1, First name:\nAlfie" in part.text and "Family name" not in part.text


async def test_what_was_typed_with_tracked_changes_on_is_an_answer_and_stands_nowhere_else(core: Core) -> None:
    form = word({"referrer.name": "Perpetua Quillfeather", "child.1.given_name": "Alfie"})
    packed = io.BytesIO()
    with ZipFile(io.BytesIO(form)) as source, ZipFile(packed, "w") as made:
        for name in source.namelist():
            tracked = re.sub(
                rb"(<w:r>(?:(?!</w:r>).)*?(?:Quillfeather|Alfie)</w:t></w:r>)",
                rb'<w:ins w:id="1" w:author="A" w:date="2026-11-20T10:00:00Z">\1</w:ins>',
                source.read(name),
            )
            made.writestr(name, tracked)
        assert made.read("word/document.xml").count(b"<w:ins ") == 2
    reference = await receive(core, a_mail(("form.docx", packed.getvalue())))
    assert set(said(core, reference)) == {"referrer.name", "child.1.given_name"}
    assert "Quillfeather" not in everything_kept(core)


async def test_reading_it_again_adds_nothing_and_another_reading_takes_the_place_of_the_first(core: Core) -> None:
    reference = await receive(core, a_mail(("form.docx", word({"child.1.given_name": "Alfie", "child.1.dob": "6"}))))
    part_id = claims_of(core, reference)[0].attachment_id or ""
    await _again(core, part_id, word({"child.1.given_name": "Alfie", "child.1.dob": "6"}))
    assert len(claims_of(core, reference)) == 2
    await _again(core, part_id, word({"child.1.given_name": "Alfred"}))
    after = {(each.value, each.status) for each in claims_of(core, reference)}
    assert after == {("Alfie", "superseded"), ("6", "superseded"), ("Alfred", "proposed")}
    new = next(each for each in claims_of(core, reference) if each.value == "Alfred")
    assert new.supersedes is not None
    with core.database.reading() as session:
        tasks = notice.of_referrals(session, [row_of(session, reference).id or 0])
    assert len([task for task in tasks if task.reason and "form" in task.reason]) == 0


async def test_what_a_person_settled_is_not_unsettled_by_another_reading(core: Core) -> None:
    reference = await receive(core, a_mail(("form.docx", word({"child.1.given_name": "Alfie"}))))
    with core.database.transaction() as session:
        (settled,) = claim.of_referrals(session, [row_of(session, reference).id or 0])
        settled.status = ClaimStatus.CONFIRMED
    await _again(core, settled.attachment_id or "", word({"child.1.given_name": "Alfred"}))
    assert {(e.value, e.status) for e in claims_of(core, reference)} == {("Alfie", "confirmed"), ("Alfred", "proposed")}


async def _again(core: Core, part_id: str, content: bytes) -> None:
    with core.database.transaction() as session:
        core.forms.add_read(session, part_id, Here().read(content, "form.docx"), at=core.clock())
