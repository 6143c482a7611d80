"""A key of GOV.UK Notify: a name, the account's id and a secret, joined by dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KEY = re.compile(rf"(?:.+-)?(?P<account>{UUID})-(?P<secret>{UUID})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """``whole`` is the key as it was given; it is never shown."""

    whole: str = field(repr=False)


def api_key(given: str) -> ApiKey:
    """The key in a setting; raises ValueError, which does not repeat it."""
    if not KEY.fullmatch(given.strip()):
        raise ValueError("must be a key as GOV.UK Notify shows it: name-account-secret, the last two being UUIDs")
    return ApiKey(whole=given.strip())


def is_uuid(given: str) -> bool:
    """Whether this can be the id of a notification or template there."""
    return re.fullmatch(UUID, given, re.IGNORECASE) is not None
