"""Fills a database with referrals as years of work leave them, made inside the database so that it takes a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from gateway import reference
from gateway.clock import now
from gateway.core import Core
from storage.identity import Identity

PEOPLE = 5_000
EVERY_SECONDS = 30
ONE_OPEN_IN = 33
MOMENTS = (0, 1, 2, 60, 86400, 172800, 630720000)
LETTERS = {"message": "a", "part": "b", "receipt": "c", "task": "d"}
WORDS = (
    "The children at number twelve are often alone until late. I hear shouting most evenings and the youngest was "
    "outside without a coat again. I do not want to get anybody into trouble but somebody should look in on them. "
)


PLACES = (
    *((reference.LETTERS, 2401 * 11**place) for place in (2, 1, 0)),
    *((reference.DIGITS, 7**place) for place in (3, 2, 1, 0)),
    (reference.LETTERS, 13),
)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a database says what the statements below need; ``n`` counts the referrals from 1."""

    series: str
    hex_id: str
    at: str
    padded: str
    person: str
    false: str


SQLITE = Dialect(
    series="(WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)",
    hex_id="printf('%s%031x', '{kind}', n)",
    at="strftime('%Y-%m-%d %H:%M:%f000', {began} + n * {every} + {plus}, 'unixepoch')",
    padded="printf('%08d', n)",
    person=f"printf('%032x', n % {PEOPLE})",
    false="0",
)
POSTGRESQL = Dialect(
    series="(SELECT generate_series({first}, {last}) AS n)",
    hex_id="('{kind}' || lpad(to_hex(n), 31, '0'))",
    at="to_timestamp({began}::bigint + n * {every} + {plus})",
    padded="lpad(n::text, 8, '0')",
    person=f"lpad(to_hex(n % {PEOPLE}), 32, '0')",
    false="false",
)
TABLES = {
    "message": {
        "id": "{message}", "ledger_no": "n", "prev_hash": "{sha}", "chain_hash": "{sha}", "channel": "{channel}",
        "source_key": "'bench-' || {padded}", "reference": "{reference}", "purpose": "'message'",
        "media_type": "'message/rfc822'", "sha256": "{sha}", "size": "5120", "received_at": "{at0}",
        "captured_at": "{at0}", "referral_id": "n", "read_at": "{at1}", "text": "{said}", "unreadable": "''",
        "identity_id": "{person}", "thread_id": "{padded} || '@example.org'",
    },
    "referral": {
        "id": "n", "reference": "{reference}", "ledger_no": "n", "channel": "{channel}", "kind": "'concern'",
        "state": "CASE WHEN {open} THEN 'received' ELSE 'closed' END",
        "severity": "CASE WHEN {open} THEN 'unrated' ELSE 'green' END", "severity_floor": "'unrated'",
        "contact_source_code": "'10'", "treated_as": "'referral'", "received_at": "{at0}", "captured_at": "{at0}",
        "look_by": "{at86400}", "due_at": "{at86400}", "next_action": "'A social worker reads it'",
        "queue": "'front_door'", "child_known": "{false}", "summary": "substr('{words}', 1, 120)",
        "identity_id": "{person}", "decision_reason": "''", "close_reason": "''", "last_message_at": "{at0}",
        "closed_at": "CASE WHEN {open} THEN NULL ELSE {at172800} END", "clock_from": "{at0}", "ladder": "6",
        "rung_at": "CASE WHEN {open} THEN {at630720000} ELSE NULL END", "still_open_at": "{at630720000}",
    },
    "attachment WHERE n % 4 = 0": {
        "id": "{part}", "message_id": "{message}", "referral_id": "n", "position": "n * 1000", "channel": "{channel}",
        "name": "'note.pdf'", "media_type": "'application/pdf'", "size": "100", "sha256": "{sha}", "text": "'{words}'",
        "text_state": "'done'", "engine": "'pdf'", "segments": "'[]'", "note": "''",
    },
    "notice": {
        "id": "{receipt}", "referral_id": "n", "message_id": "{message}", "kind": "'receipt'", "channel": "'email'",
        "state": "'sent'", "identity_id": "{person}", "subject": "'We have your report'", "text": "'{words}'",
        "html": "''", "due_at": "{at60}", "created_at": "{at1}", "sent_at": "{at2}", "attempts": "1",
        "provider_id": "'notice-' || {padded}", "reply_handle": "NULL",
    },
    "notice WHERE {open} AND n % 7 = 0": {
        "id": "{task}", "referral_id": "n", "kind": "'staff_task'", "channel": "'staff'", "state": "'owed'",
        "subject": "''", "text": "''", "html": "''", "due_at": "{at86400}", "created_at": "{at1}", "attempts": "0",
        "reason": "'acknowledge by hand'", "reply_handle": "NULL",
    },
    "audit": {
        "at": "{at1}", "who": "'frontdoor'", "what": "'Received by email'", "referral_id": "n", "is_private": "{false}",
    },
    "audit WHERE NOT ({open})": {
        "at": "{at172800}", "who": "'sam'", "what": "'Closed'", "referral_id": "n", "is_private": "{false}",
    },
}  # fmt: skip


def reference_of(number: int) -> str:
    """The reference of one of them: a whole one with its check letter, one for each number up to 3 million."""
    body = "".join(used[number // weight % len(used)] for used, weight in PLACES)
    return f"{body[:3]}-{body[3:7]}-{body[7:]}{reference.check_letter(body)}"


def _reference_in_sql() -> str:
    body = [f"substr('{used}', 1 + n / {weight} % {len(used)}, 1)" for used, weight in PLACES]
    return " || ".join([*body[:3], "'-'", *body[3:7], "'-'", *body[7:], _check_letter_in_sql()])


def _check_letter_in_sql() -> str:
    weighed = (
        f"{times} * (n / {weight} % {len(used)} + {0 if used is reference.LETTERS else 1})"
        for (used, weight), times in zip(PLACES, reference.WEIGHTS[:-1], strict=True)
    )
    return f"substr('{reference.LETTERS}', 1 + (11 - ({' + '.join(weighed)}) % 11) % 11, 1)"


def fill(core: Core, referrals: int, *, at_once: int = 100_000, said: str = "") -> None:
    """Referrals one every thirty seconds up to now, one in 33 of them open; senders are sealed as the intake does.

    ``said`` gives the words of number ``n`` in SQL; without it all say the same.
    """
    dialect = SQLITE if core.database.is_sqlite else POSTGRESQL
    began = int((now() - timedelta(seconds=EVERY_SECONDS * referrals)).timestamp())
    with core.database.transaction() as session:
        session.add_all(_person(core, number) for number in range(PEOPLE))
    for first in range(1, referrals + 1, at_once):
        last = min(first + at_once - 1, referrals)
        with core.database.transaction() as session:
            for table, columns in TABLES.items():
                do(session, _statement(dialect, table, columns, first=first, last=last, began=began, said=said))
    with core.database.transaction() as session:
        do(session, f"UPDATE ledger_head SET ledger_no = {referrals}")
        if dialect is POSTGRESQL:
            do(session, f"SELECT setval(pg_get_serial_sequence('referral', 'id'), {referrals})")
    settle(core)


def settle(core: Core) -> None:
    """What PostgreSQL does by itself within minutes, and would else do in the middle of the measuring."""
    if not core.database.is_sqlite:
        with core.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")


def _person(core: Core, number: int) -> Identity:
    who, address = f"{number:032x}", f"neighbour{number}@example.org"
    return Identity(
        id=who, address_class="email", address_hash=core.seal.blind(f"email:{address}"),
        sealed_address=core.seal.close(address.encode(), f"address:{who}"), created_at=now(),
    )  # fmt: skip


def _statement(
    dialect: Dialect, table: str, columns: dict[str, str], *, first: int, last: int, began: int, said: str
) -> str:  # fmt: skip
    """One INSERT of a hundred thousand rows."""
    name, _, condition = table.partition(" WHERE ")
    facts = {f"at{plus}": dialect.at.format(began=began, every=EVERY_SECONDS, plus=plus) for plus in MOMENTS}
    facts |= {kind: dialect.hex_id.format(kind=letter) for kind, letter in LETTERS.items()}
    facts |= {
        "padded": dialect.padded, "reference": _reference_in_sql(), "words": WORDS, "false": dialect.false,
        "said": said or f"'{WORDS}{WORDS}'",
        "sha": f"'{'a1' * 32}'",
        "channel": "CASE n % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'sms' ELSE 'web_form' END",
        "person": dialect.person, "open": f"n % {ONE_OPEN_IN} = 0",
    }  # fmt: skip
    values = ", ".join(value.format(**facts) for value in columns.values())
    where = f" WHERE {condition.format(**facts)}" if condition else ""
    series = dialect.series.format(first=first, last=last)
    return f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM {series} AS c{where}"


def do(session: Session, statement: str) -> None:
    """As it stands: percent signs and colons mean what the database means by them."""
    cursor = session.connection().connection.cursor()
    cursor.execute(statement)
    cursor.close()
