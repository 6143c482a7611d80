"""A call taker writes down which language a caller wants: the report is then in it, as if it had been chosen by key."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from gateway.core import Core
from gateway.reading.wished_language import language_in
from gateway.staff.call_facts import facts, marks
from storage import audit, notice
from storage.notice import NoticeKind
from storage.referral import Referral
from storage.staff import Role
from tests.builders import a_note, a_referral, read_all
from tests.gateway.office import Office, words_of
from tests.gateway.staff.test_call_page import a_call
from tests.gateway.test_of_a_call import an_event, read, the_end

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BY_KEY = [an_event("chosen", "choice=worried&language=pl"), the_end()]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Polish", "pl"), ("polish, and needs an interpreter", "pl"), ("She speaks Farsi best", "fa"),
        ("Panjabi or Urdu", "pa"), ("Tagalog", "tl"), ("", ""), ("interpreter, please", ""),
        ("English; her mother speaks Urdu", ""), ("Polish, but no interpreter needed", ""),
        ("Somali, doesn't need an interpreter", ""), ("No English, Polish only", "pl"),
        ("She doesn't speak much English: Urdu", "ur"), ("Her English is poor, Somali", "so"),
        ("Polish, not English", "pl"), ("No, English is fine; her mother speaks Urdu", ""),
    ],
)  # fmt: skip
def test_the_first_language_that_is_named_is_meant_where_an_interpreter_may_be_needed(words: str, code: str) -> None:
    assert language_in(words) == code


async def added_to(core: Core, row: Referral, **said: str) -> Referral:
    """The report once a call taker's note was added to it."""
    await core.intake.accept(a_note("They rang again", reference=row.reference, **said))
    await read_all(core)
    with core.database.reading() as session:
        return session.get_one(Referral, row.id)


@ON_SQLITE
async def test_what_a_caller_told_a_call_taker_counts_as_what_others_choose_by_key(core: Core) -> None:
    told = await a_referral(core, "Shouting next door", interpreter="Polish, and an interpreter")
    assert told.language == "pl"
    assert marks(told) == ("Asked for Polish",)
    assert ("Language", "Polish: get an interpreter, never family") in facts(told)
    assert told.next_action.endswith("find an interpreter for Polish, never a family member or a child")


@ON_SQLITE
async def test_a_language_we_have_no_words_in_is_called_by_its_name(core: Core) -> None:
    assert marks(await a_referral(core, interpreter="Somali")) == ("Asked for Somali",)


@ON_SQLITE
async def test_what_was_chosen_by_key_stays_unless_the_call_taker_says_otherwise(core: Core) -> None:
    row, _ = await read(core, BY_KEY)
    assert (await added_to(core, row, interpreter="Romanian")).language == "pl"
    after = await added_to(core, row, interpreter="Romanian", language_instead="yes")
    assert after.language == "ro"
    with core.database.reading() as session:
        said = [line.what for line in audit.of_referrals(session, [row.id or 0]) if line.what.startswith("Language")]
    assert said == ["Language: Romanian instead of Polish, as they told a call taker"]


@ON_SQLITE
async def test_the_acknowledgement_of_such_a_call_is_that_of_any_call_and_is_said_through_an_interpreter(
    core: Core,
) -> None:
    casey = await Office(core).browser(Role.CALL_TAKER, "casey")
    call, other = await a_call(casey), await a_call(casey)
    said = {"text": "Shouting", "callback": "07700 900124", "safe_text": "yes"}
    await casey.send(await casey.see(call), call, do="finish", interpreter="Polish", **said)
    await casey.send(await casey.see(other), other, do="finish", **said)
    await read_all(core)
    shown, plain = [words_of(await casey.see(f"{path}/done")) for path in (call, other)]
    with core.database.reading() as session:
        ours, theirs = [
            [(each.channel, each.state, each.reason) for each in notice.of_referrals(session, [row.id or 0])
             if each.kind == NoticeKind.RECEIPT]
            for row in session.exec(select(Referral).order_by(col(Referral.id)))
        ]  # fmt: skip
    assert ours == theirs and len(ours) == 1
    assert "Say it through an interpreter for Polish, never a family member or a child." in shown
    assert "interpreter" not in plain
