"""The demo's own data folder: made anew at each start, never somebody else's, never under a demo that is running."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.settings import WrongSetting

USUAL = Path("frontdoor-demo-data")
MARK = "made-by-frontdoor-demo.txt"
MARK_SAYS = "Everything in this folder is invented. `frontdoor demo` empties it whenever it starts.\n"


@contextmanager
def emptied(folder: Path) -> Iterator[Path]:
    """The folder with nothing but its mark in it, ours until the end of the block.

    A folder with anything in it that no demo made is a ``WrongSetting``, and so is one where a demo runs.
    """
    mark = folder / MARK
    if folder.exists() and not mark.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongSetting(f"FRONTDOOR_DATA_DIR: {folder} holds what no demo made; the demo empties its folder")
    folder.mkdir(parents=True, exist_ok=True)
    with mark.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WrongSetting(f"FRONTDOOR_DATA_DIR: a demo is running in {folder}; give this one another") from None
        for left in folder.iterdir():
            if left != mark:
                _remove(left)
        held.truncate(0)
        held.write(MARK_SAYS)
        held.flush()
        yield folder


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left)
    else:
        left.unlink()
