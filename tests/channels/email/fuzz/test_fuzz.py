"""A short run of the fuzzer: no mail stops the reader, takes it long, or swells it. The long run is a command."""

import os
import time

from tests.channels.email.fuzz import trial
from tests.channels.email.fuzz.drawing import drawn_mail, published
from tests.channels.email.fuzz.watching import run
from tests.channels.email.test_public_mails import CASES

SEED = int(os.environ.get("FRONTDOOR_FUZZ_SEED", "20261123"))
MAILS = 1500


def test_no_mail_does_harm() -> None:
    begun_from = published(CASES)
    findings = run(seed=SEED, mails=MAILS, workers=1, begun_from=begun_from, progress=lambda _: None)
    assert findings == []


def test_the_same_seed_and_number_give_the_same_mail() -> None:
    begun_from = published(None)
    assert [drawn_mail(1, n, begun_from) for n in range(50)] == [drawn_mail(1, n, begun_from) for n in range(50)]
    assert drawn_mail(1, 0, begun_from) != drawn_mail(2, 0, begun_from)


def test_a_reader_that_fails_dawdles_or_swells_is_found() -> None:
    assert trial.judged(lambda: 1 // 0, size=100).startswith("ZeroDivisionError in ")
    assert trial.judged(lambda: _burn(0.1), size=100, most_seconds=0.05).startswith("took 0.1 s")
    assert "of memory" in trial.judged(lambda: bytes(range(256)) * 200_000, size=100)
    assert trial.judged(lambda: None, size=100) == ""


def test_a_reader_that_ends_or_hangs_is_found_and_the_others_are_read() -> None:
    begun_from = published(None)
    ends, hangs = (drawn_mail(1, number, begun_from) for number in (3, 5))

    def read(mail: bytes) -> str:
        if mail == ends:
            os._exit(7)
        if mail == hangs:
            time.sleep(60)
        return ""

    done: list[int] = []
    findings = run(seed=1, mails=9, workers=2, begun_from=begun_from, progress=done.append, read=read, hangs_after=0.5)
    assert [(each.number, each.what) for each in findings] == [(3, "ended its reader (7)"), (5, "hung")]
    assert sum(done) == 9


def _burn(seconds: float) -> None:
    started = time.process_time()
    while time.process_time() - started < seconds:
        pass
