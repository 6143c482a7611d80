"""Every key that works on staff pages, on a page of its own that needs no script."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response

from gateway.core import Core
from gateway.staff.pages import Pages
from gateway.staff.signed_in import SignedIn, Worker


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key as printed on the keyboard, and what it does."""

    sign: str
    does: str


@dataclass(frozen=True, kw_only=True)
class KeysOfPlace:
    """The keys of one place."""

    place: str
    keys: tuple[Key, ...]


def _keys(place: str, **does: str) -> KeysOfPlace:
    return KeysOfPlace(place=place, keys=tuple(Key(sign=sign, does=words) for sign, words in does.items()))


EVERYWHERE = KeysOfPlace(
    place="Every page",
    keys=(
        Key(sign="?", does="Show the keys of this page"),
        Key(sign="/", does="Search"),
        Key(sign="q", does="The queue"),
        Key(sign="t", does="Take a call"),
        Key(sign="g", does="What waits for a second person to agree"),
        Key(sign="x", does="Oversight"),
    ),
)
LISTS = KeysOfPlace(
    place="Lists: the queue, search, tasks",
    keys=(
        Key(sign="j", does="Next row, also the arrow down"),
        Key(sign="k", does="Row before, also the arrow up"),
        Key(sign="Enter", does="Open the row"),
        Key(sign="n", does="Next for me, on the queue"),
        Key(sign="f", does="Filters"),
        Key(sign="s", does="Show what is new, which waits while you look"),
        Key(sign="1 to 9", does="A saved view"),
    ),
)
REFERRAL = _keys(
    "A referral",
    a="Take it, or give it back", o="I have looked at it", r="Rate", u="Ask a question", d="Decide", c="Close",
    m="Add a note", l="Link", w="Who told us", p="Play or pause", h="To the words of a recording",
    e="Show pictures",
)  # fmt: skip
STEP = KeysOfPlace(
    place="A step of a referral, while it is filled in",
    keys=(Key(sign="Ctrl and Enter", does="Send it, as its button does"),),
)
CALL = _keys(
    "A call being taken",
    i="Write in the notes", s="Search while you talk", v="Read it back", y="Copy the marked words into the notes",
    b="Bring a manager", f="Finish the call, or wrapped up", z="Put the wrap-up off",
)  # fmt: skip
STATED = KeysOfPlace(
    place="A stated value, while its row has the focus",
    keys=(
        Key(sign="c", does="It is right"),
        Key(sign="e", does="Put it right"),
        Key(sign="r", does="It is wrong"),
    ),
)
PLACES = (EVERYWHERE, LISTS, REFERRAL, STEP, CALL, STATED)
SHORTCUTS = frozenset(key.sign for of in (EVERYWHERE, LISTS, REFERRAL, CALL) for key in of.keys)
"""What a ``data-shortcut`` on a page may be: every one of them is on the page of keys."""


def keys_router(core: Core, pages: Pages, signed_in: SignedIn) -> APIRouter:
    """``/keys``."""
    router = APIRouter(route_class=pages.route_class())

    @router.get("/keys")
    def keys(request: Request, worker: Worker = Depends(signed_in.worker)) -> Response:
        """All of them, by place."""
        return pages.draw(request, "keys", worker, places=PLACES)

    return router
