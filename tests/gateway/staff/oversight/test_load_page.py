"""Load and times are drawn without script, each chart with its numbers under it and as CSV."""

import csv
import io
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest
from selectolax.lexbor import LexborHTMLParser

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from storage.staff import Role
from tests.builders import a_referral
from tests.fakes import MovableClock
from tests.gateway.office import Office, words_of

SAM = Actor(name="sam", role=Role.SOCIAL_WORKER)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def looked_at(core: Core, clock: MovableClock, sources: Sequence[str]) -> None:
    """A report of each source, all looked at an hour after they came."""
    rows = [await a_referral(core) for _ in sources]
    clock.move(hours=1)
    with core.database.transaction() as session:
        for row, source in zip(rows, sources, strict=True):
            core.deciding.act(session, row.reference, Action.OPEN, SAM, {})
            asked = {"severity": "green", "reason": "so", "contact_source": source}
            core.deciding.act(session, row.reference, Action.RATE, SAM, asked)


async def test_the_page_has_both_charts_with_words_and_numbers(core: Core, clock: MovableClock) -> None:
    await looked_at(core, clock, ["1A", "2A"])
    page = await (await Office(core).browser(Role.MANAGER)).see("/oversight/load?days=7&by=sender")
    charts = page.css("svg.chart")
    assert [chart.css("title")[0].text() for chart in charts] == [
        "Reports that came, finished and still open", "Hours from receipt to the first look",
    ]  # fmt: skip
    for drawn in charts:
        named = str(drawn.attributes["aria-labelledby"]).split()
        assert all(page.css(f"#{each}")[0].text() for each in named)
        assert "style" not in (drawn.html or "").replace("stylesheet", "")
        ElementTree.fromstring(drawn.html or "")
    assert "Public (1A to 1D) 1 0.0 0.0 100 % 1.0 1.0 100 %" in words_of(page)
    assert len(page.css("details table tbody tr")) == 7


async def test_equal_data_of_public_and_professional_senders_gives_equal_medians(
    core: Core, clock: MovableClock
) -> None:
    await looked_at(core, clock, ["1B", "2A", "6", "1A"])
    answer = await (await Office(core).browser(Role.MANAGER)).client.get("/oversight/load.csv?days=7&by=sender")
    lines = {line["group"]: line for line in csv.DictReader(io.StringIO(answer.text))}
    public, professional = lines["public"], lines["professional"]
    assert public == professional | {"group": "public"} and public["look_median_hours"] == "1.00"
    assert lines["all"]["reports"] == "4"


async def test_what_was_not_done_by_its_time_is_late_and_not_left_out(core: Core, clock: MovableClock) -> None:
    await looked_at(core, clock, ["1A"])
    await a_referral(core)
    clock.move(days=2)
    client = (await Office(core).browser(Role.MANAGER)).client
    [line, _] = csv.DictReader(io.StringIO((await client.get("/oversight/load.csv?days=7")).text))
    assert (line["reports"], line["look_done"], line["look_in_time"]) == ("2", "1", "0.50")
    arrivals = list(csv.DictReader(io.StringIO((await client.get("/oversight/arrivals.csv?days=7")).text)))
    assert len(arrivals) == 7 and sum(int(day["came"]) for day in arrivals) == 2
    assert LexborHTMLParser((await client.get("/oversight/load?days=365")).text).css("svg")
