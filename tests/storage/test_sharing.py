"""Keys that referrals have in common are found by whatever index is there, and those that too many have say nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from gateway.core import Core
from storage import likeness, sharing
from storage.direct import AT_ONCE
from storage.likeness import Key


@pytest.fixture
def session(core: Core) -> Iterator[Session]:
    with core.database.transaction() as opened:
        yield opened


def give(session: Session, kind: str, key: str, *referrals: int, of_sender: bool = False) -> None:
    for each in referrals:
        had = likeness.keys_of(session, each)
        made = Key(key=key, kind=kind, of_sender=of_sender, is_checked=True)
        likeness.replace_keys(session, each, {**had, key: made})


def shared(session: Session, *ids: int, most: int = 10) -> list[tuple[int, int, str]]:
    found = likeness.shared(session, ids, says_nothing_beyond={"house": 3, "phone": 2}, most=most, with_senders=True)
    return [(each.referral_id, each.other_id, each.kind) for each in found]


def test_a_key_says_something_up_to_what_its_kind_allows_and_nothing_beyond(session: Session) -> None:
    give(session, "house", "a", 1, 2, 3)
    give(session, "phone", "b", 1, 2)
    give(session, "phone", "c", 1, 4, 5)
    give(session, "house", "d", 1)
    give(session, "street", "e", 1, 2)
    assert shared(session, 1) == [(1, 3, "house"), (1, 2, "house"), (1, 2, "phone")]
    assert shared(session, 1, most=1) == [(1, 3, "house")]
    assert shared(session, 4) == [] and shared(session) == []


def test_what_came_before_is_counted_once_without_those_that_are_not_the_same(session: Session, core: Core) -> None:
    give(session, "house", "a", 1, 2, 3)
    give(session, "phone", "b", 1, 3)
    give(session, "phone", "c", 2, 4, of_sender=True)
    allowed = {"house": 3, "phone": 2}
    assert likeness.earlier(session, [1, 2, 3, 4], says_nothing_beyond=allowed) == {2: 1, 3: 2}
    likeness.say_apart(session, 3, 1, who="sam", at=core.clock())
    assert likeness.earlier(session, [1, 2, 3, 4], says_nothing_beyond=allowed) == {2: 1, 3: 1}


def test_more_keys_and_referrals_than_one_statement_takes_are_asked_for_in_several(session: Session) -> None:
    keys = {f"k{n:05}": Key(key=f"k{n:05}", kind="house", of_sender=False, is_checked=True) for n in range(900)}
    likeness.replace_keys(session, 1, keys)
    give(session, "house", "k00899", 2)
    had = sharing.keys_of_each(session, range(1, AT_ONCE + 500))
    assert len(had) == 901
    assert sharing.telling(session, had, {"house": 2}) == {"k00899": "house"}
    found = sharing.having(session, [f"k{n:05}" for n in range(AT_ONCE + 500)], most=2)
    assert sorted((each.key, each.referral_id) for each in found)[-2:] == [("k00899", 1), ("k00899", 2)]
