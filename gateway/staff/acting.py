"""One step on one referral, by whatever reference it is known: done in a transaction, told as it stands afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from gateway.staff import finding, tasks
from gateway.staff.showing import shown_after
from gateway.view import ReferralView


def act(core: Core, actor: Actor, typed: str, action: Action, asked: Mapping[str, str]) -> ReferralView:
    """Raises ``NotFound``, ``NotAllowed``, ``WrongRole`` or ``Incomplete`` and then nothing has changed."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, typed)
        if action == Action.LINK:
            asked = {**asked, "to": finding.as_written(asked.get("to", ""))}
        changed = core.deciding.act(session, row.reference, action, actor, asked)
        return shown_after(session, core, actor, changed)


def finish(core: Core, actor: Actor, typed: str, task_id: str, result: str) -> ReferralView:
    """A task done, with its result; raises as ``act`` does."""
    with core.database.transaction() as session:
        row = finding.to_act_on(session, typed)
        tasks.finish(session, row, task_id, actor, result, at=core.clock())
        return shown_after(session, core, actor, row)
