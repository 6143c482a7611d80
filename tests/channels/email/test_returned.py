"""Bounces and warnings of every make reach their notice; what only looks like one, or is forged, changes nothing."""

from __future__ import annotations

import pytest

from channels.contract import Answerable, DeliveryReport, DeliveryState, Inbound
from channels.email.own import LOOP_HEADER
from tests.channels.email.bounces import STYLES, Style
from tests.channels.email.northshire import MAILBOX, NOTICE_ID, OWN, a_mail, as_kept, email_channel

OURS = OWN.message_id(NOTICE_ID)
BOUNCE = OWN.bounce_address(NOTICE_ID)
COPY = f"From: {MAILBOX}\r\nMessage-ID: <{OURS}>\r\n{LOOP_HEADER}: {OWN.loop_mark(NOTICE_ID)}\r\nSubject: x"
NEWS = {name: style for name, style in STYLES.items() if style.state is not None}
NO_NEWS = {name: style for name, style in STYLES.items() if style.state is None}
RETURNS_A_COPY = {name: style for name, style in NEWS.items() if style.report or "{copy}" in style.text}


def outcome(style: Style, *, to: str, copy: str = COPY) -> DeliveryReport | Inbound:
    return email_channel().parse(as_kept(style.mail(copy), mail_from=style.mail_from, rcpt_to=to))


@pytest.mark.parametrize("name", NEWS)
def test_news_to_the_bounce_address_is_told_of_its_notice_as_it_is(name: str) -> None:
    style, report = NEWS[name], outcome(NEWS[name], to=BOUNCE, copy="Subject: the header of something")
    assert isinstance(report, DeliveryReport)
    assert (report.provider_id, report.state, report.is_delayed) == (OURS, style.state, style.is_delayed)
    assert report.error is style.error
    assert style.status in report.reason
    assert "@" not in report.reason


@pytest.mark.parametrize("name", RETURNS_A_COPY)
@pytest.mark.parametrize("copy", [f"Message-ID: <{OURS}>", f"{LOOP_HEADER}: {OWN.loop_mark(NOTICE_ID)}"])
def test_news_to_a_mailbox_is_known_by_what_it_brings_back(name: str, copy: str) -> None:
    style = NEWS[name]
    report = outcome(style, to=MAILBOX, copy=copy)
    assert isinstance(report, DeliveryReport)
    assert (report.provider_id, report.state, report.is_delayed) == (OURS, style.state, style.is_delayed)


def test_the_id_our_envelope_was_given_brings_a_report_back_without_any_copy() -> None:
    mark = f"Original-Envelope-Id: {OWN.loop_mark(NOTICE_ID)}"
    body = (
        STYLES["Postfix"]
        .mail("Subject: nothing of ours")
        .replace(b"Reporting-MTA: dns; mx.example.org", f"{mark}\r\nReporting-MTA: dns; mx.example.org".encode())
    )
    report = email_channel().parse(as_kept(body, mail_from="<>"))
    assert isinstance(report, DeliveryReport)
    assert (report.provider_id, report.state) == (OURS, DeliveryState.FAILED)


@pytest.mark.parametrize("name", NO_NEWS)
def test_who_answers_in_their_own_name_has_not_returned_our_mail(name: str) -> None:
    style = NO_NEWS[name]
    body = style.mail(COPY).replace(b"{in_reply_to}", f"<{OURS}>".encode())
    inbound = email_channel().parse(as_kept(body, mail_from=style.mail_from, rcpt_to=BOUNCE))
    assert isinstance(inbound, Inbound)
    assert inbound.answerable is Answerable.MACHINE
    assert OURS in inbound.replies_to


@pytest.mark.parametrize("name", NEWS)
@pytest.mark.parametrize(
    ("to", "copy"),
    [
        (f"bounce+{NOTICE_ID}-000000000000@northshire.example", f"Message-ID: <{NOTICE_ID}.0@northshire.example>"),
        (MAILBOX, f"Message-ID: <{NOTICE_ID}@northshire.example>\r\n{LOOP_HEADER}: {NOTICE_ID}-000000000000"),
        (MAILBOX, "Subject: We have your message - KMR-4729-HX"),
    ],
)
def test_a_bounce_that_anybody_could_have_written_changes_nothing(name: str, to: str, copy: str) -> None:
    inbound = outcome(NEWS[name], to=to, copy=copy)
    assert isinstance(inbound, Inbound)
    assert inbound.answerable is not Answerable.YES


def test_a_postmaster_who_writes_as_a_person_is_heard() -> None:
    mail = a_mail("Thank you, the child is called Sam.", From="postmaster@example.org", In_Reply_To=f"<{OURS}>")
    inbound = email_channel().parse(as_kept(mail, mail_from="postmaster@example.org"))
    assert isinstance(inbound, Inbound)
    assert inbound.replies_to == (OURS,)


def test_a_complaint_about_a_mail_is_no_bounce_of_it() -> None:
    body = (
        "--r\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n--r\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{OURS}>\r\n\r\n--r--\r\n"
    )
    mail = a_mail(body, Content_Type="multipart/report; report-type=feedback-report; boundary=r")
    report = email_channel().parse(as_kept(mail, mail_from="<>", rcpt_to=BOUNCE))
    assert isinstance(report, DeliveryReport)
    assert (report.state, report.is_delayed) == (DeliveryState.SENT, False)
