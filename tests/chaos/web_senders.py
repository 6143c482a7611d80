"""People at the web form, call takers at the API, and a scanner with its folder."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress

import httpx

from gateway.reference import find_in
from tests.chaos.content import a_form, a_letter, a_note, marker_of
from tests.chaos.plan import PlannedMessage
from tests.chaos.world import TOKEN, Patience, World

FORM = "application/x-www-form-urlencoded"
ADDRESSES = ("192.0.2", "198.51.100", "203.0.113")


async def send_form(world: World, message: PlannedMessage) -> None:
    """A person who presses the button again, with the same page, until they see their reference."""
    body = a_form(message, token=f"token-{message.draw}")
    world.sent(message, key=hashlib.sha256(body).hexdigest(), who=f"form {message.number}", marker=marker_of(message))
    number = message.number
    headers = {"Content-Type": FORM, "X-Forwarded-For": f"{ADDRESSES[number % 3]}.{number // 3 % 254 + 1}"}
    patience = Patience(world, message.draw)
    taken = False
    while True:
        with suppress(httpx.HTTPError):
            answer = await world.web.post("/report", content=body, headers=headers)
            if answer.status_code == httpx.codes.SEE_OTHER and not taken:
                taken = True
                world.taken(message)
            if answer.status_code == httpx.codes.SEE_OTHER:
                page = await world.web.get(answer.headers["location"])
                if page.status_code == httpx.codes.OK and find_in(page.text):
                    world.told(message, way="web_form", words=page.text)
                    return
        if not await patience.wait():
            return


async def send_note(world: World, message: PlannedMessage) -> None:
    """A telephone system that saves the same note until it is told 201 and what to read out."""
    body = a_note(message)
    world.sent(message, key=hashlib.sha256(body).hexdigest(), who=f"note {message.number}", marker=marker_of(message))
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    patience = Patience(world, message.draw)
    while True:
        with suppress(httpx.HTTPError, ValueError):
            answer = await world.web.post("/api/v1/notes", content=body, headers=headers)
            if answer.status_code == httpx.codes.CREATED:
                noted = answer.json()
                world.taken(message, reference=noted["reference"])
                world.told(message, way="note", words=f"{noted['reference']} {noted['read_out']}")
                return
        if not await patience.wait():
            return


async def send_letter(world: World, message: PlannedMessage) -> None:
    """A scan, written beside the folder and moved into it whole; it counts as received when it has left it."""
    name, body = a_letter(message)
    world.sent(message, key=hashlib.sha256(body).hexdigest(), who=f"letter {message.number}")
    half = world.scans.with_name(f"half-{name}")
    half.write_bytes(body)
    scan = half.rename(world.scans / name)
    while await asyncio.to_thread(scan.exists):
        if world.over.is_set():
            return
        await asyncio.sleep(1.0)
    world.taken(message)
