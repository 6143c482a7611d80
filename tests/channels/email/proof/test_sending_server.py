"""SPF says whether a domain sends by the server that brought a mail, within the limits of RFC 7208."""

from __future__ import annotations

import pytest

from channels.email.proof.sending_server import Sent, sent_by_its_own
from tests.channels.email.proof.zone import SERVER, Zone

SCHOOL = "school.example"


def result(zone: Zone, *, mail_from: str = f"jo@{SCHOOL}", peer: str = SERVER, helo: str = "mx.school.example") -> str:
    return sent_by_its_own(Sent(peer=peer, helo=helo, mail_from=mail_from), zone.questions())


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
        ("v=spf1 a mx -all", "pass"),
        ("v=spf1 include:servers.example -all", "pass"),
        ("v=spf1 redirect=servers.example", "pass"),
        ("v=spf1 ptr:school.example -all", "fail"),
        ("v=spf1 -all", "fail"),
        ("v=spf1 ~all", "softfail"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("v=spf1 ip4:999.0.0.1 -all", "permerror"),
        ("v=spf1 nonsense -all", "permerror"),
        ("v=spf1 include:nothing.example -all", "permerror"),
        ("v=spf10 -all", "none"),
    ],
)
def test_what_a_record_says_of_the_server_that_brought_it(record: str, expected: str) -> None:
    zone = Zone({
        (SCHOOL, "TXT"): [record], (SCHOOL, "A"): ["198.51.100.1"], (SCHOOL, "MX"): ["20 b.example", "10 mx.example"],
        ("mx.example", "A"): [SERVER], ("b.example", "A"): ["198.51.100.2"],
        ("servers.example", "TXT"): ["other words", "v=spf1 ip4:192.0.2.7 -all"],
    })  # fmt: skip
    assert result(zone) == expected


def test_nothing_and_two_records() -> None:
    assert result(Zone({})) == "none"
    assert result(Zone({(SCHOOL, "TXT"): ["v=spf1 -all", "v=spf1 +all"]})) == "permerror"


def test_more_than_ten_lookups_and_more_than_two_empty_ones_are_an_error_of_the_record() -> None:
    includes = " ".join(f"include:n{place}.example" for place in range(11))
    zone = Zone({(SCHOOL, "TXT"): [f"v=spf1 {includes} -all"]} | {
        (f"n{place}.example", "TXT"): ["v=spf1 ip4:198.51.100.1 -all"] for place in range(11)
    })  # fmt: skip
    assert result(zone) == "permerror" and len(zone.asked) <= 12
    empty = " ".join(f"a:e{place}.example" for place in range(4))
    assert result(Zone({(SCHOOL, "TXT"): [f"v=spf1 {empty} -all"]})) == "permerror"


def test_a_record_that_leads_round_in_circles_ends() -> None:
    zone = Zone({(SCHOOL, "TXT"): [f"v=spf1 include:{SCHOOL} -all"]})
    assert result(zone) == "permerror" and len(zone.asked) < 40


def test_a_null_sender_is_judged_by_the_name_the_server_gave() -> None:
    zone = Zone({("mx.school.example", "TXT"): [f"v=spf1 ip4:{SERVER} -all"]})
    assert result(zone, mail_from="<>") == "pass"
    assert Sent(peer=SERVER, helo="MX.School.Example.", mail_from="<>").domain == "mx.school.example"


def test_servers_with_long_addresses_and_domains_in_other_scripts() -> None:
    zone = Zone({("xn--schle-mva.example", "TXT"): ["v=spf1 ip6:2001:db8::/32 -all"]})
    assert result(zone, mail_from="jo@schüle.example", peer="2001:db8::7") == "pass"
    assert result(zone, mail_from="jo@schüle.example", peer="2001:db9::7") == "fail"


@pytest.mark.parametrize(
    ("mail_from", "helo"),
    [("", ""), ("jo", ""), ("@", "x"), ("jo@" + "a" * 300, "x"), ("jo@..", "\x00"), ("a@b@c", "[")],
)
def test_any_envelope_gets_an_answer(mail_from: str, helo: str) -> None:
    assert result(Zone({}), mail_from=mail_from, helo=helo) in ("none", "permerror")


def test_a_name_service_that_is_away_says_nothing() -> None:
    zone = Zone({})
    zone.is_away = True
    assert result(zone) == "temperror"
