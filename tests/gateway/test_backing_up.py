"""A copy comes back to wherever the settings say things are kept, on both databases."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway import backing_up
from gateway.core import open_core
from gateway.settings import Settings
from gateway.verifying import faults
from tests.builders import a_message
from tests.postgres import create_database, drop_database


@pytest.fixture
def empty(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, of the same kind, written with its driver or at a place of its own."""
    if database_url.startswith("sqlite"):
        (tmp_path / "elsewhere").mkdir()
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'restored.db'}"
        return
    maintenance = request.getfixturevalue("postgres_url")
    url = create_database(maintenance)
    yield url.replace("postgresql://", "postgresql+psycopg://")
    drop_database(maintenance, url)


async def test_what_was_backed_up_is_whole_where_it_is_restored(tmp_path: Path, database_url: str, empty: str) -> None:
    core = open_core(Settings(data_dir=tmp_path / "data", database_url=database_url))
    for body in (b"short", b"x" * 200_000):
        await core.intake.accept(a_message(body))
    backing_up.back_up(core, tmp_path / "copy", quiet=True)
    core.close()
    (tmp_path / "new").mkdir()
    shutil.copy(tmp_path / "data" / "key", tmp_path / "new" / "key")
    settings = Settings(data_dir=tmp_path / "new", database_url=empty, blobs_url=f"file://{tmp_path / 'files'}")
    backing_up.restore(settings, tmp_path / "copy", quiet=True)
    core = open_core(settings)
    assert list(faults(core)) == ["", ""]
    core.close()


async def test_nobody_else_on_the_machine_may_look_into_what_is_kept_or_copied(tmp_path: Path) -> None:
    core = open_core(Settings(data_dir=tmp_path / "data"))
    backing_up.back_up(core, tmp_path / "copy", quiet=True)
    core.close()
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("data", "copy")] == [0o700, 0o700]
