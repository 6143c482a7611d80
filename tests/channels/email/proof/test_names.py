"""The name service is asked rarely, briefly, and not at all for a while after it fell silent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from channels.email.proof.names import AWAY_SECONDS, KEEP_SECONDS, MOST_QUESTIONS, Names, NotAnswered, ask_name_service
from tests.channels.email.proof.zone import Zone


class Seconds:
    """A clock that counts only what it is given."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_the_same_question_is_asked_once_in_a_few_minutes_whoever_asks() -> None:
    zone, clock = Zone({("a.example", "TXT"): ["one"]}), Seconds()
    names = Names(zone, clock=clock)
    assert [names.within(5).ask(name, "TXT") for name in ("a.example", "A.Example.")] == [(b"one",)] * 2
    assert names.within(5).text("b.example") is None and names.within(5).text("b.example") is None
    assert len(zone.asked) == 2
    clock.at = KEEP_SECONDS + 1
    names.within(5).ask("a.example", "TXT")
    assert len(zone.asked) == 3


def test_a_domain_that_never_answers_silences_nobody_but_itself() -> None:
    class Tarpit(Zone):
        def __call__(self, name: str, kind: str, seconds: float) -> Sequence[bytes]:
            self.is_away = name.endswith("tarpit.example")
            return super().__call__(name, kind, seconds)

    zone = Tarpit({("a.example", "TXT"): ["one"]})
    names = Names(zone, clock=Seconds())
    for name in ("s1._domainkey.tarpit.example", "_dmarc.tarpit.example"):
        with pytest.raises(NotAnswered):
            names.within(5).ask(name, "TXT")
    assert zone.asked == [("s1._domainkey.tarpit.example", "TXT"), (".", "NS")]
    assert names.within(5).text("a.example") == b"one"


def test_after_one_silence_nobody_is_asked_for_a_minute() -> None:
    zone, clock = Zone({("a.example", "TXT"): ["one"]}), Seconds()
    names = Names(zone, clock=clock)
    zone.is_away = True
    for _ in range(3):
        with pytest.raises(NotAnswered):
            names.within(5).ask("a.example", "TXT")
    assert zone.asked == [("a.example", "TXT"), (".", "NS")]
    with pytest.raises(NotAnswered):
        names.within(5).ask("b.example", "TXT")
    assert len(zone.asked) == 2
    zone.is_away, clock.at = False, AWAY_SECONDS + 1
    assert names.within(5).text("a.example") == b"one"


def test_a_mail_has_so_much_time_and_so_many_questions_and_no_more() -> None:
    zone, clock = Zone({}), Seconds()
    questions = Names(zone, clock=clock).within(5)
    clock.at = 5.0
    with pytest.raises(NotAnswered):
        questions.ask("a.example", "TXT")
    again = Names(zone, clock=clock).within(5)
    for place in range(MOST_QUESTIONS):
        again.ask(f"n{place}.example", "TXT")
    with pytest.raises(NotAnswered):
        again.ask("one-more.example", "TXT")
    assert len(zone.asked) == MOST_QUESTIONS


def test_a_name_that_cannot_be_one_is_published_nowhere() -> None:
    assert list(ask_name_service("a" * 64 + ".example", "TXT", 1.0)) == []
    assert list(ask_name_service("a..example", "TXT", 1.0)) == []
