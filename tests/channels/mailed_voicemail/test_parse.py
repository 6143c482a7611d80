"""Mails as telephone systems write them: each is the voicemail it tells of, and nothing is made of what is none."""

from __future__ import annotations

import time
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Address, AddressClass, Answerable, Inbound, RawMessage
from channels.mailed_voicemail import CARRIER, MailedVoicemail, VoicemailBox
from channels.mailed_voicemail.caller import dialled
from channels.mailed_voicemail.parse import BY_MACHINE, MISSED_CALL, NO_SOUND, NOT_OUR_SYSTEM, WHO_RANG, WITHHELD
from tests.fakes import MovableClock

SAMPLES = Path(__file__).parents[2] / "samples" / "voicemail_mail"
MAILBOX = "voicemail@northshire.example"
MOBILE = Address(kind=AddressClass.MOBILE, value="+447700900123")
LANDLINE = Address(kind=AddressClass.LANDLINE, value="+441632960123")
OWN_MAIL = Inbound(sender=Address(kind=AddressClass.EMAIL, value="sam@example.org"), text="read as any mail")
SYSTEMS = {
    "asterisk": (MOBILE, "Ann Example", "42", "100"), "freepbx": (LANDLINE, "", "65", "100"),
    "cisco_unity": (MOBILE, "ANN EXAMPLE", "17", None), "exchange_um": (MOBILE, "Ann Example", "25", None),
    "teams": (MOBILE, "", "31", None), "three_cx": (MOBILE, "Ann Example", "72", "801"),
    "avaya": (MOBILE, "", "12", None), "mitel": (LANDLINE, "", "65", "2400"), "gamma": (MOBILE, "", "38", None),
    "eight_by_eight": (MOBILE, "", "9", None),
}  # fmt: skip


def a_box(**given: object) -> VoicemailBox:
    return replace(VoicemailBox(clock=MovableClock(), mailbox=MAILBOX), **given)  # type: ignore[arg-type]


def a_mail(body: bytes, *, to: str = MAILBOX, frm: str = "asterisk@pbx.example.org") -> RawMessage:
    envelope = {"rcpt_to": to, "mail_from": frm}
    return RawMessage(channel="email", source_key="k", body=body, media_type="message/rfc822", envelope=envelope)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def read(body: bytes, box: VoicemailBox | None = None, **given: str) -> Inbound:
    box = box or a_box()
    found = MailedVoicemail(box, read_mail=lambda _: OWN_MAIL).parse(box.sorted(a_mail(body, **given)))
    assert isinstance(found, Inbound)
    return found


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_system_tells_who_rang_for_how_long_and_brings_the_sound(system: str) -> None:
    sender, name, seconds, mailbox = SYSTEMS[system]
    found = read(sample(system), a_box(senders=("@pbx.example.org",)))
    assert (found.sender, found.sender_name) == (sender, name)
    assert (found.facts.get("recording_seconds"), found.facts.get("called")) == (seconds, mailbox)
    (sound,) = found.enclosures
    assert sound.media_type.startswith("audio/") and sound.content and sound.name.startswith("recording-1.")
    assert (found.by_hand, found.cannot_answer, found.answered_by_door) == ("", "", None)
    assert found.answerable is Answerable.YES and not found.reply_handle and not found.replies_to


def test_where_our_system_is_not_known_nobody_is_texted_for_whoever_writes_to_the_mailbox() -> None:
    assert read(sample("asterisk")).by_hand == NOT_OUR_SYSTEM


@pytest.mark.parametrize("system", SYSTEMS)
def test_who_rang_stands_nowhere_in_what_was_said(system: str) -> None:
    found = read(sample(system))
    said = "".join(found.text.split()) + "".join(each.name for each in found.enclosures)
    assert "900123" not in said.replace("-", "") and "960123" not in said.replace("-", "")
    assert "Ann" not in found.text and "ANN" not in found.text


def test_nothing_is_made_of_what_such_a_carrier_cannot_do() -> None:
    assert tuple(CARRIER.lacks()) == ("live calls", "keys", "live sound", "reference read out")
    for path in SAMPLES.glob("*.eml"):
        found = read(path.read_bytes())
        assert found.answered_by_door is None and not any(each.handle for each in found.enclosures)
        assert not found.facts.keys() & {"asked_for", "language", "child_told_us"}


@pytest.mark.parametrize("name", ["withheld", "withheld_by_word"])
def test_a_number_withheld_is_said_to_be_and_nobody_is_told(name: str) -> None:
    found = read(sample(name))
    assert found.sender.kind is AddressClass.WITHHELD
    assert "The number was withheld." in found.text and found.cannot_answer == WITHHELD
    assert found.enclosures and found.facts["recording_seconds"] == "8"


def test_a_caller_nobody_names_is_a_persons_to_find() -> None:
    found = read(sample("nobody_named"))
    assert (found.sender.kind, found.by_hand) == (AddressClass.NONE, WHO_RANG)
    assert "does not say who rang" in found.text


def test_without_its_sound_it_is_still_a_voicemail_and_a_person_hears_it_where_it_is() -> None:
    found = read(sample("no_sound"))
    assert (found.sender, found.by_hand, found.enclosures) == (MOBILE, NO_SOUND, ())
    assert "without the sound" in found.text and "07700" not in found.text


def test_a_missed_call_is_a_contact_too() -> None:
    words = b"From: x@pbx.example.org\nSubject: Missed call from 07700 900123\n\nYou missed a call.\n"
    found = read(words)
    assert (found.sender, found.by_hand, found.facts["recording"]) == (MOBILE, MISSED_CALL, "absent")
    assert found.text.startswith("Rang the telephone system. No message was left.")


def test_the_systems_own_transcript_is_kept_and_said_to_be_a_machines() -> None:
    found = read(sample("teams"))
    opening, _, words = found.text.partition(f"{BY_MACHINE}\n")
    assert opening == "Left on the telephone system, 31 seconds.\n\n"
    assert words.startswith("Hello this is about the family next door they shout every night.")
    assert found.facts["words_by"] == "machine"


@pytest.mark.parametrize("name", ["a_person_answers", "out_of_office"])
def test_a_mail_that_is_no_voicemail_is_read_as_the_mail_it_is(name: str) -> None:
    assert read(sample(name)) == OWN_MAIL


def test_what_our_system_mails_is_voicemail_whatever_it_says() -> None:
    found = read(sample("out_of_office"), a_box(senders=("@example.org",)))
    assert found.by_hand == NO_SOUND


@pytest.mark.parametrize(
    ("sender", "by_hand"),
    [("asterisk@pbx.example.org", ""), ("ASTERISK@PBX.example.org", ""), ("a@evil.example.com", NOT_OUR_SYSTEM)],
)
def test_where_our_system_is_known_a_stranger_cannot_have_us_text_anybody(sender: str, by_hand: str) -> None:
    body = sample("asterisk").replace(b"From: Asterisk PBX <asterisk@pbx.example.org>", f"From: <{sender}>".encode())
    found = read(body, a_box(senders=("asterisk@pbx.example.org",)), frm=sender)
    assert (found.sender, found.by_hand) == (MOBILE, by_hand)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("07700900123", "+447700900123"), ("+44 7700 900123", "+447700900123"), ("00447700900123", "+447700900123"),
        ("447700900123", "+447700900123"), ("907700900123", "+447700900123"), ("+44 (0)7700 900123", "+447700900123"),
        ("(01632) 960123", "+441632960123"), ("+44 (1632) 960123", "+441632960123"),
        ("0033 1 23 45 67 89", "+33123456789"), ("100", ""),
        ("20261123095811", ""), ("2026-11-23 09", ""), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_dialled_as_systems_write_them(written: str, value: str) -> None:
    assert dialled(written).value == value


def plain(subject: str, words: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "pbx@pbx.example.org", subject
    mail.set_content(words)
    mail.add_attachment(b"RIFF\x00\x00\x00\x00WAVE", maintype="audio", subtype="wav", filename="a.wav")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Duration: 42", "42"), ("Duration: 00:01:05", "65"), ("Length: 1:05", "65"), ("(2 min 3 sec)", "123"),
        ("2 minutes", "120"), ("1 hour, 1 minute and 1 second", "3661"),
        ("you were left a 1:00:01 long message", "3601"),
        ("0 seconds", "0"), ("at 09:58 on Monday", None), ("ring back in the morning", None),
    ],
)  # fmt: skip
def test_how_long_they_spoke_is_read_however_it_is_written(words: str, seconds: str | None) -> None:
    found = read(plain("New voicemail from 07700900123", words))
    got = found.facts.get("recording_seconds")
    assert (got or None) == (None if seconds == "0" else seconds)


@settings(max_examples=150, deadline=None)
@given(
    subject=st.text(max_size=60), words=st.text(max_size=200), lead=st.sampled_from(["", "New voicemail from ", "Re: "])
)
def test_no_words_of_any_kind_break_it(subject: str, words: str, lead: str) -> None:
    body = f"From: x@pbx.example.org\nSubject: {lead}{subject}\n\n{words}".encode("utf-8", "surrogatepass")
    first, second = read(body), read(body)
    assert first == second


@pytest.mark.parametrize(
    "words",
    ["\n" * 300_000, "from " * 60_000, "1 " * 150_000 + "a", "(" * 300_000, "5 h" + " " * 300_000, "-" * 300_000],
)
def test_a_mail_made_to_be_slow_is_read_at_once(words: str) -> None:
    began = time.perf_counter()
    read(plain("New voicemail from " + "0 " * 4_000 + "x", words))
    assert time.perf_counter() - began < 3.0
