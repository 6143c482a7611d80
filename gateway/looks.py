"""How a browser wants our pages: colours, movement and single keys, kept in a cookie that holds nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fastapi import Request, Response

COOKIE = "frontdoor_look"
KEPT_FOR = 400 * 24 * 3600  # seconds, the longest a browser keeps one


class Colours(StrEnum):
    """Which colours a page has."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Movement(StrEnum):
    """Whether anything on a page moves by itself."""

    DEVICE = "device"
    LESS = "less"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a browser asked for; without a choice, what the device says."""

    colours: Colours = Colours.DEVICE
    movement: Movement = Movement.DEVICE
    has_keys: bool = True


def look_of(request: Request) -> Look:
    """What the cookie says; words in it that are not ours count as no choice."""
    colours, _, rest = request.cookies.get(COOKIE, "").partition(".")
    movement, _, keys = rest.partition(".")
    return look_from(colours, movement, keys)


def look_from(colours: str, movement: str, keys: str) -> Look:
    """A look from the three words of a form or cookie."""
    return Look(
        colours=Colours(colours) if colours in set(Colours) else Colours.DEVICE,
        movement=Movement(movement) if movement in set(Movement) else Movement.DEVICE,
        has_keys=keys != "off",
    )


def remember(response: Response, look: Look, *, is_https: bool) -> None:
    """Keep the choice in this browser for as long as browsers keep anything."""
    words = f"{look.colours}.{look.movement}.{'on' if look.has_keys else 'off'}"
    response.set_cookie(COOKIE, words, max_age=KEPT_FOR, httponly=True, samesite="lax", secure=is_https, path="/")
