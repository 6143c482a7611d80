"""Only our own border server is believed, in whichever form it writes what it found."""

from __future__ import annotations

import time

import pytest

from channels.email.proof.author import header_of
from channels.email.proof.border import Border, address_of, border_of
from channels.email.proof.weighing import by_the_border
from tests.channels.email.northshire import a_mail
from tests.channels.email.proof.zone import Zone, proof_of

BORDER = Border(name="mx.northshire.example")
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=school.example; dkim=pass (signature was verified)"
    " header.d=school.example;dmarc=pass action=none header.from=school.example;compauth=pass reason=100"
)
RECEIVED = "Received: from a by mx.northshire.example; Mon, 23 Nov 2026 10:15:00 +0000\r\n"


def found(*fields: str, border: Border = BORDER) -> dict[str, str]:
    header = header_of("".join(fields).encode() + a_mail())
    return {each.method: each.result for each in border.found(header)}


def results(value: str) -> str:
    return f"Authentication-Results: {value}\r\n"


def test_the_results_of_our_border_are_read() -> None:
    value = (
        "mx.northshire.example 1; spf=pass smtp.mailfrom=school.example;\r\n\tdkim=fail (bad; body) header.d=a.example"
    )
    assert found(results(value)) == {"spf": "pass", "dkim": "fail"}


def test_results_set_one_field_for_each_method_belong_together() -> None:
    fields = (results("mx.northshire.example; dmarc=pass"), results("mx.northshire.example; dkim=pass; spf=none"))
    assert found(*fields) == {"dmarc": "pass", "dkim": "pass", "spf": "none"}


@pytest.mark.parametrize(
    "fields",
    [
        (results("mx.elsewhere.example; dmarc=pass"),),
        (results("mx.northshire.example.evil.example; dmarc=pass"),),
        (results("dmarc=pass header.from=police.example"),),
        (results("(mx.northshire.example) mx.evil.example; dmarc=pass"),),
        ("X-Authentication-Results: mx.northshire.example; dmarc=pass\r\n",),
    ],
)
def test_nobody_else_is_believed(fields: tuple[str, ...]) -> None:
    assert found(*fields) == {}


def test_what_stands_below_the_trace_or_below_anothers_results_was_written_by_a_stranger() -> None:
    forged = results("mx.northshire.example; dkim=pass header.d=police.example")
    assert found(results("mx.northshire.example; spf=none"), RECEIVED, forged) == {"spf": "none"}
    assert found(results("mx.northshire.example; spf=none"), results("x.example; a=b"), forged) == {"spf": "none"}
    assert found(results("mx.northshire.example; dkim=none"), forged) == {"dkim": "none"}


def test_microsoft_365_writes_no_name_and_is_believed_only_where_it_is_the_border() -> None:
    border = Border(name="microsoft365")
    assert found(results(MICROSOFT), border=border) == {
        "spf": "pass", "dkim": "pass", "dmarc": "pass", "compauth": "pass"
    }  # fmt: skip
    assert found(results(MICROSOFT)) == {}
    assert found(results("mx.northshire.example; dmarc=fail"), border=border) == {}
    assert found(results("spf=none"), results("dmarc=pass"), border=border) == {"spf": "none"}


@pytest.mark.parametrize(
    "value",
    [
        "mx.northshire.example; none", "mx.northshire.example;;;", "mx.northshire.example", "", "; dmarc=pass",
        "mx.northshire.example; dmarc", "mx.northshire.example; =pass",
        'mx.northshire.example; x="dmarc=pass; spf=pass"', "mx.northshire.example; (dmarc=pass",
        "mx.northshire.example; \\",
    ],
)  # fmt: skip
def test_nothing_is_read_into_broken_results(value: str) -> None:
    assert not {"dmarc", "spf", "dkim"} & found(results(value)).keys()


def test_spaces_versions_and_quotes_are_allowed_everywhere() -> None:
    value = 'mx.northshire.example; dkim / 1 = PASS reason = "fine; so" header . d = "School.example" (x (y) z)'
    [read] = BORDER.found(header_of(results(value).encode() + a_mail()))
    assert (read.method, read.result, read.properties["header.d"]) == ("dkim", "pass", "School.example")


def test_mail_from_outside_the_borders_networks_did_not_come_by_it() -> None:
    border = border_of("MX.northshire.example.", "192.0.2.0/24, 2001:db8::/32")
    assert border is not None and border.name == "mx.northshire.example"
    peers = ("192.0.2.7:25", "2001:db8::1:25", "::ffff:192.0.2.7:25", "198.51.100.1:25", "127.0.0.1:25")
    assert [border.brought({"peer": peer}) for peer in peers] == [True, True, True, False, False]
    assert BORDER.brought({"peer": "198.51.100.1:25"}) and border_of("  ") is None
    for wrong in (("a b", ""), ("mx.example", "192.0.2.300")):
        with pytest.raises(ValueError, match=r"must be|does not appear"):
            border_of(*wrong)
    assert str(address_of("[::1]:25")) == "::1"


def test_mail_of_our_own_mailboxes_came_by_the_border_and_a_file_that_was_handed_in_did_not() -> None:
    border = border_of("mx.northshire.example", "192.0.2.0/24")
    assert border is not None and border.brought({"peer": "imap"}) and border.brought({"peer": ""})
    assert not border.brought({"name": "forged.eml", "modified": "2026-11-23T10:15:00Z"})
    assert not BORDER.brought({"name": "forged.eml"})


@pytest.mark.parametrize(
    ("said", "is_proven"),
    [
        ("dmarc=pass header.from=school.example", True),
        ("dmarc=pass header.from=evil.example", False),
        ("dmarc=pass", True),
        ("dkim=pass header.d=mail.school.example; dmarc=none", True),
        ("dkim=pass header.i=@school.example", True),
        ("dkim=pass header.d=lists.example; dkim=fail header.d=school.example", False),
        ("dkim=fail header.d=lists.example; dkim=pass header.d=school.example", True),
        ("spf=pass smtp.mailfrom=jo@school.example", True),
        ("spf=pass smtp.mailfrom=evil.example", False),
        ("spf=pass smtp.mailfrom=school.example; dmarc=fail", False),
        ("dkim=none header.d=none; spf=none", False),
    ],
)
def test_whose_domain_the_border_vouches_for(said: str, is_proven: bool) -> None:
    header = header_of(results(f"mx.northshire.example; {said}").encode() + a_mail())
    proof = by_the_border(BORDER.found(header), claims="school.example", border=BORDER.name)
    assert (proof.is_proven, proof.checked_by) == (is_proven, "mx.northshire.example")


@pytest.mark.parametrize(
    ("said", "policy"),
    [
        ("dmarc=fail (p=reject dis=none) header.from=school.example", "reject"),
        ("dmarc=fail policy.published-domain-policy=quarantine", "quarantine"),
        ("dmarc=fail action=none", ""),
        ("spf=none (p=reject); dmarc=fail", ""),
    ],
)
def test_what_the_domain_asks_is_told_where_the_border_tells_it(said: str, policy: str) -> None:
    header = header_of(results(f"mx.northshire.example; {said}").encode() + a_mail())
    assert by_the_border(BORDER.found(header), claims="school.example", border=BORDER.name).policy == policy


@pytest.mark.parametrize(
    "value",
    ["a" * 900_000, "mx.northshire.example;" + "x" * 900_000, "mx.northshire.example; " + "dkim=pass " * 90_000,
     "(" * 900_000, "mx.northshire.example; dmarc=fail (" + "p" * 900_000],
)  # fmt: skip
async def test_endless_results_take_no_time(value: str) -> None:
    begun = time.process_time()
    for fields in (results(value), results(value[:1000]) * 900):
        await proof_of(fields.encode() + a_mail(), Zone({}), border=BORDER)
    assert time.process_time() - begun < 3


async def test_where_a_border_server_is_set_nobody_is_asked() -> None:
    zone = Zone({})
    mail = results("mx.northshire.example; dmarc=pass").encode() + a_mail(From="jo@school.example")
    proof = await proof_of(mail, zone, border=BORDER)
    assert (proof.is_proven, proof.known_as, proof.dmarc, zone.asked) == (True, "school", "pass", [])
    silent = await proof_of(a_mail(From="jo@school.example"), zone, border=BORDER)
    assert (silent.checked_by, silent.unchecked) == ("", "our border server says nothing of it")
    border = border_of("mx.northshire.example", "203.0.113.0/24")
    assert (await proof_of(mail, zone, border=border)).unchecked == "it did not come by our border server"
