"""Who searches."""

from __future__ import annotations

from gateway.deciding import Actor
from storage.staff import Role

SAM = Actor(name="sam", role=Role.SOCIAL_WORKER)
CASEY = Actor(name="casey", role=Role.CALL_TAKER)
