"""The look-up every arriving message waits for: right about what is known, and as quick with a million as with none."""

from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from channels.contract import Purpose
from gateway.core import Core
from storage import keeping
from storage.columns import new_id
from tests.builders import a_message

KEYS = [("sms", "one"), ("sms", "two"), ("email", "one")]


async def test_what_was_kept_is_known_by_its_channel_and_key(core: Core) -> None:
    kept = await core.intake.accept(a_message(source_key="one"))
    with core.database.reading() as session:
        known = keeping.look_up(session, keys=KEYS, talks=["call:1"], drawn={kept.reference, "KMR-4729-HX"})
    assert known.events[("sms", "one")] == (kept.reference, kept.received_at)
    assert ("email", "one") not in known.events
    assert known.taken == {kept.reference}
    assert known.talks == {}


async def test_a_conversation_is_known_by_its_name(core: Core) -> None:
    kept = await core.intake.accept(a_message(conversation="call:1", purpose=Purpose.MESSAGE))
    with core.database.reading() as session:
        known = keeping.look_up(session, keys=[], talks=["call:1"], drawn=[])
    assert known.talks == {"call:1": kept.reference}


def test_nothing_asked_is_nothing_known(core: Core) -> None:
    with core.database.reading() as session:
        known = keeping.look_up(session, keys=[], talks=[], drawn=[])
    assert (known.events, known.talks, known.taken) == ({}, {}, frozenset())


def test_no_table_is_read_from_end_to_end(core: Core) -> None:
    """On PostgreSQL with its habit of scanning small tables taken away: what is left is what indexes can serve."""
    with core.database.reading() as session:
        plan = _plan_of_sqlite(session) if core.database.is_sqlite else _plan_of_postgresql(session)
    assert plan
    assert [step for step in plan if step.startswith("SCAN") or "Seq Scan" in step] == []


def _look_up(session: Session) -> None:
    keeping.look_up(session, keys=KEYS, talks=["a", "b"], drawn=["c", "d"])


def _plan_of_sqlite(session: Session) -> list[str]:
    raw: Any = session.connection().connection.dbapi_connection
    asked: list[str] = []
    raw.set_trace_callback(asked.append)
    _look_up(session)
    raw.set_trace_callback(None)
    (statement,) = asked
    return [row[-1] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}")]


def _plan_of_postgresql(session: Session) -> list[str]:
    connection, asked = session.connection(), list[tuple[str, Any]]()
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    event.listen(connection, "before_cursor_execute", lambda c, u, s, values, x, m: asked.append((s, values)))
    _look_up(session)
    ((statement, values),) = asked
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values)]


def test_ids_made_one_after_the_other_lie_side_by_side_and_are_never_equal() -> None:
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {len(each) for each in made} == {32}
    assert [each[:12] for each in made] == sorted(each[:12] for each in made)
