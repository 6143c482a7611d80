"""What the settings of the mail door may be: a value as it was given, or ValueError with what it must be."""

from __future__ import annotations

from pathlib import Path

from channels.email.certificate import Certificate
from gateway.setting_rules import listen_address

OFFERED, REQUIRED = "offered", "required"
LONGEST_SOCKET_PATH = 100  # bytes; the system takes 107


def lmtp_address(value: str) -> str:
    """``host:port``, the path of a socket, or nothing."""
    if not value.startswith("/"):
        return listen_address(value)
    path = Path(value)
    if len(value.encode()) > LONGEST_SOCKET_PATH or not path.parent.is_dir() or path.is_dir():
        raise ValueError("must be host:port, or a path of 100 characters at most in a folder that is there")
    return value


def encryption(value: str) -> str:
    """How much of it is asked."""
    if value not in (OFFERED, REQUIRED):
        raise ValueError(f"must be {OFFERED} or {REQUIRED}")
    return value


def certificate(chain: Path | None, key: Path | None, *, asked: str, prefix: str) -> Certificate | None:
    """The two files as one certificate, None for neither; ValueError names the setting that is wrong."""
    names = f"{prefix}SMTP_TLS_CERT and {prefix}SMTP_TLS_KEY"
    if chain is None or key is None:
        if chain or key:
            raise ValueError(f"{names} go together")
        if asked == REQUIRED:
            raise ValueError(f"{prefix}SMTP_TLS={REQUIRED} needs {names}")
        return None
    try:
        return Certificate(chain, key)
    except OSError as error:
        raise ValueError(f"{names}: {error.strerror or 'they cannot be used together'}") from None
