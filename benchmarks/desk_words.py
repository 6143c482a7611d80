"""What people say, invented: names, streets, postcodes and worries as often as such words come, and found by search."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session

from benchmarks.many_referrals import POSTGRESQL, SQLITE, Dialect, do
from gateway.clock import now
from gateway.core import Core
from storage import direct
from storage.referral import Referral
from storage.searching import STRETCH, WITHIN, Row, as_vector
from storage.searching_words import BY, ENDS, written

TEXTS = 20_000
AT_ONCE = 100_000
ACCENTED = ("Zoë", "Chloé", "Siân", "José", "Renée")
BEGINNINGS = (
    "Ab",
    "Bel",
    "Cor",
    "Dar",
    "El",
    "Fen",
    "Gar",
    "Hal",
    "Is",
    "Jor",
    "Kel",
    "Lor",
    "Mar",
    "Nor",
    "Os",
    "Per",
)
MIDDLES = ("a", "e", "i", "o", "an", "en", "ing", "or", "ber", "ton")
ENDINGS = ("ley", "son", "ford", "wick", "by", "ham", "ton", "ell", "worth", "field", "man", "er")
STREETS = ("Mill Lane", "Station Road", "Church Walk", "Park View", "The Crescent", "Orchard Close", "Canal Street")
WORRIES = (
    "is often outside without a coat until late", "was left alone with the little one again",
    "has bruises on both arms", "comes to school hungry and in yesterday's clothes",
    "says there is shouting every night", "has not been seen all week", "was crying in the stairwell",
    "is picked up by somebody different each day", "does not want to go home",
    "told a friend that she is scared of him", "sleeps on the sofa because there is no bed",
    "misses every appointment",
)  # fmt: skip
WHO = ("The boy", "The girl", "The youngest", "The eldest", "My neighbour's child", "Her brother", "A pupil of ours")
RARE = "kestrelwood"
"""A word that stands in one text of three hundred."""
ONE_IN = 300
NUMBERS = 400
"""Of telephones, so many are named."""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The names that come, the commonest first."""

    given: Sequence[str]
    family: Sequence[str]


def vocabulary() -> Vocabulary:
    """The same each time."""
    made = [f"{a}{b}{c}" for a in BEGINNINGS for b in MIDDLES for c in ENDINGS]
    random.Random(7).shuffle(made)
    given = [*ACCENTED, *(f"{a}{b}n" for a in BEGINNINGS for b in MIDDLES)]
    return Vocabulary(given=given, family=[*made[:1500], "O'Rourke", "Smith-Jones"])


def text_of(number: int, words: Vocabulary) -> str:
    """One of ``TEXTS``: half a dozen sentences that name a child, an adult and a place."""
    chance = random.Random(number)
    child, adult = _name(chance, words), _name(chance, words)
    said = [f"{chance.choice(WHO)} {chance.choice(WORRIES)}." for _ in range(chance.randrange(3, 7))]
    born = f"{child} was born on {chance.randrange(1, 28)}/{chance.randrange(1, 13):02}/{chance.randrange(2010, 2026)}."
    lives = f"They live at {chance.randrange(1, 200)} {chance.choice(STREETS)}, {postcode(number)}."
    rare = f" Look behind {RARE}." if number % ONE_IN == 1 else ""
    return " ".join((*said[:2], born, lives, f"{adult} knows of it.", *said[2:])) + rare


def postcode(number: int) -> str:
    """Of an area that is none: one for every fifty texts."""
    return f"NZ{number % 20 + 1} {number // 20 % 4 + 1}{'ABDEF'[number // 80 % 5]}J"


def _name(chance: random.Random, words: Vocabulary) -> str:
    return f"{_common(chance, words.given)} {_common(chance, words.family)}"


def _common(chance: random.Random, names: Sequence[str]) -> str:
    """The first ones come most."""
    return names[int(len(names) * chance.random() ** 2.5)]


def keep_texts(core: Core) -> str:
    """The texts in a table of their own; returns what gives the one of referral ``n`` in SQL."""
    words = vocabulary()
    with core.database.transaction() as session:
        direct.ask(session, "CREATE TABLE said (k integer PRIMARY KEY, t text, w text, a text, v text)")
        rows = [_kept(number, words) for number in range(TEXTS)]
        direct.insert(session, "said", rows)
    return f"(SELECT t FROM said WHERE k = n % {TEXTS}) || ' Ring 07700 900' || {{digits}}"


def _kept(number: int, words: Vocabulary) -> dict[str, object]:
    text = text_of(number, words)
    found = written(text)
    row = Row(is_open=True, words=found.words, also=tuple(sorted(found.also)))
    return {"k": number, "t": text, "w": " ".join(row.words), "a": " ".join(row.also), "v": as_vector(row, 0)}


def index_all(core: Core, referrals: int) -> None:
    """The searchable rows of all of them, as the gateway writes them, made inside the database."""
    for first in range(1, referrals + 1, AT_ONCE):
        with core.database.transaction() as session:
            for table, state in (("search_open", "<>"), ("search_closed", "=")):
                _index(session, table, f"state {state} 'closed' AND r.id BETWEEN {first} AND {first + AT_ONCE - 1}")
    with core.database.transaction() as session:
        do(session, "DROP TABLE said")
        if not core.database.is_sqlite:
            do(session, "CREATE INDEX search_closed_words ON search_closed USING gin (words) WITH (fastupdate = off)")


def spread(core: Core) -> None:
    """What is open is at every state, mostly in time, some of it somebody's and some of it perhaps spam."""
    with core.database.transaction() as session:
        ids = [int(row[0]) for row in direct.ask(session, "SELECT id FROM referral WHERE state <> 'closed'")]
        session.execute(update(Referral), [_open(each, number) for number, each in enumerate(ids)])
        do(session, "UPDATE message SET spam = 'a list of shops' WHERE referral_id % 4 = 0")
        do(session, "UPDATE referral SET perhaps_spam = true WHERE id % 4 = 0")


def _open(referral_id: int, number: int) -> dict[str, object]:
    hours = number % 97 - 5
    return {
        "id": referral_id, "due_at": now() + timedelta(hours=hours, seconds=number % 3600),
        "ladder": 3 if hours < 0 else 0,
        "severity": ("unrated", "green", "amber", "blue", "unrated", "red")[number % 6],
        "state": ("received", "in_triage", "received", "awaiting_information", "decided")[number % 5],
        "owner": f"worker {number % 40}" if number % 3 else None,
    }  # fmt: skip


def drop_index(core: Core) -> None:
    """An index is made faster at the end."""
    if not core.database.is_sqlite:
        with core.database.transaction() as session:
            do(session, "DROP INDEX search_closed_words")


def _index(session: Session, table: str, where: str) -> None:
    is_sqlite = direct.is_sqlite(session.connection())
    dialect: Dialect = SQLITE if is_sqlite else POSTGRESQL
    digits = digits_of(dialect).replace("n % ", "r.id % ")
    backwards = " || ".join(f"substr({digits}, {place}, 1)" for place in (3, 2, 1))
    tokens = (
        "lower(replace(r.reference, '-', ''))", f"'{BY}' || replace(r.channel, '_', '')", f"'07700900' || {digits}",
        f"'{ENDS}' || {backwards} || '00900770'",
    )  # fmt: skip
    if is_sqlite:
        reference = "lower(replace(r.reference, '-', ' '))"
        also = " || ' ' || ".join(tokens)
        do(
            session,
            f"INSERT INTO {table} (rowid, words, also) SELECT r.id, {reference} || ' · ' || s.w, s.a || ' ' || {also}"
            f" FROM referral r JOIN said s ON s.k = r.id % {TEXTS} WHERE r.{where} ORDER BY r.id",
        )
        return
    also = ", ".join((*tokens, f"'{WITHIN}' || r.id / {STRETCH}"))
    do(
        session,
        f"INSERT INTO {table} (referral_id, words)"
        f" SELECT r.id, CAST(s.v AS tsvector) || array_to_tsvector(ARRAY[{also}])"
        f" FROM referral r JOIN said s ON s.k = r.id % {TEXTS} WHERE r.{where} ORDER BY r.id",
    )


def digits_of(dialect: Dialect) -> str:
    """The last three of a number that is kept for invented people."""
    return f"printf('%03d', n % {NUMBERS})" if dialect is SQLITE else f"lpad((n % {NUMBERS})::text, 3, '0')"
