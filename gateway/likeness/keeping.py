"""Keeps the keys of a referral true: written anew in the transaction that changes what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from channels.contract import Address, AddressClass
from gateway.addresses import address_of
from gateway.claims import opened
from gateway.likeness.keys import Facts, Known, keys_in
from storage import claim, identity, likeness
from storage.attachment import Attachment
from storage.claim import Claim, ClaimStatus, Entity
from storage.message import Message
from storage.referral import Referral, by_reference
from storage.sealing import Seal

STANDS = frozenset({ClaimStatus.PROPOSED, ClaimStatus.CONFIRMED})
LEAST_BYTES = 512  # of a file: smaller ones are spacers and marks
FIELDS = frozenset(
    {
        "name", "given_name", "family_name", "dob", "school", "nhs_number", "upn", "la_child_id", "phone", "email",
        "address", "postcode",
    }
)  # fmt: skip


def renew(session: Session, seal: Seal, referral_id: int) -> bool:
    """The keys of one referral as everything known of it stands now; whether it has one that it had not before."""
    session.flush()
    row = session.get(Referral, referral_id)
    if row is None:
        return False
    if row.linked_to and (other := by_reference(session, row.linked_to)) is not None:
        likeness.link(session, referral_id, other.id or 0)
    return likeness.replace_keys(session, referral_id, keys_in(_facts(session, seal, row), seal))


def _facts(session: Session, seal: Seal, row: Referral) -> Facts:
    referral_id = row.id or 0
    messages = session.exec(
        select(Message.identity_id, Message.words_hash).where(Message.referral_id == referral_id)
    ).all()
    ids = {row.identity_id, *(who for who, _ in messages)} - {None}
    people = [*identity.by_ids(session, [each for each in ids if each]).values()]
    people += [who for _, who in identity.all_ways(session, referral_id)]
    homes = identity.household_of(session, referral_id)
    return Facts(
        senders=[address_of(seal, who) for who in people],
        homes=[
            Address(kind=AddressClass(home.address_class), value=identity.household_address(seal, home))
            for home in homes
        ],
        known=list(_known(seal, claim.of_referrals(session, [referral_id]))),
        files=_files(session, referral_id),
        words=[said for _, said in messages if said],
    )


def _known(seal: Seal, rows: list[Claim]) -> Iterator[Known]:
    for row in rows:
        if row.status in STANDS and row.field in FIELDS and row.entity in set(Entity):
            said = opened(seal, row)
            yield Known(
                entity=Entity(row.entity), entity_no=row.entity_no, field=row.field, value=said.value,
                norm=said.value_norm, is_checked=row.status == ClaimStatus.CONFIRMED,
            )  # fmt: skip


def _files(session: Session, referral_id: int) -> list[str]:
    """Of recordings none: two calls never sound the same."""
    query = select(Attachment.sha256).where(
        Attachment.referral_id == referral_id, col(Attachment.sha256).is_not(None), col(Attachment.size) >= LEAST_BYTES
    )
    found = session.exec(query.where(~col(Attachment.media_type).startswith("audio/")))
    return sorted({sha256 for sha256 in found if sha256})
