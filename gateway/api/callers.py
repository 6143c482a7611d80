"""Which program calls and what it may do, from its bearer token."""

from __future__ import annotations

import hmac

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gateway.api.problems import Unauthorised
from gateway.core import Core
from gateway.deciding import Actor
from gateway.life_cycle import ANY_STAFF, SOCIAL_WORK, WrongRole
from gateway.staff.accounts import hashed
from storage import staff
from storage.staff import Role

BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="FRONTDOOR_API_TOKEN, or a token of `frontdoor token add`"
)
NAMED_IN_SETTINGS = "administrator"


class Callers:
    """Dependencies of the API's routes; each gives the caller or raises ``Unauthorised`` or ``WrongRole``."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def anyone(self, sent: HTTPAuthorizationCredentials | None = Depends(BEARER)) -> Actor:
        """Whoever has a token that is in force."""
        if sent is None or not sent.credentials:
            raise Unauthorised
        first = self._core.settings.api_token
        if first and hmac.compare_digest(sent.credentials.encode(), first.encode()):
            return Actor(name=NAMED_IN_SETTINGS, role=Role.ADMINISTRATOR)
        with self._core.database.reading() as session:
            row = staff.token_in_force(session, hashed(sent.credentials))
        if row is None:
            raise Unauthorised
        return Actor(name=row.name, role=row.role)

    def staff(self, sent: HTTPAuthorizationCredentials | None = Depends(BEARER)) -> Actor:
        """Whoever may act: not ``readonly``."""
        return _with_role(self.anyone(sent), ANY_STAFF)

    def social_worker(self, sent: HTTPAuthorizationCredentials | None = Depends(BEARER)) -> Actor:
        """Whoever may know who told us."""
        return _with_role(self.anyone(sent), SOCIAL_WORK)


def _with_role(actor: Actor, roles: frozenset[Role]) -> Actor:
    if actor.role not in roles:
        raise WrongRole(f"it is for {', '.join(sorted(roles))}")
    return actor
