"""The counter of the ten tasks counts what was pressed, typed and loaded."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from gateway.app import build_app
from gateway.core import Core
from gateway.wiring import wire_channels
from tests.browser.beside import Beside, served
from tests.browser.counted import Seats
from tests.browser.ten_in_the_queue import program_of_sam, staff_of, to_be_heard, to_be_rated
from tests.browser.ten_tasks import TASKS, measured
from tests.missing_parts import needs

pytestmark = [needs("chromium"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_a_task_is_counted_in_keys_words_and_page_loads(core: Core, browser: Browser) -> None:
    staff_of(core)
    heard, rated = TASKS[2], TASKS[3]
    with ExitStack() as stack:
        beside = stack.enter_context(Beside())
        of = {"heard": beside.run(to_be_heard(core)), "rated": beside.run(to_be_rated(core, program_of_sam(core)))}
        address = stack.enter_context(beside.opened(served(build_app(core, wire_channels(core), doors=[]))))
        seats = Seats(browser, address, stack)
        one = measured(seats, heard, of)
        assert (one.order(), one.words, one.loads) == ("`h` `ArrowDown` x2 `ArrowRight` x2 `Enter`", 0, 0)
        one = measured(seats, rated, of)
        assert one.steered[:2] == ("r", "ArrowDown") and one.steered[-1] == "Control+Enter"
        assert (one.keys, one.words, one.signs, one.loads) == (4, 5, 24, 1)
