"""What is known of who really sent a mail, in the words staff read and in the form programs read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from channels.contract import Proof
from gateway.known_senders import Meaning, meaning_of

RING_THEM = "ring them on a number you know before you rely on it"


class Standing(StrEnum):
    """How far a mail's author can be taken for who they say they are."""

    PROVEN = "proven"
    DOUBTED = "doubted"  # what was found speaks against them
    UNPROVEN = "unproven"  # nothing speaks for or against them, as with most private mail
    UNCHECKED = "unchecked"


class SenderProofView(BaseModel):
    """Results after RFC 8601 (``pass``, ``fail``, ``none`` …), empty where not checked; ``standing`` sums them up.

    What is suggested is for a person to decide, and is only there where the sender is proven.
    """

    standing: Standing
    spf: str
    dkim: str
    dmarc: str
    arc: str
    policy: str
    checked_by: str
    domains: list[str]
    claims: str
    known_as: str
    unchecked: str
    suggested_told_as: str | None
    suggested_contact_source: str | None


@dataclass(frozen=True, kw_only=True)
class InWords:
    """For the page: what was found, and what it suggests; ``is_warning`` where somebody should ring first."""

    says: str
    suggests: str = ""
    is_warning: bool = False


def standing_of(proof: Proof) -> Standing:
    """A professional's domain is doubted as soon as nothing proves it; anybody else's when a check failed."""
    if proof.is_proven:
        return Standing.PROVEN
    results = (proof.spf, proof.dkim, proof.dmarc)
    if not proof.checked_by or not any(results) or ("temperror" in results and proof.dmarc != "fail"):
        return Standing.UNCHECKED
    if proof.dmarc == "fail" or proof.spf == "fail" or proof.known_as:
        return Standing.DOUBTED
    return Standing.UNPROVEN


def mark_of(proof: Proof | None) -> str:
    """What may stand in the open, beside the message: no domain, only how it stands and whose kind it is."""
    if proof is None:
        return ""
    standing, meaning = standing_of(proof), meaning_of(proof.known_as)
    if standing is Standing.DOUBTED:
        return "Sender not proven"
    return f"{meaning.label}, proven" if standing is Standing.PROVEN and meaning else ""


def in_words(proof: Proof) -> InWords:
    """A sentence or two for who is about to rely on it."""
    standing, meaning = standing_of(proof), meaning_of(proof.known_as)
    if standing is Standing.PROVEN:
        said = f"Really sent by {proof.claims} ({_how(proof)})."
        return InWords(says=_with_kind(said, meaning), suggests=_suggests(meaning))
    claims = proof.claims or "somebody who cannot be told"
    if standing is Standing.DOUBTED:
        where = _what_speaks_against(proof)
        asks = " Its owner asks that such mail is not believed." if proof.policy in ("quarantine", "reject") else ""
        return InWords(says=f"Claims to be {claims}, but {where}: {RING_THEM}.{asks}", is_warning=True)
    if standing is Standing.UNCHECKED:
        why = f": {proof.unchecked}" if proof.unchecked else ""
        first = f" If it matters that it is {claims}, {RING_THEM}." if meaning else ""
        return InWords(says=f"Nobody could check who sent this{why}.{first}", is_warning=bool(meaning))
    return InWords(says="Nothing proves who sent this; most private mail is like that.")


def view_of(proof: Proof) -> SenderProofView:
    """For programs that act for a social worker."""
    meaning = meaning_of(proof.known_as) if proof.is_proven else None
    return SenderProofView(
        standing=standing_of(proof), spf=proof.spf, dkim=proof.dkim, dmarc=proof.dmarc, arc=proof.arc,
        policy=proof.policy, checked_by=proof.checked_by, domains=list(proof.domains), claims=proof.claims,
        known_as=proof.known_as, unchecked=proof.unchecked,
        suggested_told_as=meaning.told_as if meaning else None,
        suggested_contact_source=meaning.source if meaning else None,
    )  # fmt: skip


def _how(proof: Proof) -> str:
    return "checked by its signature" if proof.dkim == "pass" else "it came by that domain's own server"


def _with_kind(said: str, meaning: Meaning | None) -> str:
    return f"{said} {meaning.label}." if meaning else said


def _what_speaks_against(proof: Proof) -> str:
    """Lists and forwarders break signatures; their own seal says no more than that they passed it on."""
    if proof.arc == "pass":
        return "was passed on and changed on the way, perhaps by a mailing list"
    if proof.spf in ("fail", "softfail") or (proof.dmarc == "fail" and proof.dkim != "fail"):
        return "was sent by another server"
    return "was changed on the way or sent by somebody else" if proof.dkim == "fail" else "nothing proves it"


def _suggests(meaning: Meaning | None) -> str:
    if meaning is None:
        return ""
    told = "a member of the public" if meaning.told_as == "public" else f"a {meaning.told_as}"
    source = f"{meaning.source}, {meaning.source_words}"
    return f"Suggested, for you to decide: the sender is told as {told}; contact source {source}."
