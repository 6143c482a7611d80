"""Safe contact on the page of a referral: two forms for staff, and hints only for those who may know who told us."""

from gateway.core import Core
from storage.staff import Role
from tests.builders import a_message, read_all
from tests.gateway.office import Office, words_of

TEXT = b"MessageSid=SM1&From=%2B447700900123&Body=The+baby+cries"


async def a_text(core: Core) -> str:
    receipt = await core.intake.accept(a_message(TEXT))
    await read_all(core)
    return receipt.reference


async def test_how_to_reach_them_is_written_down_and_shown_only_when_asked_for(core: Core) -> None:
    reference, sam = await a_text(core), await Office(core).browser()
    page = await sam.see(f"/referrals/{reference}")
    done = await sam.send(
        page,
        f"/referrals/{reference}/contact",
        ok_sms="no",
        ok_voice="yes",
        hours="before noon",
        code_word="heron",
        large_print="yes",
    )
    assert done.status_code == 303
    before = words_of(await sam.see(f"/referrals/{reference}"))
    shown = words_of(await sam.see(f"/referrals/{reference}?who=shown"))
    assert "heron" not in before and "07700 900123" not in before
    assert "Text Not safe" in shown and "Call Safe" in shown
    assert "Code word heron" in shown and "When to call before noon" in shown
    assert "Letters In large print" in shown
    assert "No machine writes there: it is not safe to text them." in shown


async def test_an_address_of_the_childs_home_is_written_down(core: Core) -> None:
    reference, sam = await a_text(core), await Office(core).browser()
    page = await sam.see(f"/referrals/{reference}")
    await sam.send(page, f"/referrals/{reference}/open")
    done = await sam.send(page, f"/referrals/{reference}/household", address="07700 900123")
    assert "Nothing is sent there by machine" in words_of(await sam.see(str(done.headers["location"])))
    shown = words_of(await sam.see(f"/referrals/{reference}?who=shown"))
    assert "No machine writes there: it is an address of the child's own household." in shown
    assert "No machine can tell them. You get a task: find a safe way to tell the sender" in shown


async def test_a_wrong_address_is_told_beside_its_field_and_stays_typed(core: Core) -> None:
    reference, sam = await a_text(core), await Office(core).browser()
    page = await sam.see(f"/referrals/{reference}")
    answer = await sam.send(page, f"/referrals/{reference}/contact", address="call Jo", hours="noon")
    assert answer.status_code == 422
    assert "Give an email address, a phone number, or a postal address" in words_of(answer)
    assert 'value="call Jo"' in answer.text and 'value="noon"' in answer.text


async def test_who_only_reads_has_no_forms_and_cannot_post_them(core: Core) -> None:
    reference, reader = await a_text(core), await Office(core).browser(Role.READONLY)
    page = await reader.see(f"/referrals/{reference}")
    assert page.css_first(f'form[action="/referrals/{reference}/contact"]') is None
