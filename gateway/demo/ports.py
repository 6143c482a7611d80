"""Finds a port nobody listens on, near the one that was wished for."""

from __future__ import annotations

import socket

from gateway.settings import WrongSetting

TRIED = 100


def next_free_port(host: str, first: int) -> int:
    """``first``, or the next port above it that can be had; ``WrongSetting`` when a hundred are taken."""
    for port in range(first, min(first + TRIED, 65536)):
        try:
            with socket.create_server((host, port)):
                return port
        except OSError:
            continue
    raise WrongSetting(f"--port: none of the {TRIED} ports from {first} on can be had on {host}")
