"""What a form that has been read asks for: the child is known, nothing goes to their home, and people have to act."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session

from channels.contract import Address, AddressClass
from gateway import ladder, notices, promised
from gateway import reference as references
from gateway.addresses import as_typed, home_key
from gateway.clock import Clock
from gateway.owing import About, Owing
from gateway.safe_contact import BY_SENDER
from gateway.standard_form.meaning import meant
from gateway.standard_form.reading import FilledForm
from storage import audit, identity
from storage.referral import Referral, State
from storage.sealing import Seal

CHILD = ("child.given_name", "child.family_name", "child.words")
DANGER = "look at it at once: the form says that a child is in danger now"
REACHED = "write down how to reach the sender safely: the form says it, and no machine uses that before a person has"
REACHED_AT = ("referrer.email", "referrer.phone", "referrer.address")


class Following:
    """All of it in the transaction it is given, once for each form."""

    def __init__(self, *, seal: Seal, owing: Owing, clock: Clock) -> None:
        self._seal, self._owing, self._clock = seal, owing, clock

    def follow(self, session: Session, row: Referral, form: FilledForm) -> None:
        """A machine may raise, never lower: the rating is left alone."""
        row.child_known = row.child_known or any(form.said(question) for question in CHILD)
        for home in _homes(form):
            identity.add_household(
                session, self._seal, referral_id=row.id or 0, found_by=home_key(home), address_class=home.kind,
                value=home.value, said_by=BY_SENDER, at=self._clock(),
            )  # fmt: skip
        if meant("yes_no", form.said("concern.immediate_danger")) == "yes":
            self._raise(session, row)
        if (told := references.parse(form.said("concern.reference"))) is not None:
            self._link(session, row, told)
        if any(form.said(question) for question in REACHED_AT):
            self._owing.write(session, row, notices.task(REACHED, self._clock()), About())
        session.add(row)

    def _raise(self, session: Session, row: Referral) -> None:
        task = notices.task(DANGER, self._clock(), is_red=True)
        self._owing.write(session, row, task, About())
        if row.state != State.CLOSED:
            ladder.hasten(row, task.due_at)
        self._note(session, row, "The form says that a child is in danger now")

    def _link(self, session: Session, row: Referral, told: str) -> None:
        """Seen from both; whoever quotes a reference adds to it and hears nothing of it."""
        other = promised.referral_of(session, [told])
        if other is None or other.id == row.id:
            return
        row.linked_to = row.linked_to or other.reference
        self._note(session, row, f"The form gives the reference {other.reference}")
        self._note(session, other, f"A form of {row.reference} gives this reference: see there too")

    def _note(self, session: Session, row: Referral, what: str) -> None:
        audit.record(session, at=self._clock(), who="frontdoor", what=what, referral_id=row.id)


def _homes(form: FilledForm) -> Iterator[Address]:
    """The addresses of the child's own home, those of a sender who lives there too included."""
    lines = "\n".join(filter(None, (form.said("place.address"), form.said("place.postcode"))))
    posts = [lines, form.said("place.words")]
    others = [form.said("place.phone")]
    if form.said("referrer.same_home"):
        posts.append(form.said("referrer.address"))
        others.append(form.said("referrer.phone"))
    found = [Address(kind=AddressClass.POSTAL, value=post) for post in posts if post]
    found += [number for other in others if (number := as_typed(other)) and number.kind is not AddressClass.POSTAL]
    yield from (address for address in found if home_key(address))
