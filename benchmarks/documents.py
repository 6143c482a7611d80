"""How fast words are found: mails with their files a second, milliseconds a document of each kind, memory, peers."""

from __future__ import annotations

import json
import subprocess
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.document_cases import documents, mails, published_mails
from benchmarks.figures import Figure, at_most, beside
from benchmarks.processes import told_by
from benchmarks.run import Run

PEER_PACKAGES = (
    "docx2txt", "html2text", "legacy-doc", "openpyxl", "pypdf", "striprtf", "xlrd",
)  # fmt: skip
PEERS = Path(__file__).parent / "document_peers.py"
MEMORY_MB = 400.0
SLOWEST_MS = 250.0
INSTALL_SECONDS = 60

Peers = Mapping[str, Mapping[str, float | None]]
"""Milliseconds, or mails a second, of each peer by what it read; None where it failed."""


def measure(run: Run) -> list[Figure]:
    """One process reads everything; pictures and sound are left to the parts that measure them."""
    with tempfile.TemporaryDirectory(dir=run.folder) as home:
        folder = Path(home)
        _write(folder)
        ours = told_by("benchmarks.document_load", folder, 1 if run.quick else 8)
        theirs = _peers(run, folder)
    if "published" not in ours:
        run.say("documents: no folder of published mails is at hand (FRONTDOOR_MAIL_CASES)")
    return [*_of_mails(ours, theirs), *_of_documents(ours["documents"], theirs),
            at_most("text extraction, memory of one process, peak", ours["peak_mb"], "MB", MEMORY_MB)]  # fmt: skip


def _write(folder: Path) -> None:
    files = documents()
    for kind in ("documents", "generated", "published"):
        (folder / kind).mkdir()
    for name, content in files.items():
        (folder / "documents" / name).write_bytes(content)
    for kind, letters in (("generated", mails(files)), ("published", published_mails())):
        for number, letter in enumerate(letters):
            (folder / kind / f"{number:05}.eml").write_bytes(letter)


def _of_mails(ours: Mapping[str, float], theirs: Peers) -> Iterator[Figure]:
    for kind in ("published", "generated"):
        if kind not in ours:
            continue
        what = f"text extraction, {kind} mails with {ours[f'{kind} files']:.0f} files read"
        peer = theirs.get(kind, {}).get("stdlib and html2text")
        anchor = f"stdlib and html2text, no file read: {peer:.0f} mails/s" if peer else "no peer on this machine"
        yield Figure(
            what=what, value=ours[kind], unit="mails/s", anchor=anchor, ratio=ours[kind] / peer if peer else None
        )


def _of_documents(ours: Mapping[str, float], theirs: Peers) -> Iterator[Figure]:
    """Beside the quickest peer that managed the file, where there is one; elsewhere beside a limit."""
    for name, taken in ours.items():
        what = f"text of {name}"
        managed = {peer: each for peer, each in theirs.get(name, {}).items() if each}
        if not managed:
            yield at_most(what, taken, "ms", SLOWEST_MS, anchor="no peer")
            continue
        peer = min(managed, key=lambda each: managed[each])
        yield beside(what, taken, "ms", anchor=f"{peer} {managed[peer]:.2f} ms", ratio=taken / managed[peer], most=2.0)


def _peers(run: Run, folder: Path) -> Peers:
    """What the peers need, in an environment that is gone afterwards; nothing where they cannot be had."""
    home = folder / "peers"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if not _installed(install, PEER_PACKAGES):
        missing = [package for package in PEER_PACKAGES if not _installed(install, (package,))]
        run.say(f"documents: peers that cannot be had here: {', '.join(missing)}")
        if len(missing) == len(PEER_PACKAGES):
            return {}
    command = [python, str(PEERS), str(folder)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True, timeout=INSTALL_SECONDS
    )
    told: Peers = json.loads(done.stdout.splitlines()[-1])
    return told


def _installed(install: Sequence[str], packages: Sequence[str]) -> bool:
    try:
        subprocess.run([*install, *packages], check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError):
        return False
    return True
