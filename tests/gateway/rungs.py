"""What tests of the ladder ask of a referral: the rungs it climbed, its notices, its tasks."""

from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import Action
from storage import escalation, notice, referral
from storage.notice import Notice, NoticeKind, NoticeState
from storage.referral import Referral
from tests.builders import a_referral

SAM = Actor(name="sam", role="social_worker")


async def a_referral_with_mobile(core: Core) -> Referral:
    return await a_referral(core, callback="07700 900123", safe_text="yes")


def rungs(core: Core, row: Referral) -> list[tuple[str, str]]:
    with core.database.reading() as session:
        return [(one.name, one.told) for one in escalation.of_referrals(session, [row.id or 0])]


def notices(core: Core, row: Referral, kind: NoticeKind) -> list[Notice]:
    with core.database.reading() as session:
        return [one for one in notice.of_referrals(session, [row.id or 0]) if one.kind == kind]


def open_tasks(core: Core, row: Referral) -> list[Notice]:
    return [task for task in notices(core, row, NoticeKind.STAFF_TASK) if task.state == NoticeState.OWED]


def now_of(core: Core, row: Referral) -> Referral:
    with core.database.reading() as session:
        return session.get_one(Referral, row.id)


def change(core: Core, row: Referral, **values: object) -> None:
    with core.database.transaction() as session:
        stored = referral.by_id(session, row.id or 0, lock=True)
        assert stored
        for name, value in values.items():
            setattr(stored, name, value)


def act(core: Core, row: Referral, action: Action, **asked: str) -> None:
    with core.database.transaction() as session:
        core.deciding.act(session, row.reference, action, SAM, asked)
