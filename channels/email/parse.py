"""Reads a kept mail: who wrote, what they said and sent along, what it continues, and whether a machine may answer."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message

from channels.contract import Address, AddressClass, DeliveryReport, Inbound, Proof, RawMessage, Unreadable
from channels.email.answerable import ASK_A_PERSON, judge
from channels.email.fields import field, is_message_id, mailboxes, message_ids, raw_field, written_address
from channels.email.own import Own, tag_of
from channels.email.pages import has_page
from channels.email.parts import Found, Origin, take_apart
from channels.email.proof import Border, proof_in
from channels.email.quoting import answers_another, folds_in
from channels.email.reports import delivery_report
from channels.email.thread_index import token_in
from channels.email.traits import Traits, is_null_sender, traits_of
from channels.email.unwanted import why_unwanted
from channels.email.whole import mail_in

_MOST_REFERENCES = 20


def read_mail(
    raw: RawMessage, *, own: Own, our_host: str = "", border: Border | None = None
) -> Inbound | DeliveryReport:
    """The same bytes give the same answer. Raises ``Unreadable`` only for what is no mail at all."""
    message = _mail_of(raw)
    found = take_apart(message, len(raw.body))
    traits = traits_of(message, own=own, envelope=raw.envelope, text=found.text)
    if report := delivery_report(traits):
        return report
    is_from_border = border is not None and border.brought(raw.envelope)
    spam = why_unwanted(traits, "" if found.is_silent else found.text, found.enclosures, is_from_border=is_from_border)
    return _inbound(traits, found, our_host=our_host, proof=proof_in(raw.envelope), spam=spam)


def _mail_of(raw: RawMessage) -> Message:
    """The mail; what is none has the sender of its envelope, so that a person can answer it."""
    try:
        if not raw.body.strip():
            raise Unreadable("the mail is empty")
        return mail_in(raw.body)
    except Unreadable as error:
        sent = raw.envelope.get("mail_from")
        address = written_address(sent or "")
        sender = Address(kind=AddressClass.EMAIL, value=address) if address else None
        is_null = sent is not None and is_null_sender(sent)
        raise Unreadable(error.reason, sender=sender, by_machine=is_null) from None


def _inbound(traits: Traits, found: Found, *, our_host: str, proof: Proof | None, spam: str) -> Inbound:
    answerable, why = judge(traits, our_host=our_host, proof=proof, spam=spam)
    sender, name = _sender(traits)
    topic = filter(None, [field(traits.message, "Thread-Topic")])
    tags = [tag for recipient in traits.recipients if (tag := tag_of(recipient)) and not traits.bounced_tokens]
    return Inbound(
        sender=sender, sender_name=name, text=found.text or traits.subject, subject=traits.subject,
        thread_text="\n".join([traits.subject, *topic, *tags, found.text]), enclosures=tuple(found.enclosures),
        replies_to=_continued(traits), reply_handle=_reply_handle(traits), answerable=answerable,
        answerable_reason=why, by_hand=why if why in ASK_A_PERSON else "",
        facts=_facts(traits), proof=proof, spam=spam, has_page=has_page(traits.message),
        unopened=any(each.origin is Origin.REMARK for each in found.said),
        folds=folds_in(found, subject=traits.subject, is_reply=answers_another(traits.message)),
    )  # fmt: skip


def _continued(traits: Traits) -> tuple[str, ...]:
    """The mails this one answers, ours or theirs; Outlook at times names the conversation alone."""
    began = token_in(raw_field(traits.message, "Thread-Index"))
    tokens = [*traits.bounced_tokens, *([began] if began else [])]
    answered = message_ids(traits.message, "In-Reply-To", "References")
    return tuple(dict.fromkeys([*map(traits.own.message_id_from_token, tokens), *answered]))


def _sender(traits: Traits) -> tuple[Address, str]:
    """The author, else the first address that can be written to, else the envelope's; which is then not answered."""
    usable = [box for box in traits.authors if box.address]
    name = next((box.name for box in (*usable, *traits.authors) if box.name), "")
    value = usable[0].address if usable else written_address(traits.envelope_from or "")
    kind = AddressClass.EMAIL if value else AddressClass.NONE
    return Address(kind=kind, value=value), name


def _reply_handle(traits: Traits) -> dict[str, str]:
    """What an answer needs to join the thread, ids without brackets; empty when theirs is no proper id."""
    if not is_message_id(traits.message_id):
        return {}
    known = [each for each in message_ids(traits.message, "References", "In-Reply-To") if is_message_id(each)]
    return {"message_id": traits.message_id, "references": " ".join(known[-_MOST_REFERENCES:])}


def _facts(traits: Traits) -> Mapping[str, str]:
    """Where the sender would rather have answers, if that is somewhere else: for a person to weigh, never used."""
    author = traits.author.address.lower() if traits.author else ""
    wanted = next((box.address for box in mailboxes(traits.message, "Reply-To") if box.address), "")
    return {"reply_to": wanted} if wanted and wanted.lower() != author else {}
