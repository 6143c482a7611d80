"""What a machine suggests, as programs and pages see it: the gravest first, each with its words and their place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel

from gateway.claim_view import PlaceView
from gateway.guards import rank
from gateway.suggesting.settling import in_words
from storage.suggestion import About, Suggestion, SuggestionState

ORDER = (About.SEVERITY, About.KIND, About.FACTOR)


class SuggestionView(BaseModel):
    """One suggestion. ``about``: severity, kind or factor; ``value`` as there; ``name`` the same in plain words.

    ``words`` are exactly what stands at ``place`` of the message or part; ``says`` why it was suggested;
    ``state``: open, accepted or set_aside.
    """

    id: str
    about: str
    value: str
    name: str
    rule: str
    says: str
    words: str
    message_id: str
    part_id: str | None
    place: PlaceView
    extractor: str
    state: str
    made_at: datetime
    settled_by: str
    settled_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Nobody has said anything of it."""
        return self.state == SuggestionState.OPEN


def suggestion_views(rows: Iterable[Suggestion]) -> list[SuggestionView]:
    """Of one referral: what nobody has settled before the rest, severity before kind and factors."""
    return [_view(row) for row in sorted(rows, key=_place)]


def gravest_open(views: Sequence[SuggestionView]) -> str:
    """How serious it perhaps is by what stands and is not set aside; empty where nothing says so."""
    standing = [
        each.value for each in views if each.about == About.SEVERITY and each.state != SuggestionState.SET_ASIDE
    ]
    return max(standing, key=rank, default="")


def _place(row: Suggestion) -> tuple[bool, int, int, datetime]:
    gravity = -rank(row.value) if row.about == About.SEVERITY else 0
    return row.state != SuggestionState.OPEN, ORDER.index(About(row.about)), gravity, row.made_at


def _view(row: Suggestion) -> SuggestionView:
    place = json.loads(row.place)
    return SuggestionView(
        id=row.id, about=row.about, value=row.value, name=_capital(in_words(row.about, row.value)), rule=row.rule,
        says=row.says, words=row.words, message_id=row.message_id, part_id=row.attachment_id,
        place=PlaceView.model_validate({"first" if name == "from" else name: at for name, at in place.items()}),
        extractor=row.extractor, state=row.state, made_at=row.made_at, settled_by=row.settled_by,
        settled_at=row.settled_at,
    )  # fmt: skip


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
