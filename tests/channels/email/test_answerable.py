"""No machine answers a machine; a doubt goes to a person; a person is answered."""

import pytest

from channels.contract import Answerable
from channels.email.answerable import Why
from channels.email.proof import Border
from tests.channels.email.northshire import MAILBOX, NOTICE_ID, OWN, a_mail, as_kept, email_channel, read, read_behind

BORDER = Border(name="mx.northshire.example")

MACHINES: list[tuple[Why, dict[str, str]]] = [
    (Why.REPORT, {"Content_Type": "multipart/report; report-type=delivery-status; boundary=x"}),
    (Why.REPORT, {"Content_Type": "message/disposition-notification"}),
    (Why.AUTO_SUBMITTED, {"Auto_Submitted": "auto-replied"}),
    (Why.AUTO_SUBMITTED, {"Auto_Submitted": "Auto-Generated (vacation)"}),
    (Why.OWN_MAIL, {"X_Frontdoor_Loop": OWN.loop_mark(NOTICE_ID)}),
    (Why.OWN_MAIL, {"Message_ID": f"<{OWN.message_id(NOTICE_ID)}>"}),
    (Why.OWN_ADDRESS, {"From": f"Referrals <{MAILBOX.upper()}>"}),
    (Why.OWN_ADDRESS, {"Sender": "mash+x@northshire.example"}),
    (Why.OWN_ADDRESS, {"Reply_To": MAILBOX}),
    (Why.ASKS_FOR_NONE, {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}),
    (Why.ASKS_FOR_NONE, {"X_Auto_Response_Suppress": "All"}),
    (Why.MACHINE_HEADER, {"X_Autoreply": "yes"}),
    (Why.MACHINE_HEADER, {"X_Failed_Recipients": "a@example.org"}),
    (Why.MACHINE_HEADER, {"X_Apple_Action": "vacation"}),
    (Why.MACHINE_HEADER, {"Message_Class": "IPM.Note.Rules.OofTemplate.Microsoft"}),
    (Why.MACHINE_HEADER, {"Delivered_To": "Autoresponder"}),
    (Why.TOO_MANY_HOPS, {"Received": "\r\n".join(["from a by b"] + ["Received: from a by b"] * 49)}),
]
DOUBTS: list[tuple[Why, dict[str, str]]] = [
    (Why.LIST, {"Precedence": "Bulk"}),
    (Why.LIST, {"List_Unsubscribe": "<mailto:x@example.org>"}),
    *(
        (Why.ROLE_ADDRESS, {"From": f"{local}@example.org"})
        for local in (
            "MAILER-DAEMON",
            "postmaster",
            "no-reply",
            "noreply+7",
            "donotreply",
            "do_not_reply",
            "bounce+x",
            "bounces",
            "owner-parents",
            "parents-request",
            "listserv",
            "root",
        )
    ),
    (Why.ASKS_FOR_NONE, {"X_Auto_Response_Suppress": "OOF"}),
    *(
        (Why.SUBJECT, {"Subject": subject})
        for subject in (
            "Out of Office: your mail",
            "Automatic reply: A worry",
            "Auto: away",
            "Abwesenheitsnotiz",
            "Undeliverable: A worry",
            "Delivery Status Notification (Failure)",
            "Mail delivery failed: returning message to sender",
            "Réponse automatique : absence",
            "failure notice",
        )
    ),
    (Why.SENDER_UNCLEAR, {"From": "a@example.org, b@example.org"}),
]
PEOPLE: list[dict[str, str]] = [
    {"Subject": "Absence concern"},
    {"Subject": "Absence from school since Monday"},
    {"Subject": "Fwd: Undeliverable: A worry"},
    {"Subject": "RE: Out of office"},
    {"Subject": "Delivery of a baby"},
    {"Subject": "Automatic doors left open at nursery"},
    {"Subject": ""},
    {"Auto_Submitted": "no"},
    {"X_Auto_Response_Suppress": "DR, RN, NRN"},
    {"X_Autoreply": "no"},
    {"Precedence": "normal"},
    {"From": "Rooty McRoot <rootham@example.org>"},
    {"From": "reply@example.org"},
    {"From": "office-admin@school.example.org"},
    {"X_Frontdoor_Loop": "0c0f4c4e-forged"},
    {"Message_ID": f"<{NOTICE_ID}.000000000000@northshire.example>"},
    {"Reply_To": "someone@northshire.example"},
    {"Authentication_Results": "mx.elsewhere.example; dmarc=fail"},
    {"Authentication_Results": "mx.northshire.example; dmarc=pass; note=\"dmarc=failed\""},
]  # fmt: skip


@pytest.mark.parametrize(("why", "fields"), MACHINES)
def test_a_machine_is_never_answered(why: Why, fields: dict[str, str]) -> None:
    inbound = read(a_mail(**fields))
    assert (inbound.answerable, inbound.answerable_reason) == (Answerable.MACHINE, why)


def a_calendar(method: str, disposition: str = "inline") -> bytes:
    """A mail that carries a calendar beside its words, as Outlook sends it."""
    words = "--f\r\nContent-Type: text/plain\r\n\r\nSee you then.\r\n"
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n"
    kind = f"Content-Type: text/calendar; charset=utf-8; method={method}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return a_mail(f"{words}--f\r\n{kind}{calendar}--f--\r\n", Content_Type="multipart/alternative; boundary=f")


@pytest.mark.parametrize("method", ["REPLY", "Counter"])
def test_a_calendars_answer_to_an_invitation_is_a_machines(method: str) -> None:
    inbound = read(a_calendar(method))
    assert (inbound.answerable, inbound.answerable_reason) == (Answerable.MACHINE, Why.CALENDAR_ANSWER)
    alone = read(a_mail("BEGIN:VCALENDAR\r\nEND:VCALENDAR", Content_Type=f"text/calendar; method={method}"))
    assert alone.answerable_reason == Why.CALENDAR_ANSWER


def test_who_invites_to_a_meeting_or_sends_anothers_answer_as_a_file_is_a_person() -> None:
    assert read(a_calendar("REQUEST")).answerable is Answerable.YES
    assert read(a_calendar("REPLY", 'attachment; filename="accepted.ics"')).answerable is Answerable.YES


@pytest.mark.parametrize(("why", "fields"), DOUBTS)
def test_in_doubt_a_person_answers(why: Why, fields: dict[str, str]) -> None:
    inbound = read(a_mail(**fields))
    assert (inbound.answerable, inbound.answerable_reason) == (Answerable.PERHAPS, why)


@pytest.mark.parametrize("fields", PEOPLE)
def test_a_person_is_answered(fields: dict[str, str]) -> None:
    inbound = read(a_mail(**fields))
    assert (inbound.answerable, inbound.answerable_reason) == (Answerable.YES, "")


@pytest.mark.parametrize("null", ["<>", "", " <> "])
def test_the_null_sender_is_a_machine_however_it_is_written_down(null: str) -> None:
    assert read(a_mail(), mail_from=null).answerable_reason == Why.NULL_SENDER


def test_a_mail_handed_in_as_a_file_is_judged_by_the_return_path_it_carries() -> None:
    from_file = as_kept(a_mail(Return_Path="<>"))
    bare = email_channel().parse(type(from_file)(**{**from_file.__dict__, "envelope": {}}))
    assert bare == read(a_mail(Return_Path="<>"), mail_from="<>", rcpt_to="")


async def test_only_our_own_border_is_believed_about_dmarc() -> None:
    mail = a_mail(Authentication_Results="mx.northshire.example 1; spf=pass; dmarc=fail (p=none)")
    inbound = await read_behind(BORDER, mail)
    assert (inbound.answerable, inbound.answerable_reason) == (Answerable.PERHAPS, Why.UNPROVEN)
    assert (await read_behind(Border(name="mx.elsewhere.example"), mail)).answerable is Answerable.YES
    assert read(mail).answerable is Answerable.YES


@pytest.mark.parametrize(
    ("results", "envelope", "answerable"),
    [
        ("spf=none; dkim=none", "a@elsewhere.example.org", Answerable.YES),
        ("spf=none; dkim=none", "a@elsewhere.example", Answerable.PERHAPS),
        ("spf=softfail; dkim=fail; dmarc=none", "a@elsewhere.example", Answerable.PERHAPS),
        ("spf=none; dkim=pass header.d=example.org", "a@elsewhere.example", Answerable.YES),
        ("spf=none; dkim=none", "a@example.org", Answerable.YES),
        ("spf=pass smtp.mailfrom=elsewhere.example; dkim=none", "a@elsewhere.example", Answerable.PERHAPS),
        ("spf=temperror; dkim=none", "a@elsewhere.example", Answerable.YES),
    ],
)
async def test_without_proof_of_the_author_an_envelope_of_another_domain_may_be_a_forgery(
    results: str, envelope: str, answerable: Answerable
) -> None:
    mail = a_mail(From="jo@example.org", Authentication_Results=f"mx.northshire.example; {results}")
    assert (await read_behind(BORDER, mail, mail_from=envelope)).answerable is answerable


@pytest.mark.parametrize(("times", "answerable"), [(2, Answerable.YES), (3, Answerable.MACHINE)])
def test_a_mail_that_came_by_us_three_times_goes_round(times: int, answerable: Answerable) -> None:
    hop = "from relay.example.org by mx.northshire.example with ESMTP; Mon, 23 Nov 2026 10:15:00 +0000"
    mail = a_mail(Received="\r\n".join([hop, *[f"Received: {hop}"] * (times - 1)]))
    assert read(mail).answerable is answerable


def test_a_report_inside_a_mail_a_person_forwards_does_not_make_them_a_machine() -> None:
    inner = "Content-Type: message/rfc822\r\n\r\nContent-Type: message/delivery-status\r\n\r\nx"
    body = f"--f\r\n\r\nWhat is this?\r\n--f\r\n{inner}\r\n--f--"
    inbound = read(a_mail(body, Content_Type="multipart/mixed; boundary=f"))
    assert inbound.answerable is Answerable.YES
