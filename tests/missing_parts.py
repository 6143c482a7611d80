"""Skips a test by name and reason where the machine lacks a part it drives, and fails it instead when CI=true.

Mark a test, a class or a module with what it needs:

    from tests.missing_parts import needs

    @needs("postgresql")
    def test_...

    pytestmark = needs("chromium", "espeak-ng")

A fixture that starts the part calls `require("postgresql")` first. The parts are the members of `PARTS`; `make test`
and `.ci/run` install them where the rights are there. An optional part (`OPTIONAL`) may be absent in CI too.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable

import pytest

from tests.dovecot import dovecot_program
from tests.postgres import postgres_programs


def _has_programs(*names: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(name) for name in names)


def _has_modules(*names: str) -> Callable[[], bool]:
    return lambda: all(importlib.util.find_spec(name) for name in names)


def _may_mount() -> bool:
    """Whether a file system can be mounted here: as root, and where no container forbids it."""
    programs = ("mount", "umount", "mkfs.ext4", "losetup")
    if os.getuid() != 0 or not _has_programs(*programs)():
        return False
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False, capture_output=True)
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return tried.returncode == 0


PARTS: dict[str, Callable[[], bool]] = {
    "postgresql": lambda: postgres_programs() is not None,
    "chromium": _has_programs("chromium", "chromedriver"),
    "espeak-ng": _has_programs("espeak-ng"),
    "dovecot": lambda: dovecot_program() is not None,
    "mounting": _may_mount,
    "openai-whisper": _has_modules("whisper", "torch"),
    "clamd": lambda: bool(shutil.which("clamd") or os.path.exists("/usr/sbin/clamd")),
}
OPTIONAL = {"mounting", "openai-whisper", "clamd"}


def needs(*parts: str) -> pytest.MarkDecorator:
    """Mark what a test needs of the machine; an unknown part is a mistake in the test and raises KeyError."""
    for part in parts:
        PARTS[part]
    return pytest.mark.needs(*parts)


def require(part: str) -> None:
    """Skip the running test where the part is missing, or fail it when CI=true and the part is not optional."""
    if PARTS[part]():
        return
    reason = f"{part} is not on this machine"
    if os.environ.get("CI", "").lower() in {"1", "true"} and part not in OPTIONAL:
        pytest.fail(f"{reason}, and with CI=true nothing may be skipped for that", pytrace=False)
    pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, since unknown markers are errors."""
    config.addinivalue_line(
        "markers", "needs(*parts): programs or packages the test drives, see tests/missing_parts.py"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for the parts before any fixture is made."""
    for marker in item.iter_markers("needs"):
        for part in marker.args:
            require(part)
