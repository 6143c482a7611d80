"""What a message may be other than a concern: a message for a worker, a complaint, an enquiry, not for us."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.suggesting.rules.words import phrase
from storage.referral import Kind


@dataclass(frozen=True, kw_only=True)
class KindRule:
    """Words by which a message may be of a kind."""

    kind: Kind
    says: str
    words: re.Pattern[str]


KINDS = (
    KindRule(
        kind=Kind.MESSAGE_FOR_WORKER, says="it asks for a worker",
        words=phrase(
            r"(?:message|note) for (?:\w+ ){0,3}(?:social )?worker|(?:can|could|would|"
            r"please)(?: you)?(?: please)? (?:ask|tell|get|"
            r"have) (?:\w+ ){1,4}?to (?:call|ring|phone|contact|email|text) me|(?:speak|talk) to (?:my|our|his|her|"
            r"the|their) "
            r"(?:\w+ )?(?:social )?worker|(?:my|our|his|her|their) (?:social worker|allocated worker|"
            r"family support worker)|"
            r"pass (?:this|it|a message|that) (?:on )?to (?:my|our|his|her|the)"
        ),
    ),
    KindRule(
        kind=Kind.COMPLAINT, says="it complains about a service",
        words=phrase(
            r"(?:make|making|lodge|raise|raising|file|submit) (?:a |an )?(?:formal |official )?complaint|"
            r"formal complaint|"
            r"(?:i|we) (?:want|wish|would like) to complain|complain(?:t|ing)? about (?:the|your|my|our|"
            r"a) (?:\w+ ){0,2}(?:social "
            r"worker|service|services|council|department|team|staff|decision)|ombudsman|(?:disgusted|"
            r"appalled) (?:with|by|at) "
            r"(?:your|the) (?:service|council|department|staff|way)"
        ),
    ),
    KindRule(
        kind=Kind.ENQUIRY, says="it asks for information",
        words=phrase(
            r"how (?:do|can|would) (?:i|we) (?:apply|register|find|become|get|request|book|contact|pay|start)|"
            r"(?:could|can|would) "
            r"you (?:please )?(?:send|give|provide) (?:me|us) (?:\w+ ){0,2}(?:information|details|a form|"
            r"an application|a copy)|"
            r"what (?:are|is) (?:your|the) (?:opening|office|address|process for)|(?:becoming|become) (?:a )?foster\w*|"
            r"fostering enquiry|freedom of information|subject access request|do you (?:offer|provide|run|have any)"
        ),
    ),
    KindRule(
        kind=Kind.NOT_FOR_US, says="it is about another service",
        words=phrase(
            r"(?:bins?|rubbish|recycling) (?:\w+ ){0,4}?(?:collected|collection|emptied|missed)|missed (?:bin|bins|"
            r"collection)|"
            r"pot ?holes?|council tax|parking (?:fine|ticket|permit)|street ?lights?|fly[- ]?tipping|"
            r"planning (?:permission|"
            r"application)|housing benefit|library (?:book|card)|unsubscribe|special offer|"
            r"search engine optimi[sz]ation|"
            r"our (?:products?|range)|invoice (?:attached|overdue|number)"
        ),
    ),
)  # fmt: skip
