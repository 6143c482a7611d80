"""A mail as it was laid out: for social workers, on record, in a frame in which nothing runs or is fetched."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from gateway.core import Core
from storage import attachment, message
from storage.attachment import Attachment, VirusState
from storage.referral import Referral
from storage.staff import Role
from tests.gateway.laid_out.test_sanitised import PNG
from tests.gateway.office import Office, words_of
from tests.gateway.staff.test_folding import a_mail, mailed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = '<p style="color: red">He was hurt</p><script>x()</script><img src="cid:seen@example.org"><img src=http://a.example/x>'


def a_page(html: str = PAGE) -> bytes:
    """A mail with its words, its page, and a picture that the page shows."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "robin@example.org", "Worried", "<2@example.org>"
    mail.set_content("He was hurt")
    mail.add_alternative(html, subtype="html")
    mail.get_payload()[1].add_related(PNG, "image", "png", cid="<seen@example.org>", filename="seen.png")  # type: ignore[index, union-attr]
    return mail.as_bytes()


def id_of(core: Core, row: Referral) -> str:
    """The id of its only message."""
    with core.database.reading() as session:
        [one] = message.of_referrals(session, [row.id or 0])
    return one.id


async def test_the_page_is_offered_beside_the_words_and_shown_in_a_frame_that_runs_nothing(
    core: Core, office: Office
) -> None:
    row = await mailed(core, a_page())
    browser, path = await office.browser(), f"/messages/{id_of(core, row)}/page"
    offered = await browser.see(f"/referrals/{row.reference}")
    assert offered.css_first(f'a[href="{path}"]') is not None
    page = await browser.see(path)
    frame = page.css_first("iframe")
    assert frame is not None and frame.attributes["sandbox"] in (None, "")
    assert page.css_first(f'a[href="/referrals/{row.reference}"]') is not None and office.private_history() == []
    inside = await browser.client.get(str(frame.attributes["src"]))
    policy = inside.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy and "allow" not in policy
    assert "He was hurt" in inside.text and "<script" not in inside.text and "a.example" not in inside.text
    assert "data:image/png;base64," in inside.text and "1 picture on another server was not loaded" in inside.text
    assert office.private_history() == [(browser.name, "Opened the original of number 1")]


async def test_a_mail_of_plain_words_has_no_page_to_see(core: Core, office: Office) -> None:
    row = await mailed(core, a_mail("Only words"))
    browser, path = await office.browser(), f"/messages/{id_of(core, row)}/page"
    assert (await browser.see(f"/referrals/{row.reference}")).css_first(f'a[href="{path}"]') is None
    assert "It came as plain words only" in words_of(await browser.see(path))
    assert (await browser.client.get(f"{path}/words")).status_code == 404


@pytest.mark.parametrize("role", [Role.CALL_TAKER, Role.READONLY])
async def test_it_is_for_social_workers(core: Core, office: Office, role: Role) -> None:
    row = await mailed(core, a_page())
    browser, path = await office.browser(role), f"/messages/{id_of(core, row)}/page"
    assert (await browser.see(f"/referrals/{row.reference}")).css_first(f'a[href="{path}"]') is None
    for each in (path, f"{path}/words"):
        assert (await browser.client.get(each)).status_code == 403
        assert (await office.stranger().get(each)).status_code == 303
    assert (await (await office.browser()).client.get("/messages/none/page")).status_code == 404


async def test_a_picture_in_which_a_virus_was_found_is_not_shown(core: Core, office: Office) -> None:
    row = await mailed(core, a_page())
    with core.database.transaction() as session:
        for part in message_parts(core, row):
            part.virus_state = VirusState.FOUND
            session.merge(part)
    inside = await (await office.browser()).client.get(f"/messages/{id_of(core, row)}/page/words")
    assert "picture that did not come with the mail" in inside.text and "data:image" not in inside.text


def message_parts(core: Core, row: Referral) -> list[Attachment]:
    """Its files."""
    with core.database.reading() as session:
        return attachment.of_referrals(session, [row.id or 0])


async def test_a_page_nested_to_exhaust_us_is_said_to_be_so(core: Core, office: Office) -> None:
    row = await mailed(core, a_page("<b>" * 5000 + "words"))
    inside = await (await office.browser()).client.get(f"/messages/{id_of(core, row)}/page/words")
    assert "built in a way that is not shown" in inside.text
