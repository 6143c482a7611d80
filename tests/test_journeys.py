"""From the wire to the queue to the notice, one journey a channel, through the real doors."""

import hashlib
import json
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from gateway import working_days
from gateway.demo.twilio_sim import HangUp, Silent, Speak, read_wav
from tests.house import House, a_house

VOICEMAILS = Path(__file__).parent / "samples" / "voicemails"


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with a_house(tmp_path, database_url) as opened:
        yield opened


def receipt(referral: Any) -> Any:
    return next(n for n in referral["notices"] if n["kind"] == "receipt")


def acknowledged(referrals: list[Any], count: int = 1) -> bool:
    return len(referrals) == count and all(
        any(n["kind"] == "receipt" and n["state"] in ("sent", "delivered", "cancelled") for n in r["notices"])
        for r in referrals
    )


def a_mail(words: str = "I am worried about the boy at the blue door.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "A Neighbour <a@example.org>", "referrals@northshire.example"
    mail["Subject"], mail["Message-ID"] = "Worried", "<first@example.org>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


async def test_a_mail_is_in_the_queue_and_its_sender_is_told(house: House) -> None:
    mail = a_mail()
    answer = await house.mail(mail)
    (referral,) = await house.settled(acknowledged)
    assert referral["reference"] in answer
    raw = await house.web.get(
        f"/api/v1/messages/{referral['messages'][0]['id']}/raw",
        headers={"Authorization": "Bearer administrator-for-tests"},
    )
    assert hashlib.sha256(raw.content).hexdigest() == referral["messages"][0]["sha256"]
    assert "blue door" in referral["text"]
    told = message_from_bytes(house.relayed[0], policy=policy.default)
    assert told["Auto-Submitted"] == "auto-replied"
    assert told["In-Reply-To"] == "<first@example.org>"
    assert referral["reference"] in str(told["Subject"])
    assert receipt(referral)["state"] == "sent"
    assert "blue door" not in house.relayed[0].decode()
    at = house.core.clock().fromisoformat(referral["received_at"])
    assert house.core.clock().fromisoformat(referral["look_by"]) == working_days.look_by(at)


async def test_a_reply_to_our_acknowledgement_joins_its_referral(house: House) -> None:
    await house.mail(a_mail())
    (first,) = await house.settled(acknowledged)
    told = message_from_bytes(house.relayed[0], policy=policy.default)
    await house.mail(a_mail("He has a bruise.", Message_ID="<second@example.org>", In_Reply_To=str(told["Message-ID"])))
    (joined,) = await house.settled(lambda rs: len(rs) == 1 and len(rs[0]["messages"]) == 2)
    assert joined["reference"] == first["reference"]
    assert "bruise" in joined["text"]


async def test_a_text_is_answered_discreetly_and_its_delivery_is_known(house: House) -> None:
    await house.sim.sms("/twilio/sms", "The baby next door cries all night", frm="+447700900123")
    (referral,) = await house.settled(
        lambda rs: len(rs) == 1 and any(n["state"] == "delivered" for n in rs[0]["notices"])
    )
    assert referral["sender"] == {"class": "mobile", "address": "+447700900123"}
    assert "child" not in receipt(referral)["text"].lower()
    assert referral["reference"] in receipt(referral)["text"]


async def test_a_text_that_continues_the_talk_joins(house: House) -> None:
    await house.sim.sms("/twilio/sms", "It is number 12", frm="+447700900123")
    await house.settled(acknowledged)
    await house.sim.sms("/twilio/sms", "And he hit her", frm="+447700900123")
    (joined,) = await house.settled(lambda rs: len(rs) == 1 and len(rs[0]["messages"]) == 2)
    assert len([n for n in joined["notices"] if n["kind"] == "receipt"]) == 1


async def test_a_voicemail_is_told_its_reference_and_its_words_are_read(house: House) -> None:
    wav = VOICEMAILS / "vm00.wav"
    call = await house.sim.call("/twilio/voice", [Speak(read_wav(wav)), Silent(30)], frm="+447700900124")
    words = (VOICEMAILS / "vm00.txt").read_text().strip()
    (referral,) = await house.settled(
        lambda rs: acknowledged(rs) and any(p["text_state"] == "done" for p in rs[0]["parts"]), 60
    )
    heard = " ".join(call.heard)
    assert referral["channel"] == "voicemail"
    assert "for" in heard
    assert "application error" not in heard
    assert words in referral["text"]
    assert receipt(referral)["channel"] == "voice"
    assert receipt(referral)["state"] in ("sent", "delivered")


async def test_a_withheld_caller_who_hangs_up_is_a_contact_with_its_reason(house: House) -> None:
    await house.sim.call("/twilio/voice", [HangUp(at=4)], frm=None)
    (referral,) = await house.settled(acknowledged)
    assert referral["channel"] == "phone"
    assert referral["sender"]["class"] == "withheld"
    assert "withheld" in receipt(referral)["reason"]


async def test_a_scanned_letter_is_answered_by_a_letter_to_print(house: House) -> None:
    scan = Path(__file__).parent / "samples" / "letters"
    source = next(iter(sorted(scan.glob("*.pdf"))))
    (house.scans / "post.pdf").write_bytes(source.read_bytes())
    (referral,) = await house.settled(acknowledged, 30)
    assert referral["messages"][0]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert not list(house.scans.iterdir())
    assert receipt(referral)["channel"] == "letter"
    assert len(list(house.core.settings.letters_dir.glob("*.pdf"))) == 1


async def test_a_web_form_with_one_sentence_is_enough(house: House) -> None:
    page = await house.web.post(
        "/report", data={"concern": "please check on the kids next door"}, follow_redirects=True
    )
    (referral,) = await house.settled(acknowledged)
    assert referral["reference"] in page.text
    assert referral["child_known"] is False
    assert receipt(referral)["channel"] == "web"


async def test_a_call_takers_note_is_a_referral(house: House) -> None:
    answer = await house.web.post(
        "/api/v1/notes",
        json={"text": "A man rang about shouting", "callback": "07700 900125", "for_worker": "Sam Example"},
        headers={"Authorization": "Bearer administrator-for-tests"},
    )
    assert answer.status_code == 201
    (referral,) = await house.settled(acknowledged)
    assert referral["kind"] == "message_for_worker"
    assert receipt(referral)["channel"] == "voice"


async def test_work_from_received_to_closed_tells_the_sender_each_step(house: House) -> None:
    await house.mail(a_mail())
    (referral,) = await house.settled(acknowledged)
    reference = referral["reference"]
    assert (await house.do(reference, "close", reason="done")).status_code == 409
    assert (await house.do(reference, "open")).status_code == 200
    assert (await house.do(reference, "rate", severity="amber", reason="A bruise")).status_code == 200
    assert (await house.do(reference, "decide", code="nfa", reason="Known and safe")).status_code == 422
    decided = await house.do(reference, "decide", code="nfa", reason="Known and safe", level=2, agreed_by="jo")
    assert decided.status_code == 200
    assert (await house.do(reference, "close", reason="Told")).status_code == 200
    await house.settled(lambda rs: sum(n["state"] == "sent" for n in rs[0]["notices"]) == 3)
    kinds = [n["kind"] for n in (await house.api(f"referrals/{reference}"))["notices"]]
    assert kinds == ["receipt", "looked_at", "closed"]


async def test_a_forged_webhook_is_refused_and_keeps_nothing(house: House) -> None:
    """Posted by a stranger: what the provider itself has in its list would be recalled, and rightly."""
    forged = {"MessageSid": "SM" + "0" * 32, "From": "+447700900123", "To": "+441632960000", "Body": "forged"}
    answer = await house.web.post("/twilio/sms", data=forged, headers={"X-Twilio-Signature": "bm90IHNpZ25lZA=="})
    assert answer.status_code == 403
    assert await house.api("referrals") == []


@pytest.mark.parametrize("name", ["broken.pdf", "empty.pdf"])
async def test_a_scan_that_cannot_be_read_stands_in_the_queue_with_its_bytes(house: House, name: str) -> None:
    body = b"%PDF-1.7 broken" if name == "broken.pdf" else b""
    (house.scans / name).write_bytes(body)
    (referral,) = await house.settled(
        lambda rs: len(rs) == 1 and [p["text_state"] for p in rs[0]["parts"]] == ["failed"], 60
    )
    assert referral["messages"][0]["sha256"] == hashlib.sha256(body).hexdigest()
    assert json.dumps(referral["parts"][0]["note"])


async def test_a_mail_of_random_bytes_stands_in_the_queue_as_unreadable(house: House) -> None:
    body = bytes(range(256)) * 20
    await house.mail(body.replace(b"\r", b"").replace(b"\n", b""))
    (referral,) = await house.settled(lambda rs: len(rs) == 1 and bool(rs[0]["parts"]))
    assert referral["parts"][0]["text_state"] == "failed"
    assert any(n["kind"] == "staff_task" for n in referral["notices"])
