"""Which of the account's templates carries our words: one whose only placeholders are ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.contract import SendError, SendFailed
from channels.notify.account import Answer, NotifyAccount

PLACEHOLDER = re.compile(r"\(\(([^()]+)\)\)")


@dataclass(frozen=True, kw_only=True)
class OurTemplate:
    """What the template must be: its type there, its name, and exactly which placeholders it has."""

    medium: str
    name: str
    placeholders: frozenset[str]


TEXT = OurTemplate(medium="sms", name="frontdoor text", placeholders=frozenset({"body"}))
EMAIL = OurTemplate(medium="email", name="frontdoor email", placeholders=frozenset({"subject", "body"}))


class Template:
    """Its id by setting, else looked up once by its name."""

    def __init__(self, account: NotifyAccount, ours: OurTemplate, *, known_id: str | None = None) -> None:
        self._account, self._ours, self._set = account, ours, known_id
        self._found: str | None = None

    async def id(self) -> str:
        """Its id; raises ``SendFailed`` when the account has none that fits or cannot be asked."""
        if self._set:
            return self._set
        if self._found is None:
            self._found = await self._look_up()
        return self._found

    def forget(self) -> None:
        """It was refused: look it up again before the next notice."""
        self._found = None

    async def _look_up(self) -> str:
        listed = await self._account.before_sending(lambda client: client.get_all_templates(self._ours.medium))
        named = [one for one in listed.get("templates", ()) if _is_called(one, self._ours)]
        if not named:
            raise _not_set_up(f"the account at GOV.UK Notify has no {self._ours.medium} template «{self._ours.name}»")
        if placeholders_of(named[0]) != self._ours.placeholders:
            wanted = " and ".join(f"(({name}))" for name in sorted(self._ours.placeholders, reverse=True))
            raise _not_set_up(f"the template «{self._ours.name}» must have {wanted} and no other placeholder")
        return str(named[0]["id"])


def placeholders_of(template: Answer) -> frozenset[str]:
    """The names in double brackets in its subject and body."""
    written = f"{template.get('subject') or ''}\n{template.get('body') or ''}"
    return frozenset(name.strip().lower() for name in PLACEHOLDER.findall(written))


def _is_called(template: Answer, ours: OurTemplate) -> bool:
    return template.get("type") == ours.medium and str(template.get("name")).strip().lower() == ours.name


def _not_set_up(reason: str) -> SendFailed:
    return SendFailed(error=SendError.NOT_SET_UP, reason=reason)
