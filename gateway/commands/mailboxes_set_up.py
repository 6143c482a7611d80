"""Whether the mailboxes we fetch mail from let us in, a line for each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from channels.mailbox import CannotReach, Mailbox
from gateway.commands.set_up import Row
from gateway.core import Core
from gateway.mail_of_machines import sorted_by_machine
from gateway.pulling.wired import mailboxes_of
from gateway.wiring import wire_email

SECONDS = 45.0
WHERE = "docs/pulling-mail.md says how it is set up"


async def mailbox_rows(core: Core) -> Sequence[Row]:
    """Each is signed in to, looked into and left as it is."""
    boxes = mailboxes_of(core.settings, email=wire_email(core), sort=sorted_by_machine(core), shelf=core.shelving)
    return await asyncio.gather(*(_row(box) for box in boxes))


async def _row(box: Mailbox) -> Row:
    part = f"{box.label} {box.address}"
    try:
        async with asyncio.timeout(SECONDS), box.open() as there:
            state = await there.state()
    except CannotReach as error:
        return Row(state="look", part=part, what=error.why, to_do=WHERE)
    except TimeoutError:
        return Row(state="look", part=part, what="it does not answer in time", to_do=WHERE)
    lies = f"{state.count} mail{'' if state.count == 1 else 's'} in the folder, news {state.news}"
    if state.trouble:
        return Row(state="look", part=part, what=f"{lies}; {state.trouble}", to_do=WHERE)
    return Row(state="ok", part=part, what=lies)
