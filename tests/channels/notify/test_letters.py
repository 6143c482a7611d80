"""Letters go out as our finished page, with the address where the service's printer reads it."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from channels.contract import Address, AddressClass, DeliveryState, Outgoing, SendError, SendFailed, SendUnknown
from channels.letter import Letter
from channels.notify import NotifyAccount, NotifyLetters
from gateway.letter_pdf import Envelope, render_letter
from tests.channels.notify.conftest import HOME, a_notice
from tests.channels.notify.twin import NotifyTwin
from tests.channels.notify.twin_letters import address_in, state_of

LONG = "\n\n".join(["Thank you for writing to us. We have your letter."] * 60)
CROWDED = "A Example\nFlat 2\nThe Old Brewery with a Long Name\nHigh Street\nNorthtown\nNT1 2AB"


def page(notice: Outgoing, envelope: Envelope = Envelope.NOTIFY) -> bytes:
    return render_letter(
        notice.text, organisation="Northshire Council", return_address="1 County Square, Northtown, NT1 1AA",
        recipient=notice.address.value, reference=notice.reference, date=date(2026, 11, 23), envelope=envelope,
        notice_id=notice.notice_id, large_print=notice.large_print,
    )  # fmt: skip


@pytest.fixture
def letters(account: NotifyAccount, tmp_path: Path) -> NotifyLetters:
    print_folder = Letter(scan_dir=None, print_dir=tmp_path / "print", render=page)
    return NotifyLetters(account, render=page, otherwise=print_folder)


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("text", ["Thank you for writing to us.", LONG])
@pytest.mark.parametrize("recipient", [HOME.value, CROWDED])
def test_the_printer_finds_the_address_and_nothing_where_nothing_may_stand(
    text: str, recipient: str, large_print: bool
) -> None:
    to = Address(kind=AddressClass.POSTAL, value=recipient)
    pdf = page(replace(a_notice(to, text=text), large_print=large_print))
    assert address_in(pdf) == recipient.split("\n")
    assert state_of(pdf) == "accepted"


def test_a_code_where_the_printer_lets_none_stand_would_be_refused() -> None:
    with pikepdf.open(BytesIO(page(a_notice(HOME)))) as pdf:
        pdf.pages[0].contents_add(b"q 0 0 0 rg 400 5 20 8 re f Q")
        pdf.save(out := BytesIO())
    assert state_of(out.getvalue()) == "validation-failed"


def test_the_letter_for_our_own_envelopes_would_be_refused() -> None:
    assert state_of(page(a_notice(HOME), Envelope.OURS)) == "validation-failed"


async def test_a_letter_goes_out_as_the_finished_page(twin: NotifyTwin, letters: NotifyLetters) -> None:
    provider_id = await letters.send(a_notice(HOME))
    (sent,) = twin.sent
    assert (sent.id, sent.medium, sent.reference, sent.status) == (provider_id, "letter", "notice-1", "accepted")
    assert sent.page == page(a_notice(HOME))


async def test_a_letter_without_an_address_is_a_persons_to_address(
    twin: NotifyTwin, letters: NotifyLetters, tmp_path: Path
) -> None:
    nowhere = a_notice(Address(kind=AddressClass.POSTAL))
    assert await letters.find(nowhere) is None
    name = await letters.send(nowhere)
    assert [file.name for file in (tmp_path / "print").iterdir()] == [name]
    report = await letters.track(name)
    assert report is not None and (report.state, report.is_final) == (DeliveryState.SENT, True)
    assert twin.asked == 0


@pytest.mark.parametrize(
    ("status", "state", "is_final"),
    [
        ("pending-virus-check", DeliveryState.SENT, False),
        ("accepted", DeliveryState.SENT, True),
        ("received", DeliveryState.SENT, True),
        ("cancelled", DeliveryState.FAILED, False),
        ("virus-scan-failed", DeliveryState.FAILED, False),
        ("validation-failed", DeliveryState.FAILED, False),
        ("technical-failure", DeliveryState.FAILED, False),
        ("permanent-failure", DeliveryState.FAILED, False),
        ("returned-letter", DeliveryState.FAILED, False),
    ],
)
async def test_a_letter_is_never_delivered_only_posted_or_failed(
    twin: NotifyTwin, letters: NotifyLetters, status: str, state: DeliveryState, is_final: bool
) -> None:
    twin.plays = False
    provider_id = await letters.send(a_notice(HOME))
    await twin.becomes(provider_id, status)
    report = await letters.track(provider_id)
    assert report is not None and (report.state, report.is_final) == (state, is_final)
    assert bool(report.reason) == (state is DeliveryState.FAILED)


async def test_a_letter_that_cannot_be_printed_says_nothing_of_its_address(
    twin: NotifyTwin, letters: NotifyLetters
) -> None:
    provider_id = await letters.send(a_notice(HOME))
    errors = []
    for status in ("permanent-failure", "returned-letter"):
        await twin.becomes(provider_id, status)
        report = await letters.track(provider_id)
        assert report is not None
        errors.append(report.error)
    assert errors == [SendError.NOT_TAKEN, SendError.BAD_ADDRESS]


async def test_a_page_that_is_no_page_is_not_taken(account: NotifyAccount, tmp_path: Path) -> None:
    print_folder = Letter(scan_dir=None, print_dir=tmp_path, render=page)
    letters = NotifyLetters(account, render=lambda notice: b"not a page", otherwise=print_folder)
    with pytest.raises(SendFailed) as caught:
        await letters.send(a_notice(HOME))
    assert (caught.value.error, caught.value.permanent) == (SendError.NOT_TAKEN, True)


async def test_a_letter_whose_answer_was_lost_is_found_again(twin: NotifyTwin, letters: NotifyLetters) -> None:
    twin.faults.writes.append("drop")
    with pytest.raises(SendUnknown):
        await letters.send(a_notice(HOME))
    assert await letters.find(a_notice(HOME)) == twin.sent[0].id
