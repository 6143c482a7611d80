"""Puts together what was found out about a sender: who vouches, and whether it is the author's own domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels.contract import Proof
from channels.email.proof.bearable import is_sealed, why_unbearable
from channels.email.proof.border import Found
from channels.email.proof.domains import domain_of, is_aligned, written
from channels.email.proof.names import NotAnswered, Questions
from channels.email.proof.policies import Policy, Unusable, policy_of
from channels.email.proof.sending_server import Sent, sent_by_its_own
from channels.email.proof.signatures import Signature, best, chain_of, signatures_of

OWN_CHECK = "frontdoor"
NOT_ASKED = "the name service did not answer"


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """What passed: the domains whose signature holds, and the one whose own server it came by (empty: none)."""

    signed: tuple[str, ...] = ()
    sent: str = ""

    @property
    def domains(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys(each for each in (*self.signed, self.sent) if each))

    def speaks_for(self, author: str, policy: Policy | None = None) -> bool:
        """Whether any of it is the author's own (RFC 7489 3.1)."""
        strict = policy or Policy(asks="none")
        signed = any(is_aligned(author, each, strictly=strict.strict_signature) for each in self.signed)
        return signed or is_aligned(author, self.sent, strictly=strict.strict_server)


def by_the_border(found: Sequence[Found], *, claims: str, border: str) -> Proof:
    """What our border server says. A mail it says nothing of is one that nobody checked."""
    if not found:
        return Proof(claims=claims, unchecked="our border server says nothing of it")
    said = {each.method: each for each in reversed(found)}
    signatures = tuple(_signature(each) for each in found if each.method == "dkim")
    server = said.get("spf")
    vouched = Vouched(
        signed=tuple(each.domain for each in signatures if each.result == "pass" and each.domain),
        sent=_sending_domain(server) if server and server.result == "pass" else "",
    )  # fmt: skip
    dmarc = said["dmarc"].result if "dmarc" in said else ""
    author = written(said["dmarc"].properties.get("header.from", claims)) if dmarc == "pass" else ""
    is_own = vouched.speaks_for(claims) or (bool(claims) and author == claims)
    return Proof(
        spf=server.result if server else "", dkim=_one_word(signatures), dmarc=dmarc,
        arc=said["arc"].result if "arc" in said else "", domains=vouched.domains, checked_by=border,
        is_proven=is_own and dmarc != "fail", claims=claims, policy=_asked(said.get("dmarc")),
    )  # fmt: skip


def by_our_own(mail: bytes, sent: Sent | None, *, claims: str, questions: Questions) -> Proof:
    """Our own check. ``sent`` is None where no server from outside brought it: then only signatures say anything."""
    server = sent_by_its_own(sent, questions) if sent else ""
    left_out = why_unbearable(mail)
    signatures = signatures_of(mail, questions) if not left_out else ()
    vouched = Vouched(
        signed=tuple(each.domain for each in signatures if each.result == "pass"),
        sent=sent.domain if sent and server == "pass" else "",
    )  # fmt: skip
    policy, dmarc = _dmarc(claims, vouched, questions)
    is_half_known = bool(left_out) or "temperror" in (server, *(each.result for each in signatures))
    dmarc = "temperror" if dmarc == "fail" and is_half_known else dmarc
    chain = chain_of(mail, questions) if is_sealed(mail) and not left_out else ""
    unasked = NOT_ASKED if "temperror" in (server, dmarc, best(signatures)) else ""
    return Proof(
        spf=server, dkim="" if left_out else best(signatures), dmarc=dmarc, arc=chain, domains=vouched.domains,
        checked_by=OWN_CHECK, is_proven=vouched.speaks_for(claims, policy), claims=claims,
        policy=policy.asks if policy else "", unchecked=left_out or unasked,
    )  # fmt: skip


def _dmarc(claims: str, vouched: Vouched, questions: Questions) -> tuple[Policy | None, str]:
    if not claims:
        return None, "permerror"
    try:
        policy = policy_of(claims, questions)
    except NotAnswered:
        return None, "temperror"
    except Unusable:
        return None, "permerror"
    if policy is None:
        return None, "none"
    return policy, "pass" if vouched.speaks_for(claims, policy) else "fail"


def _signature(found: Found) -> Signature:
    named = found.properties.get("header.d") or domain_of(found.properties.get("header.i", ""))
    return Signature(domain="" if named == "none" else written(named), result=found.result)


def _one_word(signatures: tuple[Signature, ...]) -> str:
    """Border servers use words of their own for what went wrong: any pass is told, else the first."""
    results = [each.result for each in signatures]
    return "pass" if "pass" in results else next(iter(results), "")


def _sending_domain(found: Found) -> str:
    sender = found.properties.get("smtp.mailfrom", "")
    return domain_of(sender) or written(sender) or written(found.properties.get("smtp.helo", ""))


def _asked(found: Found | None) -> str:
    """What the domain asks, where the border server tells it: ``policy.published-domain-policy`` or ``action``."""
    properties = found.properties if found else {}
    return properties.get("policy.dmarc", properties.get("policy.published-domain-policy", ""))
