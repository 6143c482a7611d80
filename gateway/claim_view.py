"""What somebody states, as programs and pages see it: each value with its words, its place, and if it is checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from gateway.claims import Opened, opened
from gateway.standard_form.questions import asked, label_of
from storage.claim import Claim, ClaimStatus, Entity
from storage.sealing import Seal

HIDDEN = Opened(value="", value_norm="", words="")
GONE = frozenset({ClaimStatus.SUPERSEDED})
ORDER = (Entity.CONCERN, Entity.CHILD, Entity.ADULT, Entity.PLACE, Entity.REFERRER)


class PlaceView(BaseModel):
    """Where it stands: a form's field and page, characters of a text, a scan's page and box, seconds of a recording.

    ``within``: ``subject`` where the characters are those of a mail's subject.
    """

    field: str | None = None
    page: int | None = None
    box: list[float] | None = None
    first: int | None = Field(default=None, serialization_alias="from")
    to: int | None = None
    start: float | None = None
    end: float | None = None
    within: str | None = None


class ClaimView(BaseModel):
    """One value somebody states. ``value`` and ``words`` are null for who told us without the role that may know.

    ``is_usable``: a person confirmed it, so it may feed a decision. ``supersedes``: the claim whose place it took.
    """

    id: str
    entity: str
    entity_no: int
    field: str
    label: str
    value: str | None
    value_norm: str | None
    words: str | None
    message_id: str
    part_id: str | None
    place: PlaceView
    said_by: str
    basis: str
    extractor: str
    confidence: float
    status: str
    is_usable: bool
    identifies_referrer: bool
    made_at: datetime
    settled_by: str
    settled_at: datetime | None
    supersedes: str | None


def claim_views(rows: Iterable[Claim], seal: Seal, *, with_referrer: bool) -> list[ClaimView]:
    """The claims of one referral: the concern, children, adults and places, then who told us.

    What another reading by machine has replaced is left out.

    ``with_referrer`` opens what they say of who told us; whoever asks for that records it.
    """
    shown = [_view(row, seal, with_referrer=with_referrer) for row in rows if row.status not in GONE]
    forms = list(dict.fromkeys(each.part_id or "" for each in shown if each.place.field))
    return sorted(shown, key=lambda each: _order(each, forms))


def group_of(each: ClaimView, *, has_several: bool) -> tuple[str, str, int]:
    """What it is told together with: two forms may each have a first child, who are not the same."""
    source = (each.part_id or "") if has_several and each.place.field else ""
    return each.entity, source, each.entity_no


def hidden(claims: Sequence[ClaimView]) -> int:
    """How many values of who told us are there and not shown."""
    return sum(claim.value is None for claim in claims)


def tells_who(claims: Iterable[ClaimView]) -> bool:
    """Whether anything of who told us is shown."""
    return any(claim.entity == Entity.REFERRER and claim.value is not None for claim in claims)


def _view(row: Claim, seal: Seal, *, with_referrer: bool) -> ClaimView:
    is_shown = with_referrer or row.entity != Entity.REFERRER
    said = opened(seal, row) if is_shown else HIDDEN
    place = json.loads(row.place)
    return ClaimView(
        **{name: getattr(row, name) for name in SAME}, label=label_of(row.entity, row.field), part_id=row.attachment_id,
        value=said.value if is_shown else None, value_norm=said.value_norm if is_shown else None,
        words=said.words if is_shown else None, is_usable=row.status == ClaimStatus.CONFIRMED,
        place=PlaceView.model_validate({"first" if name == "from" else name: at for name, at in place.items()}),
    )  # fmt: skip


def _order(each: ClaimView, forms: Sequence[str]) -> tuple[int, int, int, float, str]:
    """Of several forms the one that was read first comes first, behind what was found in words."""
    entity, source, entity_no = group_of(each, has_several=len(forms) > 1)
    place = ORDER.index(Entity(entity)) if entity in set(Entity) else len(ORDER)
    return place, forms.index(source) + 1 if source else 0, entity_no, _asked(each), each.id


def _asked(each: ClaimView) -> float:
    """The place of its question in the form, or of the one it stands beside; what no question asks comes last."""
    beside = BESIDE.get((each.entity, each.field))
    return PLACES.get((each.entity, beside or each.field), len(PLACES)) + (0.5 if beside else 0)


BESIDE: Mapping[tuple[str, str], str] = {
    (Entity.CHILD, "name"): "given_name", (Entity.CHILD, "age"): "dob", (Entity.CHILD, "due"): "dob",
    (Entity.ADULT, "age"): "dob", (Entity.ADULT, "email"): "phone", (Entity.REFERRER, "postcode"): "address",
    (Entity.CONCERN, "arrived_on"): "when", (Entity.CONCERN, "written_on"): "when",
}  # fmt: skip
PLACES = {asks: place for place, asks in enumerate(asked())}
SAME = [
    name for name in ClaimView.model_fields
    if name in Claim.model_fields and name not in ("value", "value_norm", "words", "place")
]  # fmt: skip
