"""Post: scans come in by a watched folder, letters go out as PDFs into a print folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from channels.contract import Accept, DeliveryReport, Inbound, Outgoing, RawMessage, WayIn
from channels.letter.carried import is_scanners_mail, letters_carried
from channels.letter.print_folder import print_letter
from channels.letter.said_by_scanner import said_by_machine
from channels.letter.scan_box import ScanBox
from channels.letter.scan_folder import LargeScans, ScanFolder
from channels.letter.scanned import read_scan

__all__ = ["LargeScans", "Letter", "ScanBox"]

ReadMail = Callable[[RawMessage], Inbound | DeliveryReport]


class Letter:
    """Letters. ``scan_dir`` None leaves the door shut; ``render`` makes the PDF of a notice.

    ``postal_address`` is what the contact page says; ``settle_seconds`` is how long a file must lie unchanged before
    it counts as whole; ``poll_seconds`` is how often the folder is looked at; ``large`` says what is done with
    large files; ``read_mail`` reads what came to a scanner's mailbox and turns out to be a person's own mail.
    """

    name = "letter"

    def __init__(
        self,
        *,
        scan_dir: Path | None,
        print_dir: Path,
        render: Callable[[Outgoing], bytes],
        postal_address: str = "",
        settle_seconds: float = 2.0,
        poll_seconds: float = 1.0,
        large: LargeScans | None = None,
        read_mail: ReadMail = read_scan,
    ) -> None:
        self._scan_dir, self._print_dir, self._render = scan_dir, print_dir, render
        self._postal_address = postal_address
        self._settle_seconds, self._poll_seconds, self._large = settle_seconds, poll_seconds, large or LargeScans()
        self._read_mail = read_mail

    def door(self, accept: Accept) -> ScanFolder | None:
        """A watcher of the scan folder; every file in it becomes one raw message and leaves once it is kept."""
        if self._scan_dir is None:
            return None
        return ScanFolder(
            self._scan_dir, accept, settle_seconds=self._settle_seconds, poll_seconds=self._poll_seconds,
            large=self._large,
        )  # fmt: skip

    def parse(self, raw: RawMessage) -> Inbound | DeliveryReport:
        """A letter to us, or news of one of ours that came back; raises ``Unreadable`` for what is no document."""
        first, *_ = letters_carried(raw) or (raw,)
        if first is raw and is_scanners_mail(raw):
            return said_by_machine(raw, self._read_mail(raw))
        return read_scan(first)

    def ways_in(self) -> tuple[WayIn, ...]:
        """The address to write to, while somebody scans what arrives there."""
        if self._scan_dir is None or not self._postal_address:
            return ()
        note = "You can send copies of papers or photos. Tell us how we can safely reach you."
        return (WayIn(title="Write to us", detail=self._postal_address, note=note),)

    async def send(self, notice: Outgoing) -> str:
        """Put the letter into the print folder, whole or not at all; returns the file's name."""
        return await print_letter(notice, self._render, self._print_dir)
