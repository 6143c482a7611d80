"""A gateway opens only where it can read what is kept."""

from pathlib import Path

import pytest

from gateway.core import key_file, open_core
from gateway.settings import Settings, WrongSetting
from tests.builders import a_message


async def test_a_host_with_another_key_does_not_start(tmp_path: Path, database_url: str) -> None:
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url)
    core = open_core(settings)
    await core.intake.accept(a_message())
    core.close()
    open_core(settings).close()
    key_file(settings).write_bytes(b"x" * 32)
    with pytest.raises(WrongSetting, match="is not the key"):
        open_core(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_dir", "a file/data"),
        ("database_url", "postgresql://db@127.0.0.1:1/frontdoor"),
        ("database_url", "postgresql://127.0.0.1:many/frontdoor"),
        ("database_url", "sqlite:////dev/null/frontdoor.db"),
    ],
)
def test_what_cannot_be_opened_is_named_as_a_setting(tmp_path: Path, name: str, value: str) -> None:
    (tmp_path / "a file").touch()
    given = {"data_dir": tmp_path / "data", name: tmp_path / value if name == "data_dir" else value}
    with pytest.raises(WrongSetting, match=f"^FRONTDOOR_{name.upper()}: "):
        open_core(Settings.model_validate(given))
