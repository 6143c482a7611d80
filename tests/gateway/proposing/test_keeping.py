"""What is found in words becomes claims of the referral as the words are kept, and nothing is proposed twice."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest

from channels.contract import RawMessage
from gateway import versions
from gateway.claims import opened
from gateway.core import Core
from gateway.proposing.keeping import MOST_UNSETTLED
from storage import attachment, claim, message, referral
from storage.claim import Claim, ClaimStatus
from storage.referral import Referral
from tests.builders import a_message, a_note, a_referral, read_all
from tests.gateway.ground import a_text
from tests.gateway.standard_form import filled
from tests.gateway.test_transcribing import a_recording
from transcription.contract import Segment, Transcript, Word, WrittenWord

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CONCERN = "I am worried about my neighbour's son, Albie Crane, who is six. They live at 9 Elm Row, NT1 2AB."
LETTER = (
    "2 Oak Row\nNorthtown NT3 3DW\n\nDear Sir\n\nThe boy is called Albie Crane.\n\nYours faithfully\n\nMrs Ida Lunt\n"
)


def a_mail(words: str, **headers: str) -> RawMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "referrals@northshire.example", "A worry"
    mail["Message-ID"] = f"<{abs(hash((words, *headers.items())))}@example.org>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return a_message(mail.as_bytes(), channel="email", media_type="message/rfc822")


async def receive(core: Core, raw: RawMessage) -> Referral:
    receipt = await core.intake.accept(raw)
    await read_all(core)
    with core.database.reading() as session:
        row = referral.by_reference(session, receipt.reference)
    assert row is not None
    return row


def claims_of(core: Core, row: Referral) -> list[Claim]:
    with core.database.reading() as session:
        return claim.of_referrals(session, [row.id or 0])


def said(core: Core, row: Referral, *, status: str = ClaimStatus.PROPOSED) -> set[tuple[str, str, str]]:
    found = [each for each in claims_of(core, row) if each.status == status]
    return {(each.entity, each.field, opened(core.seal, each).value) for each in found}


def a_part(
    core: Core, row: Referral, text: str = LETTER, *, segments: tuple[Segment, ...] = (), name: str = "a.pdf"
) -> str:
    """A file of the referral whose words have been read."""
    part = a_recording(core, row, name)
    if name.endswith(".pdf"):
        with core.database.transaction() as session:
            held = session.get_one(attachment.Attachment, part)
            held.media_type = "application/pdf"
            session.add(held)
    read_as(core, part, text, segments=segments)
    return part


def read_as(core: Core, part: str, text: str, *, segments: tuple[Segment, ...] = ()) -> None:
    lines = segments or tuple(Segment(text=line, page=1) for line in text.splitlines() if line)
    read = Transcript(text=text, segments=lines, engine="pretend 1", language="en", confidence=0.9)
    values = core.forms.prepare(read)
    with core.database.transaction() as session:
        core.forms.add_read(session, part, read, at=core.clock(), values=values)


async def test_a_mail_proposes_what_stands_in_it_with_the_words_and_their_place(core: Core) -> None:
    row = await receive(core, a_mail(CONCERN))
    assert said(core, row) >= {
        ("child", "name", "Albie Crane"), ("child", "age", "six"), ("place", "address", "9 Elm Row"),
        ("place", "postcode", "NT1 2AB"),
    }  # fmt: skip
    with core.database.reading() as session:
        (kept,) = message.of_referrals(session, [row.id or 0])
    for each in claims_of(core, row):
        place, what = json.loads(each.place), opened(core.seal, each)
        assert kept.text[place["from"] : place["to"]] == what.words and each.extractor == "rules 1"
        assert (each.message_id, each.attachment_id, each.said_by) == (kept.id, None, "referrer")


@ON_SQLITE
async def test_a_text_a_note_and_a_letter_s_words_propose_too(core: Core) -> None:
    text = await receive(core, a_text("My name is Sue. The boy at 9 Elm Row is called Albie."))
    assert ("child", "name", "Albie") in said(core, text) and ("referrer", "name", "Sue") in said(core, text)
    note = await receive(core, a_note("Neighbour rang about Albie Crane, aged 6", caller_name="Bo"))
    assert ("child", "age", "6") in said(core, note)
    a_part(core, note)
    assert ("referrer", "name", "Ida Lunt") in said(core, note)


@ON_SQLITE
async def test_what_a_mail_quotes_and_what_a_machine_writes_proposes_nothing(core: Core) -> None:
    quoted = "On Mon, 16 Nov 2026 at 09:00, Ann <ann@example.org> wrote:\n> My son Albie Crane lives at 9 Elm Row\n"
    row = await receive(core, a_mail(f"Thank you for your answer, we know nothing new of him.\n\n{quoted}"))
    assert said(core, row) == set()
    machine = await receive(core, a_mail(CONCERN, Auto_Submitted="auto-replied"))
    assert said(core, machine) == set()


@ON_SQLITE
async def test_what_may_tell_who_told_us_is_sealed(core: Core) -> None:
    row = await receive(core, a_mail(f"{CONCERN}\nRing me on 07700 900123.\n\nKind regards\nPerpetua Quillfeather"))
    by_field = {(each.entity, each.field): each for each in claims_of(core, row)}
    for key in (("referrer", "name"), ("referrer", "phone")):
        assert by_field[key].sealed_value and not by_field[key].value and not by_field[key].words
    assert by_field["child", "name"].value == "Albie Crane" and by_field["place", "postcode"].value == "NT1 2AB"


@ON_SQLITE
async def test_a_value_said_again_in_another_part_is_one_claim_and_a_child_keeps_its_number(core: Core) -> None:
    row = await receive(core, a_mail(CONCERN))
    part = a_part(
        core, row, "Dear Sir\n\nAlbie Crane (DOB 3/5/2020) and Mina Shaw (DOB 1/2/2012) of 9 Elm Row, NT1 2AB.\n"
    )
    found = claims_of(core, row)
    names = [(each.entity_no, each.value) for each in found if (each.entity, each.field) == ("child", "name")]
    assert sorted(names) == [(1, "Albie Crane"), (2, "Mina Shaw")]
    births = {each.entity_no: each.value_norm for each in found if each.field == "dob"}
    assert births == {1: "2020-05-03", 2: "2012-02-01"}
    assert len([each for each in found if each.field == "postcode"]) == 1
    assert {each.attachment_id for each in found if each.field == "dob"} == {part}


@ON_SQLITE
async def test_a_new_reading_supersedes_what_nobody_settled_and_keeps_the_rest(core: Core) -> None:
    row = await a_referral(core, "A letter came")
    part = a_part(core, row)
    (name,) = [each for each in claims_of(core, row) if (each.entity, each.field) == ("child", "name")]
    with core.database.transaction() as session:
        held = session.get_one(Claim, name.id)
        held.status = ClaimStatus.REJECTED
        session.add(held)
    read_as(core, part, LETTER.replace("NT3 3DW", "NT3 3DX"))
    assert ("child", "name", "Albie Crane") in said(core, row, status=ClaimStatus.REJECTED)
    assert ("child", "name", "Albie Crane") not in said(core, row)
    assert ("referrer", "postcode", "NT3 3DX") in said(core, row)
    assert said(core, row, status=ClaimStatus.SUPERSEDED) == {("referrer", "postcode", "NT3 3DW")}
    before = [each.id for each in claims_of(core, row) if each.status == ClaimStatus.PROPOSED]
    read_as(core, part, "\n" + LETTER.replace("NT3 3DW", "NT3 3DX"))
    assert [each.id for each in claims_of(core, row) if each.status == ClaimStatus.PROPOSED] == before
    with core.database.reading() as session:
        text = session.get_one(attachment.Attachment, part).text
    for each in claims_of(core, row):
        place = json.loads(each.place)
        if each.id in before and each.attachment_id:
            assert text[place["from"] : place["to"]] == opened(core.seal, each).words


@ON_SQLITE
async def test_words_of_a_scan_have_their_box_and_words_of_a_recording_their_seconds(core: Core) -> None:
    row = await a_referral(core, "Two parts")
    written = tuple(
        WrittenWord(text=word, box=(0.1 * at, 0.1, 0.1 * at + 0.08, 0.2), confidence=0.5)
        for at, word in enumerate(["My", "son", "Albie", "Crane", "cries"])
    )
    line = Segment(text="My son Albie Crane cries", page=3, box=(0, 0.1, 0.5, 0.2), confidence=0.5, written=written)
    a_part(core, row, line.text, segments=(line,))
    (scan,) = [each for each in claims_of(core, row) if each.field == "name"]
    assert json.loads(scan.place) == {"from": 7, "to": 18, "page": 3, "box": [0.2, 0.1, 0.38, 0.2]}
    assert scan.confidence < 0.5
    words = tuple(
        Word(text=f" {word}", start=float(at), end=at + 0.5, confidence=0.9)
        for at, word in enumerate(["My", "daughter", "Mina", "Shaw"])
    )
    heard = Segment(text="My daughter Mina Shaw", start=0.0, end=4.0, confidence=0.9, words=words)
    a_part(core, row, heard.text, segments=(heard,), name="b.wav")
    (sound,) = [each for each in claims_of(core, row) if each.value == "Mina Shaw"]
    assert json.loads(sound.place) == {"from": 12, "to": 21, "start": 2.0, "end": 3.5}


@ON_SQLITE
async def test_what_a_person_types_in_place_of_a_machine_is_looked_at_too(core: Core) -> None:
    row = await a_referral(core, "A letter came")
    part = a_part(core, row, "My son A1bie Crone\n")
    with core.database.transaction() as session:
        version = versions.add_typed(session, part, "My son Albie Crane", who="sam", at=core.clock())
        core.proposing.keep_of_typed(session, version)
    assert ("child", "name", "Albie Crane") in said(core, row)


@ON_SQLITE
async def test_our_own_form_proposes_nothing_beside_its_answers(core: Core) -> None:
    form = filled.word({"child.1.given_name": "Alfie", "concern.words": CONCERN})
    reference = await filled.receive(core, filled.a_mail(("f.docx", form)))
    with core.database.reading() as session:
        row = referral.by_reference(session, reference)
        found = claim.of_referrals(session, [row.id or 0]) if row else []
    assert {each.extractor for each in found} == {"standard form 1"}


@ON_SQLITE
async def test_the_subject_of_a_mail_is_looked_at_beside_its_text(core: Core) -> None:
    raw = a_mail("Albie was crying again last night.")
    titled = a_message(
        raw.body.replace(b"A worry", b"Re: Albie Crane, aged 6"), channel="email", media_type=raw.media_type
    )
    row = await receive(core, titled)
    assert said(core, row) == {("child", "name", "Albie Crane"), ("child", "age", "6")}
    assert {json.loads(each.place)["within"] for each in claims_of(core, row)} == {"subject"}
    with core.database.reading() as session:
        (kept,) = message.of_referrals(session, [row.id or 0])
    for each in claims_of(core, row):
        place = json.loads(each.place)
        assert kept.subject[place["from"] : place["to"]] == opened(core.seal, each).words


@ON_SQLITE
async def test_many_files_full_of_names_propose_no_more_than_a_person_could_settle(core: Core) -> None:
    row = await receive(core, a_mail("Six long lists are enclosed."))
    for part in range(6):
        a_part(core, row, "".join(f"son {name}, " for name in _names(part)), name=f"{part}.pdf")
    assert len(said(core, row)) == MOST_UNSETTLED
    with core.database.transaction() as session:
        for each in claim.of_referrals(session, [row.id or 0])[:60]:
            each.status = ClaimStatus.REJECTED
            session.add(each)
    a_part(core, row, "".join(f"son {name}, " for name in _names(7)), name="7.pdf")
    assert len(said(core, row)) == MOST_UNSETTLED


def _names(part: int) -> list[str]:
    return [f"{'BCDFGHKL'[part]}{one}{two}x" for one in "aeiouy" for two in "abcdfghklmnoprst"]
