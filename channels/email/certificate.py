"""The certificate of the mail door: a chain and its key, read again when a renewal has changed the files."""

from __future__ import annotations

import logging
import os
import ssl
from pathlib import Path

log = logging.getLogger(__name__)


class Certificate:
    """Raises OSError (``ssl.SSLError`` is one) if the two cannot be read or do not belong together."""

    def __init__(self, chain: Path, key: Path) -> None:
        self._files = (chain, key)
        self._seen = self._stamps()
        self._context = self._read()

    def context(self) -> ssl.SSLContext:
        """For the next conversation. A renewal that is half written or does not fit leaves the one before in force."""
        try:
            stamps = self._stamps()
        except OSError:
            return self._context
        if stamps != self._seen:
            self._seen = stamps
            try:
                self._context = self._read()
                log.info("the mail door has a new certificate")
            except OSError as error:
                log.error("the new certificate of the mail door cannot be used: %s", type(error).__name__)
        return self._context

    def _stamps(self) -> tuple[tuple[int, int, int], ...]:
        """What changes when a file is written or another takes its name."""
        told = [os.stat(file) for file in self._files]
        return tuple((each.st_mtime_ns, each.st_ino, each.st_size) for each in told)

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(*self._files)
        return context
