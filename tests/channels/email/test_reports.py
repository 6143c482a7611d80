"""What mail servers say of a notice reaches that notice, and nobody can say it of a notice they never had."""

import pytest

from channels.contract import Answerable, DeliveryReport, DeliveryState, Inbound
from channels.email.own import LOOP_HEADER
from tests.channels.email.northshire import NOTICE_ID, OWN, SENDER, a_mail, as_kept, email_channel, read, read_report

OURS = OWN.message_id(NOTICE_ID)
BOUNCE = OWN.bounce_address(NOTICE_ID)


def a_dsn(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    returned: str = f"Message-ID: <{OURS}>",
    kind: str = "text/rfc822-headers",
) -> bytes:
    """A delivery status notification as RFC 3464 has it."""
    return a_mail(
        f"--r\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; {SENDER}\r\nAction: {action}\r\n"
        f"Status: {status}\r\n\r\n--r\r\nContent-Type: {kind}\r\n\r\n{returned}\r\nSubject: Kept\r\n\r\n--r--\r\n",
        From="MAILER-DAEMON@example.org", Content_Type="multipart/report; report-type=delivery-status; boundary=r",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "status", "state", "permanent"),
    [
        ("failed", "5.1.1", DeliveryState.FAILED, True),
        ("Failed", "4.4.7", DeliveryState.FAILED, False),
        ("delayed", "4.2.2", DeliveryState.SENT, False),
        ("relayed", "2.0.0", DeliveryState.SENT, False),
        ("delivered", "2.1.5", DeliveryState.DELIVERED, True),
    ],
)
def test_each_kind_of_news_is_told_as_it_is(action: str, status: str, state: DeliveryState, permanent: bool) -> None:
    report = read_report(a_dsn(action=action, status=status), rcpt_to=BOUNCE)
    assert (report.provider_id, report.state, report.permanent) == (OURS, state, permanent)
    assert status in report.reason
    assert SENDER not in report.reason


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize("returned", [f"Message-ID: <{OURS}>", f"{LOOP_HEADER}: {OWN.loop_mark(NOTICE_ID)}"])
def test_a_report_that_came_to_a_mailbox_is_matched_by_the_mail_it_returns(kind: str, returned: str) -> None:
    assert read_report(a_dsn(kind=kind, returned=returned), mail_from=SENDER).provider_id == OURS


def test_a_returned_mail_without_a_machine_readable_part_is_a_failure() -> None:
    plain = a_mail("550 5.1.1 no such user\r\n\r\nMessage-ID: <gone@example.org>", Subject="failure notice")
    report = read_report(plain, rcpt_to=BOUNCE)
    assert (report.provider_id, report.state, report.reason) == (OURS, DeliveryState.FAILED, "returned 5.1.1")
    quoted = a_mail(f"Hi. This is the program.\r\n--- copy\r\nMessage-Id: <{OURS}>\r\n")
    assert read_report(quoted).provider_id == OURS


def test_an_absence_note_is_no_failure_and_a_person_sees_it() -> None:
    for fields in ({"Auto_Submitted": "auto-replied"}, {"Subject": "Out of office"}):
        inbound = read(a_mail("I am away", **fields), mail_from="<>", rcpt_to=BOUNCE)
        assert inbound.answerable is Answerable.MACHINE
        assert inbound.replies_to == (OURS,)


def test_a_person_who_writes_to_the_bounce_address_is_heard() -> None:
    inbound = read(a_mail("Thank you, here is more."), rcpt_to=BOUNCE)
    assert inbound.text == "Thank you, here is more."
    assert inbound.replies_to == (OURS,)


def test_a_reader_receipt_proves_that_it_arrived() -> None:
    body = (
        "--r\r\n\r\nSeen.\r\n--r\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Original-Message-ID: <{OURS}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--r--"
    )
    mail = a_mail(body, Content_Type="multipart/report; report-type=disposition-notification; boundary=r")
    report = read_report(mail, mail_from=SENDER)
    assert (report.provider_id, report.state) == (OURS, DeliveryState.DELIVERED)


@pytest.mark.parametrize(
    "returned",
    [
        "Message-ID: <theirs@example.org>",
        f"Message-ID: <{NOTICE_ID}.000000000000@northshire.example>",
        f"{LOOP_HEADER}: {NOTICE_ID}-000000000000",
    ],
)
def test_a_report_on_a_mail_we_did_not_write_is_a_message_of_a_machine(returned: str) -> None:
    inbound = read(a_dsn(returned=returned), mail_from="<>")
    assert inbound.answerable is Answerable.MACHINE


def test_a_person_quoting_our_notice_is_not_taken_for_a_report() -> None:
    outcome = email_channel().parse(as_kept(a_mail(f"> Message-ID: <{OURS}>\r\nThank you", In_Reply_To=f"<{OURS}>")))
    assert isinstance(outcome, Inbound)
    assert outcome.answerable is Answerable.YES


def test_every_report_the_door_calls_news_is_read_as_news() -> None:
    form = "Multipart/Report; boundary=lost"
    bare = a_mail("Sorry.", Content_Type=form, Auto_Submitted="auto-replied", Subject="Out of office")
    for body in (bare, a_dsn(), a_dsn(action="strange"), a_dsn(returned="")):
        outcome = email_channel().parse(as_kept(body, mail_from="<>", rcpt_to=BOUNCE))
        assert isinstance(outcome, DeliveryReport)
        assert outcome.provider_id == OURS
