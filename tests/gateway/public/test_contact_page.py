"""The page that tells everybody how to reach us."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.contract import Accept, Address, AddressClass, Inbound, RawMessage, WayIn
from channels.letter import Letter
from gateway.core import Core
from tests.gateway.public.site import PublicSite, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here asks a database


class Pigeon:
    """A channel that this gateway did not have before."""

    name = "pigeon"

    def door(self, accept: Accept) -> None:
        """Shut."""

    def parse(self, raw: RawMessage) -> Inbound:
        return Inbound(sender=Address(kind=AddressClass.NONE), text=raw.body.decode())

    def ways_in(self) -> tuple[WayIn, ...]:
        return (WayIn(title="Send a pigeon", detail="Loft <1>", href="https://pigeon.example.org"),)


async def test_every_live_channel_is_on_the_page_and_no_other(core: Core, tmp_path: Path) -> None:
    letter = Letter(
        scan_dir=None, print_dir=tmp_path, render=lambda notice: b"", postal_address="1 County Square, Northtown"
    )
    page = await PublicSite(core, Pigeon(), letter).get("/")
    titles = [each.text(strip=True) for each in page.css(".frontdoor-way h2")]
    assert titles == ["Send a pigeon", "Tell us online"]
    assert "Loft <1>" in words_of(page)
    assert [link.attributes["href"] for link in page.css(".frontdoor-way a")] == [
        "https://pigeon.example.org",
        "/report",
    ]


async def test_the_page_says_what_to_do_in_danger_and_when_somebody_reads_a_message(core: Core) -> None:
    page = await PublicSite(core).get("/")
    danger = page.css_first("aside a")
    assert danger is not None and danger.attributes["href"] == "tel:999"
    assert "within one working day" in words_of(page)


@pytest.mark.parametrize("path", ["/", "/report", "/track"])
async def test_pages_are_not_kept_by_the_browser_and_run_no_script_of_others(core: Core, path: str) -> None:
    answer = await PublicSite(core).browser.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text and "style=" not in answer.text


@pytest.mark.parametrize("path", ["/", "/report", "/track"])
async def test_pages_have_a_language_a_heading_a_way_past_the_header_and_a_way_out(core: Core, path: str) -> None:
    page = await PublicSite(core).get(path)
    html, skip = page.css_first("html"), page.css_first("a.govuk-skip-link")
    assert html is not None and html.attributes["lang"] == "en"
    assert skip is not None and page.css_first(skip.attributes["href"] or "") is not None
    assert len(page.css("h1")) == 1
    assert "Exit this page" in (page.body.text() if page.body else "")


@pytest.mark.parametrize("path", ["/", "/report", "/track"])
async def test_a_page_shows_nothing_of_a_concern_in_its_title(core: Core, path: str) -> None:
    page = await PublicSite(core).get(path)
    title = page.css_first("title")
    assert title is not None
    assert not {"child", "abuse", "worried", "safeguard"} & set(title.text().lower().split())


@pytest.mark.parametrize("path", ["/report", "/track"])
async def test_every_question_has_a_label(core: Core, path: str) -> None:
    page = await PublicSite(core).get(path)
    fields = page.css("main input:not([type=hidden]), main textarea")
    assert fields
    for field in fields:
        assert page.css_first(f"label[for='{field.attributes['id']}']") is not None
