"""How a sender can be reached safely, for programs: what they answered is written down, and read only on record."""

from __future__ import annotations

from fastapi import APIRouter, Body, Depends, Response
from pydantic import BaseModel, Field

from gateway.api.callers import Callers
from gateway.api.problems import ProblemRoute, problems
from gateway.api.referrals import REFERENCE
from gateway.contacting import ContactsView, said_of, write_contact, write_household
from gateway.core import Core
from gateway.deciding import Actor
from gateway.staff import contact


class Contact(BaseModel):
    """What the sender answered. Only what was asked need be given."""

    address: str = Field(default="", description="mail address, number or postal lines; empty: the one they used")
    ok_for: dict[str, bool] = Field(
        default_factory=dict, description="sms, email, post, voice, voicemail: safe or not", examples=[{"sms": True}]
    )
    words: str = Field(default="", description="none, discreet or open")
    who_else_can_see: str = ""
    hours: str = Field(default="", description="when to call")
    code_word: str = Field(default="", description="a word only they and we know")
    large_print: bool | None = Field(default=None, description="whether letters to them are in large print, 18 point")
    asked_by: str = Field(default="", description="who asked them; you, if not given")


class Home(BaseModel):
    """An address of the child's household."""

    address: str = Field(description="mail address, number or postal lines")


def contact_router(core: Core, callers: Callers) -> APIRouter:
    """Two things to write down, and one to read."""
    router = APIRouter(route_class=ProblemRoute, tags=["safe contact"], responses=problems(404, 409, 422))

    @router.get("/referrals/{reference}/contact", response_model=ContactsView, summary="How to reach the sender safely")
    def read(reference: str = REFERENCE, caller: Actor = Depends(callers.social_worker)) -> Response:
        """Every address known for the sender and what was said of it. It is put on record who looked."""
        return _answer(contact.read(core, caller, reference))

    @router.post(
        "/referrals/{reference}/contact",
        status_code=201,
        response_model=ContactsView,
        summary="Write down safe contact",
    )
    def write(asked: Contact = Body(), reference: str = REFERENCE, caller: Actor = Depends(callers.staff)) -> Response:
        """What the sender answered when asked how to reach them; it stands for a year, a no for ever."""
        said = said_of(
            ok_for=asked.ok_for, words=asked.words, who_else_can_see=asked.who_else_can_see, hours=asked.hours,
            code_word=asked.code_word, large_print=asked.large_print,
        )  # fmt: skip
        return _answer(
            contact.change(
                core, caller, reference,
                lambda s, row: write_contact(
                    s, core, row, caller, address=asked.address, said=said, asked_by=asked.asked_by.strip()
                ),
            ),
            201,
        )  # fmt: skip

    @router.post(
        "/referrals/{reference}/household", status_code=201, response_model=ContactsView,
        summary="Write down an address of the child's household",
    )  # fmt: skip
    def household(asked: Home = Body(), reference: str = REFERENCE, caller: Actor = Depends(callers.staff)) -> Response:
        """Nothing is ever sent there by machine about this referral; what is owed there is withheld."""
        return _answer(
            contact.change(
                core, caller, reference, lambda s, row: write_household(s, core, row, caller, address=asked.address)
            ),
            201,
        )

    return router


def _answer(seen: ContactsView, status: int = 200) -> Response:
    return Response(
        seen.model_dump_json(by_alias=True).encode(), status, media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip
