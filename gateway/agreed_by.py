"""Whether the word of whoever is named as having agreed may stand for a manager's."""

from __future__ import annotations

from sqlmodel import Session

from gateway.guards import MANAGERS
from storage import staff


def managers_are_known(session: Session) -> bool:
    """Whether any manager has an account here: then a manager's agreement is given under one of these names."""
    return bool(staff.who_work_here(session, MANAGERS))


def is_a_managers(session: Session, name: str) -> bool:
    """Whether what was agreed under this name counts as agreed by a manager, one who has left since included."""
    found = staff.by_typed_name(session, name) if name.strip() else None
    role = found.role if found else staff.role_by_typed_name(session, name)
    return role in MANAGERS if role else bool(name.strip()) and not managers_are_known(session)
