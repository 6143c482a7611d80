"""What we put on a notice is recognised when it comes back, and cannot be made by anybody else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.fields import is_message_id, written_address
from channels.email.own import tag_of, token_of, without_tag
from tests.channels.email.northshire import MAILBOX, NOTICE_ID, OWN

OTHER = replace(OWN, loop_key=b"another key")


@given(st.text(min_size=1, max_size=80))
def test_every_mark_of_every_notice_leads_back_to_it(notice_id: str) -> None:
    token = token_of(notice_id)
    assert OWN.token_of_bounce(OWN.bounce_address(notice_id).upper()) == token
    assert OWN.token_of_loop_mark(OWN.loop_mark(notice_id)) == token
    assert OWN.token_of_message_id(OWN.message_id(notice_id)) == token
    assert is_message_id(OWN.message_id(notice_id))
    assert written_address(OWN.bounce_address(notice_id))
    assert len(OWN.bounce_address(notice_id).partition("@")[0]) <= 64


def test_a_notice_id_is_seen_in_its_message_id() -> None:
    assert OWN.message_id(NOTICE_ID).startswith(NOTICE_ID)
    assert OWN.message_id(NOTICE_ID) == OWN.message_id(NOTICE_ID)


@pytest.mark.parametrize(
    "address",
    ["", "bounce@northshire.example", "bounce+@northshire.example", f"bounce+{NOTICE_ID}@northshire.example",
     f"bounce+{NOTICE_ID}-000000000000@northshire.example", OTHER.bounce_address(NOTICE_ID),
     OWN.bounce_address(NOTICE_ID).replace("northshire", "southshire"), OWN.bounce_address(NOTICE_ID)[7:], "é@x"],
)  # fmt: skip
def test_nobody_else_can_make_a_bounce_address(address: str) -> None:
    assert OWN.token_of_bounce(address) is None
    assert not OWN.is_recipient(address)


def test_a_mark_is_good_for_one_purpose_only() -> None:
    tag = OWN.loop_mark(NOTICE_ID).rpartition("-")[2]
    assert OWN.token_of_bounce(f"bounce+{NOTICE_ID}-{tag}@northshire.example") is None
    assert OWN.token_of_message_id(f"{NOTICE_ID}.{tag}@northshire.example") is None


def test_a_mailbox_is_ours_in_any_case_and_with_any_tag() -> None:
    assert OWN.is_recipient(" Referrals+KMR-4729-HX@Northshire.Example ")
    assert OWN.is_own_address(MAILBOX)
    assert OWN.is_own_address(OWN.bounce_address(NOTICE_ID))
    assert not OWN.is_own_address("referrals@elsewhere.example.org")
    assert not OWN.is_own_address("")
    assert (without_tag("A+b+c@X.y"), tag_of("A+b+c@X.y"), tag_of("a@x.y")) == ("a@x.y", "b+c", "")
