"""Who really sent a mail, put together from all that can be found out, and never at the cost of the mail."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from channels.contract import Answerable, Inbound, Proof
from channels.email.proof import Names, SenderChecks, When, proof_in
from channels.email.proof.bearable import MOST_BYTES, TOO_LARGE
from tests.channels.email.northshire import a_mail, as_kept, email_channel
from tests.channels.email.proof.test_signatures import a_list_mail
from tests.channels.email.proof.zone import OTHER_SERVER, SERVER, Zone, a_key, a_zone, proof_of, signed

MAIL = a_mail("Please look at this child.\r\n", From="Jo <jo@school.example>")
REJECT = {"_dmarc__school__example": "v=DMARC1; p=reject"}
OWN_SERVER = {"school__example": f"v=spf1 ip4:{SERVER} -all"}


async def test_a_signature_of_the_authors_own_domain_proves_the_author() -> None:
    proof = await proof_of(signed(MAIL), a_zone(**REJECT), mail_from="bounce@mailer.example")
    assert proof == Proof(
        spf="none", dkim="pass", dmarc="pass", domains=("school.example",), checked_by="frontdoor",
        known_as="school", is_proven=True, claims="school.example", policy="reject",
    )  # fmt: skip


async def test_so_does_the_authors_own_server() -> None:
    proof = await proof_of(MAIL, a_zone(**REJECT, **OWN_SERVER))
    assert (proof.spf, proof.dkim, proof.dmarc, proof.is_proven) == ("pass", "none", "pass", True)


@pytest.mark.parametrize(
    ("policy", "dmarc"), [("none", "fail"), ("quarantine", "fail"), ("reject", "fail"), ("", "none")]
)
async def test_a_stranger_who_writes_in_its_name_proves_nothing(policy: str, dmarc: str) -> None:
    texts = {"_dmarc__school__example": f"v=DMARC1; p={policy}"} if policy else {}
    mail = signed(MAIL, domain="evil.example")
    zone = a_zone(s1___domainkey__evil__example=a_key()[1], evil__example="v=spf1 +all", **OWN_SERVER, **texts)
    proof = await proof_of(mail, zone, mail_from="x@evil.example", peer=f"{OTHER_SERVER}:25")
    assert (proof.spf, proof.dkim, proof.dmarc, proof.is_proven) == ("pass", "pass", dmarc, False)
    assert (proof.domains, proof.known_as, proof.policy) == (("evil.example",), "school", policy)


async def test_a_policy_for_names_below_holds_for_those() -> None:
    mail = a_mail(From="jo@office.school.example")
    zone = a_zone(_dmarc__school__example="v=DMARC1; p=none; sp=reject")
    proof = await proof_of(mail, zone, mail_from="jo@evil.example")
    assert (proof.dmarc, proof.policy, proof.claims) == ("fail", "reject", "office.school.example")


async def test_a_strict_domain_is_not_proven_by_a_relative() -> None:
    mail = a_mail(From="jo@mail.school.example")
    texts = {"_dmarc__mail__school__example": "v=DMARC1; p=reject; adkim=s"}
    assert (await proof_of(signed(mail), a_zone())).is_proven
    assert not (await proof_of(signed(mail), a_zone(**texts))).is_proven


@pytest.mark.parametrize(
    "authors",
    ["jo@school.example, al@evil.example", "Jo", "undisclosed:;", "jo@school.example\r\nFrom: al@evil.example"],
)
async def test_a_mail_without_one_clear_author_is_nobodys(authors: str) -> None:
    proof = await proof_of(signed(a_mail(From=authors)), a_zone(**REJECT))
    assert (proof.claims, proof.dmarc, proof.is_proven, proof.known_as) == ("", "permerror", False, "")


async def test_an_author_in_another_script_is_compared_as_machines_write_it() -> None:
    mail = signed("From: jo@schüle.example\r\n\r\nHello\r\n".encode(), domain="xn--schle-mva.example")
    zone = a_zone(**{"s1___domainkey__xn--schle-mva__example": a_key()[1]})
    proof = await proof_of(mail, zone)
    assert (proof.claims, proof.is_proven) == ("xn--schle-mva.example", True)


async def test_a_mailing_list_is_told_by_its_seals_and_proves_no_author() -> None:
    zone = a_zone(s1___domainkey__lists__example=a_key()[1], **REJECT)
    proof = await proof_of(a_list_mail(), zone, mail_from="list@lists.example", peer=f"{OTHER_SERVER}:25")
    assert (proof.dkim, proof.arc, proof.dmarc, proof.is_proven) == ("fail", "pass", "fail", False)


async def test_a_name_service_that_is_away_leaves_it_open() -> None:
    zone = a_zone(**REJECT)
    zone.is_away = True
    proof = await proof_of(signed(MAIL), zone, mail_from="x@evil.example")
    assert (proof.spf, proof.dkim, proof.dmarc) == ("temperror",) * 3
    assert proof.unchecked == "the name service did not answer" and len(zone.asked) == 2


async def test_half_an_answer_is_no_failure() -> None:
    class HalfAway(Zone):
        def __call__(self, name: str, kind: str, seconds: float) -> list[bytes]:
            self.is_away = "_domainkey" in name
            return list(super().__call__(name, kind, seconds))

    mail = signed(MAIL)
    zone = HalfAway(a_zone(**REJECT).records)
    proof = await proof_of(mail, zone, mail_from="x@evil.example")
    assert proof.dmarc == "temperror" and not proof.is_proven


@pytest.mark.parametrize("peer", ["127.0.0.1:25", "10.1.2.3:25", "::1:25", "fd00::1:25", "172.20.0.1:25", "imap", ""])
async def test_mail_that_no_server_from_outside_brought_makes_nobody_ask(peer: str) -> None:
    zone = a_zone()
    proof = await proof_of(signed(MAIL), zone, peer=peer)
    assert (proof.checked_by, proof.unchecked, zone.asked) == ("", "no server from outside brought it", [])
    asked = await proof_of(signed(MAIL), zone, peer=peer, when=When.YES)
    assert (asked.spf, asked.dkim, asked.is_proven) == ("", "pass", True)
    assert (await proof_of(signed(MAIL), zone, when=When.NO)).unchecked == "the checks are switched off"


async def test_a_very_large_mail_is_not_searched_for_signatures_and_that_is_said() -> None:
    mail = signed(MAIL) + b"x" * MOST_BYTES
    proof = await proof_of(mail, a_zone(**REJECT, **OWN_SERVER))
    assert (proof.dkim, proof.spf, proof.is_proven, proof.unchecked) == ("", "pass", True, TOO_LARGE)
    foreign = await proof_of(mail, a_zone(**REJECT), mail_from="x@evil.example")
    assert (foreign.dmarc, foreign.unchecked) == ("temperror", TOO_LARGE)


async def test_answers_that_never_come_do_not_hold_the_mail_up() -> None:
    is_over = threading.Event()

    def hangs(name: str, kind: str, seconds: float) -> list[bytes]:
        is_over.wait(5)
        return []

    checks = SenderChecks(names=Names(hangs), known_as=lambda _: "", patience=0.1)
    proof = proof_in((await checks.prove(as_kept(MAIL))).envelope)
    is_over.set()
    checks.close()
    assert proof is not None and proof.unchecked == "the answers did not come in time"


async def test_a_check_that_breaks_leaves_the_mail_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    def broken(domain: str) -> str:
        raise ZeroDivisionError(domain)

    checks, raw = SenderChecks(names=Names(Zone({})), known_as=broken), as_kept(MAIL)
    assert await checks.prove(replace(raw, envelope={})) == replace(raw, envelope={})
    assert "ZeroDivisionError" in caplog.text and "school" not in caplog.text


async def test_reading_takes_it_from_the_envelope_and_asks_nobody() -> None:
    zone = a_zone(**REJECT)
    checks = SenderChecks(names=Names(zone), known_as=lambda _: "")
    channel = email_channel(checks=checks)
    proven = await channel.prove(as_kept(signed(MAIL), mail_from="x@evil.example"))
    asked = len(zone.asked)
    first, again = channel.parse(proven), channel.parse(proven)
    assert isinstance(first, Inbound) and first == again and len(zone.asked) == asked
    assert first.proof is not None and first.proof.is_proven and first.answerable is Answerable.YES
    assert json.loads(proven.envelope["proof"])["claims"] == "school.example"
    forged = channel.parse(await channel.prove(as_kept(MAIL, mail_from="x@evil.example")))
    assert isinstance(forged, Inbound) and forged.answerable is Answerable.PERHAPS
    assert (await email_channel().prove(as_kept(MAIL))).envelope.keys().isdisjoint({"proof"})
    await channel.close()


@pytest.mark.parametrize(
    "mail", [b"", b"\r\n", b"\x00" * 100, b"From: \xff\xfe\r\n\r\n", b"From:" + b" (" * 5000, b"DKIM-Signature:"]
)
async def test_any_bytes_get_an_answer(mail: bytes) -> None:
    assert not (await proof_of(mail, a_zone())).is_proven
