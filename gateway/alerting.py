"""Mail and texts to those who answer for the door when a rung of the ladder is theirs: FRONTDOOR_ALERT_TO."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from channels.contract import Address, AddressClass
from gateway.alerts import Alert, alerts_of
from gateway.clock import Clock
from gateway.core import Core
from gateway.ladder import Climbed, Told
from gateway.notices import RECEIPT_WITHIN, Owed
from gateway.owing import About, Owing
from storage import identity
from storage.notice import NoticeKind, NoticeState
from storage.referral import Referral
from storage.sealing import Seal


def alerting_of(core: Core) -> Alerting:
    """As this gateway is set up."""
    return Alerting(
        alerts=alerts_of(core.settings.alert_to), owing=core.owing, seal=core.seal, clock=core.clock,
        public_url=core.settings.public_url,
    )  # fmt: skip


class Alerting:
    """Owes the alert by the way every notice goes, so it is tried again and seen to fail."""

    def __init__(self, *, alerts: Sequence[Alert], owing: Owing, seal: Seal, clock: Clock, public_url: str) -> None:
        self._alerts: Mapping[Told, list[Address]] = {
            role: [one.address for one in alerts if one.role == role] for role in Told
        }
        self._owing, self._seal, self._clock, self._public_url = owing, seal, clock, public_url

    def tell(self, session: Session, row: Referral, climbed: Climbed, role: Told) -> None:
        """Only the reference, what is due and where to look: nothing of the concern, nobody's name."""
        for address in self._alerts[role]:
            channel = "email" if address.kind is AddressClass.EMAIL else "sms"
            owed = Owed(
                kind=NoticeKind.STAFF_TASK, channel=channel, state=NoticeState.OWED, words=channel,
                due_at=self._clock() + RECEIPT_WITHIN,
            )  # fmt: skip
            said = {
                "role": role.replace("_", " "), "says": climbed.rung.says, "task": climbed.rung.task,
                "act_by": climbed.act_by, "link": f"{self._public_url}/referrals/{row.reference}",
            }  # fmt: skip
            who = identity.remember(
                session, self._seal, found_by=f"alert:{address.kind}:{address.value.casefold()}",
                address_class=address.kind, value=address.value, name="", at=self._clock(),
            )  # fmt: skip
            self._owing.write(session, row, owed, About(identity=who, extra=said)).for_role = role
