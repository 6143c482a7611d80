"""Whatever was said of whichever address: nothing is ever sent where it is stopped, blocked, held, unsafe or tried."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from channels.contract import Address, AddressClass
from gateway.addresses import LOOPS, found_by, home_key
from gateway.coming_back import RETURNED
from gateway.core import Core
from gateway.notices import MEDIUM_OF
from storage import identity
from storage.identity import Identity
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral

LATER_NOTICES = [kind for kind in NoticeKind if kind not in (NoticeKind.RECEIPT, NoticeKind.STAFF_TASK)]
CHANNELS = ("sms", "email", "letter", "voice")
PLACES = (
    Address(kind=AddressClass.MOBILE, value="+447700900123"),
    Address(kind=AddressClass.MOBILE, value="+447700900456"),
    Address(kind=AddressClass.EMAIL, value="jo@example.org"),
    Address(kind=AddressClass.EMAIL, value="sam@example.org"),
    Address(kind=AddressClass.POSTAL, value="2 Example Lane, Northtown, NT1 1AA"),
    Address(kind=AddressClass.LANDLINE, value="+441632960123"),
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one address; days are from now, the past below nothing."""

    ok_for: dict[str, bool]
    words: str | None
    is_stopped: bool
    blocked_days: int | None
    blocked_reason: str
    expires_days: int | None
    is_home: bool
    is_tried: bool
    is_somebody_elses: bool


KNOWN = st.builds(
    Known,
    ok_for=st.dictionaries(st.sampled_from(CHANNELS), st.booleans()),
    words=st.sampled_from([None, "none", "discreet", "open"]),
    is_stopped=st.booleans(),
    blocked_days=st.none() | st.integers(-2, 2).filter(bool),
    blocked_reason=st.sampled_from([RETURNED, LOOPS]),
    expires_days=st.none() | st.integers(-2, 2).filter(bool),
    is_home=st.booleans(),
    is_tried=st.booleans(),
    is_somebody_elses=st.booleans(),
)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONE_CORE = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Undone(Exception):
    """Leaves the database as it was."""


@ONE_CORE
@given(
    known=st.lists(KNOWN, min_size=len(PLACES), max_size=len(PLACES)),
    own=st.integers(0, len(PLACES) - 1) | st.none(),
    channel=st.sampled_from(["sms", "email", "letter", "web_form", "note", "voicemail"]),
    kind=st.sampled_from(LATER_NOTICES),
)
def test_nothing_is_ever_sent_where_it_may_not_be(
    core: Core, known: list[Known], own: int | None, channel: str, kind: NoticeKind
) -> None:
    with pytest.raises(Undone), core.database.transaction() as session:
        people = [_kept(core, session, place, each) for place, each in zip(PLACES, known, strict=True)]
        row = _a_referral(core, session, channel, people[own].id if own is not None else None)
        _linked(core, session, row, people, known, own=own)
        who = people[own] if own is not None else None
        tried = [person.id for person, each in zip(people, known, strict=True) if each.is_tried]
        owed, to = core.reaching.to_sender(session, row, kind, who, tried=tried)
        if owed.state == NoticeState.OWED and owed.channel != "staff" and to is not None:
            place = people.index(to)
            assert owed.channel == MEDIUM_OF[PLACES[place].kind]
            assert not _forbidden(known[place], owed.channel)
            assert not known[place].is_tried
            if place != own:
                assert known[place].ok_for.get(owed.channel) is True
                assert not known[place].is_somebody_elses
                assert (known[place].expires_days or 1) > 0
            asked = Notice(
                referral_id=row.id or 0, kind=kind, channel=owed.channel, identity_id=to.id, due_at=core.clock(),
                created_at=core.clock(),
            )  # fmt: skip
            assert core.reaching.may_send(session, asked) == ""
        elif to is not None or owed.channel != "letter":
            assert owed.channel == "staff" or owed.state in (NoticeState.CANCELLED, NoticeState.SENT)
        raise Undone


@ONE_CORE
@given(each=KNOWN, place=st.integers(0, len(PLACES) - 1))
def test_what_is_learnt_before_sending_withholds_it(core: Core, each: Known, place: int) -> None:
    channel = MEDIUM_OF.get(PLACES[place].kind, "voice")
    with pytest.raises(Undone), core.database.transaction() as session:
        who = _kept(core, session, PLACES[place], each)
        row = _a_referral(core, session, "sms", who.id)
        _linked(core, session, row, [who], [each], own=0, places=[PLACES[place]])
        notice = Notice(
            referral_id=row.id or 0, kind=NoticeKind.CLOSED, channel=channel, identity_id=who.id, due_at=core.clock(),
            created_at=core.clock(),
        )  # fmt: skip
        assert bool(core.reaching.may_send(session, notice)) == _forbidden(each, channel)
        raise Undone


def _forbidden(known: Known, channel: str) -> bool:
    is_blocked = (known.blocked_days or 0) > 0 and known.blocked_reason != LOOPS
    is_stopped = channel == "sms" and known.is_stopped
    is_plain = channel == "letter" and known.words == "discreet"
    return (
        is_plain
        or is_blocked
        or is_stopped
        or known.is_home
        or known.words == "none"
        or known.ok_for.get(channel) is False
    )


def _kept(core: Core, session: Session, place: Address, known: Known) -> Identity:
    now = core.clock()
    who = identity.remember(
        session, core.seal, found_by=found_by(place), address_class=place.kind, value=place.value, name="", at=now
    )
    who.ok_for, who.ok_words = json.dumps(known.ok_for), known.words
    who.texts_stopped_at = now if known.is_stopped else None
    who.blocked_until = now + timedelta(days=known.blocked_days) if known.blocked_days else None
    who.blocked_reason = known.blocked_reason
    who.expires_at = now + timedelta(days=known.expires_days) if known.expires_days else None
    session.add(who)
    return who


def _a_referral(core: Core, session: Session, channel: str, identity_id: str | None) -> Referral:
    now = core.clock()
    row = Referral(
        reference="KMR-4729-HX", ledger_no=1, channel=channel, received_at=now, captured_at=now, look_by=now,
        due_at=now, next_action="Read it", last_message_at=now, identity_id=identity_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _linked(
    core: Core, session: Session, row: Referral, people: list[Identity], known: list[Known], *, own: int | None,
    places: list[Address] | None = None,
) -> None:  # fmt: skip
    """Every other address is a way to the sender or to somebody else who wrote; some are the child's home."""
    for number, (person, each, place) in enumerate(zip(people, known, places or PLACES, strict=True)):
        if number != own:
            of = "somebody else" if each.is_somebody_elses else row.identity_id
            identity.add_way(
                session, referral_id=row.id or 0, of_identity_id=of, identity_id=person.id, said_by="sender",
                at=core.clock(),
            )  # fmt: skip
        if each.is_home:
            identity.add_household(
                session, core.seal, referral_id=row.id or 0, found_by=home_key(place), address_class=place.kind,
                value=place.value, said_by="sam", at=core.clock(),
            )  # fmt: skip
