"""Referrals that may be about the same are found by what they share, shown with reasons, and never merged."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from gateway.core import Core
from gateway.deciding import Actor
from gateway.likeness.cluster import Cluster, Weight, cluster_of, strong_cluster
from gateway.likeness.kinds import FEW, Same
from gateway.likeness.marks import marks, ordinal
from gateway.settling import settle
from storage import claim, likeness, referral
from storage.claim import ClaimStatus
from storage.referral import Referral
from tests.builders import a_referral

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAM = Actor(name="Sam", role="social_worker")
PLACE = "They live at 9 Elm Row, NT1 2AB."


def cluster(core: Core, row: Referral, *, may_identify: bool = False) -> Cluster:
    with core.database.reading() as session:
        fresh = referral.by_id(session, row.id or 0)
        assert fresh is not None
        return cluster_of(session, fresh, may_identify=may_identify)


def marks_of(core: Core, *rows: Referral) -> dict[int, tuple[str, ...]]:
    with core.database.reading() as session:
        return marks(session, [row.id or 0 for row in rows])


def strong_of(core: Core, row: Referral) -> list[int]:
    with core.database.reading() as session:
        return strong_cluster(session, row.id or 0)


def reasons(core: Core, row: Referral, *, may_identify: bool = False) -> dict[str, list[str]]:
    seen = cluster(core, row, may_identify=may_identify)
    return {like.row.reference: [reason.says for reason in like.reasons] for like in seen.likes}


async def test_three_senders_of_one_house_keep_three_references_and_are_one_cluster(core: Core) -> None:
    rows = [
        await a_referral(core, f"{words} {PLACE}", callback=number)
        for words, number in (
            ("The boy is always hungry.", "07700 900101"), ("Shouting every night.", "07700 900102"),
            ("A child cries for hours.", "07700 900103"),
        )
    ]  # fmt: skip
    seen = cluster(core, rows[2])
    assert len({row.reference for row in rows}) == 3
    assert (seen.number, seen.reports, seen.senders, seen.unknown) == (3, 3, None, None)
    asked = cluster(core, rows[2], may_identify=True)
    assert (asked.senders, asked.unknown) == (3, 0)
    assert reasons(core, rows[2]) == {row.reference: ["Same house"] for row in rows[:2]}
    assert marks_of(core, *rows) == {rows[1].id: ("2nd report",), rows[2].id: ("3rd report",)}


async def test_the_count_of_reports_is_right_however_many_there_are_on_a_page(core: Core) -> None:
    home = likeness.Key(key="one house", kind=Same.HOME, of_sender=False, is_checked=True)
    number = likeness.Key(key="one sender", kind=Same.PHONE, of_sender=True, is_checked=True)
    with core.database.transaction() as session:
        for one in range(1, 111):
            likeness.replace_keys(session, one, {home.key: home})
        for one in (201, 202):
            likeness.replace_keys(session, one, {number.key: number})
        likeness.say_apart(session, 109, 110, who="Sam", at=core.clock())
    with core.database.reading() as session:
        seen = marks(session, [*range(61, 111), 201, 202])
    assert seen == {one: (f"{ordinal(one)} report",) for one in range(61, 110)} | {110: ("109th report",)}


@ON_SQLITE
async def test_one_sender_of_two_children_is_told_apart_from_one_child_told_of_twice(core: Core) -> None:
    one = await a_referral(core, "The boy next door looks thin", callback="07700 900101")
    other = await a_referral(core, "A girl at the pool is on her own", callback="07700 900101")
    assert cluster(core, other) == Cluster()
    assert reasons(core, other, may_identify=True) == {one.reference: ["Same sender"]}
    seen = cluster(core, other, may_identify=True)
    assert (seen.likes[0].weight, seen.reports, seen.tells_who) == (Weight.WEAK, 1, True)


async def test_whose_number_another_report_names_is_not_told_by_what_is_alike(core: Core) -> None:
    told = await a_referral(core, f"A boy is shouted at. {PLACE}", callback="07700 900101")
    names = await a_referral(core, "A worry. Dad's number is 07700 900101.")
    near = await a_referral(core, f"Another worry. {PLACE}")
    assert (cluster(core, names), strong_of(core, names)) == (Cluster(), [names.id])
    assert reasons(core, told) == {near.reference: ["Same house"]} and not cluster(core, told).tells_who
    assert {like.row.reference: like.through for like in cluster(core, near).likes} == {told.reference: ""}
    assert marks_of(core, told, names, near) == {near.id: ("2nd report",)}
    asked = cluster(core, names, may_identify=True)
    assert asked.tells_who and {like.row.reference: like.through for like in asked.likes} == {
        told.reference: "", near.reference: told.reference
    }  # fmt: skip
    assert reasons(core, names, may_identify=True)[told.reference] == ["Same phone number"]


@ON_SQLITE
async def test_how_many_share_a_sender_moves_nothing_else_out_of_sight(core: Core) -> None:
    house = await a_referral(core, f"A worry. {PLACE}")
    row = await a_referral(core, f"Another worry. {PLACE}", callback="07700 900101")
    alone = cluster(core, row)
    for number in range(FEW - 2):
        await a_referral(core, f"Quite another worry, number {number}", callback="07700 900101")
    assert cluster(core, row) == alone and [like.row.reference for like in alone.likes] == [house.reference]


@ON_SQLITE
async def test_no_key_can_be_read_and_none_holds_what_was_said(core: Core) -> None:
    row = await a_referral(core, f"Albie Crane is six. {PLACE}", callback="07700 900101")
    with core.database.reading() as session:
        keys = likeness.keys_of(session, row.id or 0)
    assert {key.kind for key in keys.values()} >= {"phone", "home", "street_name", "words"}
    assert all(len(name) == 40 and set(name) <= set("0123456789abcdef") for name in keys)


@ON_SQLITE
async def test_what_a_person_rejects_links_nothing_any_more(core: Core) -> None:
    one = await a_referral(core, f"A worry. {PLACE}")
    other = await a_referral(core, f"Another worry. {PLACE}")
    assert reasons(core, other) == {one.reference: ["Same house"]}
    with core.database.transaction() as session:
        row = session.get_one(Referral, other.id)
        for each in claim.of_referrals(session, [other.id or 0]):
            settle(session, core, row, SAM, each.id, status="rejected")
    assert reasons(core, other) == {}


@ON_SQLITE
async def test_a_match_says_so_until_both_values_are_confirmed(core: Core) -> None:
    rows = [await a_referral(core, f"{words} {PLACE}") for words in ("A worry.", "Another worry.")]
    assert cluster(core, rows[0]).likes[0].reasons[0].in_words == "Same house (not checked yet)"
    for row in rows:
        with core.database.transaction() as session:
            held = session.get_one(Referral, row.id)
            for each in claim.of_referrals(session, [row.id or 0]):
                if each.status == ClaimStatus.PROPOSED:
                    settle(session, core, held, SAM, each.id, status="confirmed")
    assert cluster(core, rows[0]).likes[0].reasons[0].in_words == "Same house"


@ON_SQLITE
async def test_a_number_that_many_give_says_nothing(core: Core) -> None:
    rows = [await a_referral(core, "A worry. The school's number is 01632 960444.") for _ in range(3)]
    with core.database.transaction() as session:
        keys = likeness.keys_of(session, rows[0].id or 0)
        shared = {name: key for name, key in keys.items() if key.kind in ("phone", "words")}
        assert shared
        for further in range(FEW):
            likeness.replace_keys(session, 10_000 + further, shared)
    assert reasons(core, rows[0]) == {}


@ON_SQLITE
async def test_what_a_person_says_is_not_the_same_counts_no_more_and_can_be_taken_back(core: Core) -> None:
    one = await a_referral(core, f"A worry. {PLACE}")
    other = await a_referral(core, f"Another worry. {PLACE}")
    with core.database.transaction() as session:
        likeness.say_apart(session, other.id or 0, one.id or 0, who="Sam", at=core.clock())
    seen = cluster(core, one)
    assert (seen.reports, seen.likes[0].weight, seen.likes[0].apart and seen.likes[0].apart.said_by) == (
        1, Weight.APART, "Sam",
    )  # fmt: skip
    with core.database.transaction() as session:
        assert likeness.take_back_apart(session, one.id or 0, other.id or 0, who="Sam", at=core.clock())
    assert cluster(core, one).reports == 2


@ON_SQLITE
async def test_what_is_linked_by_hand_is_found_from_either_side(core: Core) -> None:
    one, other = await a_referral(core, "A first worry"), await a_referral(core, "A second worry")
    with core.database.transaction() as session:
        core.deciding.act(session, other.reference, "link", SAM, {"to": one.reference})  # type: ignore[arg-type]
    assert reasons(core, one) == {other.reference: ["Linked by one of us"]}
    assert reasons(core, other) == {one.reference: ["Linked by one of us"]}


@ON_SQLITE
async def test_a_third_is_found_through_a_second_and_says_so(core: Core) -> None:
    first = await a_referral(core, f"A first worry. {PLACE}")
    second = await a_referral(core, f"A second worry. {PLACE} His number is 07700 900222.")
    third = await a_referral(core, "A third worry. Dad's number is 07700 900222.")
    seen = {like.row.reference: like.through for like in cluster(core, third).likes}
    assert seen == {second.reference: "", first.reference: second.reference}


@ON_SQLITE
async def test_the_same_words_from_senders_nobody_knows_are_found(core: Core) -> None:
    words = "The children at the corner house are outside at midnight every night"
    one, other = await a_referral(core, words), await a_referral(core, words)
    assert reasons(core, other) == {one.reference: ["Same words"]}
    seen = cluster(core, other, may_identify=True)
    assert (seen.senders, seen.unknown) == (0, 2)


@ON_SQLITE
async def test_a_key_that_cannot_be_written_keeps_no_message_back(core: Core) -> None:
    with core.database.transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE likeness")
    row = await a_referral(core, f"A worry. {PLACE}")
    with core.database.reading() as session:
        assert session.get(Referral, row.id) is not None
        assert _tries(session, row.id or 0) == 1


def _tries(session: Session, referral_id: int) -> int:
    found = session.connection().exec_driver_sql(f"SELECT tries FROM search_due WHERE referral_id = {referral_id}")
    return int(found.scalar_one())
