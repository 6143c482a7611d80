"""What ``frontdoor doctor`` says of the ways scanned post comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.commands.set_up import everything_else
from gateway.core import Core

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def rows_of(core: Core) -> dict[str, tuple[str, str]]:
    return {row.part: (row.state, row.what) for row in await everything_else(core) if row.part.startswith("scan")}


async def test_a_folder_that_is_not_there_is_named_and_mail_only_where_scanners_mail(
    core: Core, tmp_path: Path
) -> None:
    assert await rows_of(core) == {"scan folder": ("look", "it is not there: FRONTDOOR_SCAN_DIR")}
    (tmp_path / "scans").mkdir()
    assert await rows_of(core) == {"scan folder": ("ok", "set")}


async def test_a_mailbox_that_anybody_may_mail_post_to_is_pointed_out(core: Core) -> None:
    core.settings.scan_mailbox = "scans@northshire.example"
    assert (await rows_of(core))["scans by mail"] == ("look", "anybody may mail post to it: FRONTDOOR_SCAN_FROM")
    core.settings.scan_from = "@printers.northshire.example"
    assert (await rows_of(core))["scans by mail"] == ("ok", "each file is post")
