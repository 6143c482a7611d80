"""How an address of ours is tried is told from what its fragment says, not from how it is written."""

from __future__ import annotations

import pytest

from channels.twilio_account.overrides import RETRY, overrides, tried_alike
from tests.channels.twilio_account.signed import PUBLIC, account

OURS = f"{PUBLIC}/twilio/voice#{overrides('dublin')}"


@pytest.mark.parametrize(
    ("fragment", "is_alike"),
    [
        (overrides("dublin"), True),
        ("e=dublin&tt=12000&rt=4000&ct=2000&rp=5xx,rt,ct&rc=2", True),
        (overrides("dublin") + "&sni=y", True),
        (RETRY, False),
        (overrides("ashburn"), False),
        (overrides("dublin").replace("rp=ct,rt,5xx", "rp=ct"), False),
        (overrides("dublin").replace("rc=2", "rc=0"), False),
        ("", False),
        ("retry", False),
    ],
)
def test_an_address_is_tried_as_ours_only_with_every_override(fragment: str, is_alike: bool) -> None:
    assert tried_alike(f"{PUBLIC}/twilio/voice#{fragment}", OURS) is is_alike


def test_where_no_edge_is_set_any_is_left_as_it_is() -> None:
    assert tried_alike(OURS, f"{PUBLIC}/twilio/voice#{overrides()}")


def test_every_address_bears_how_it_is_tried_and_from_where() -> None:
    assert account(edge="dublin").address("/twilio/sms") == f"{PUBLIC}/twilio/sms#{RETRY}&e=dublin"
    assert account().address("/twilio/sms?notice=1") == f"{PUBLIC}/twilio/sms?notice=1#{RETRY}"


@pytest.mark.parametrize("edge", ["Dublin", "dublin&rc=0", "dublin ix"])
def test_an_edge_that_is_no_name_is_refused(edge: str) -> None:
    with pytest.raises(ValueError, match="edge"):
        account(edge=edge)
