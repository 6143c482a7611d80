"""Mails whose every line is labelled: N new, Q quoted and to be folded, S signature, O not new and to be left open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples" / "email" / "quoted_mails.txt"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One labelled mail, its lines with their labels; ``is_reply``: its header names the mail it answers."""

    name: str
    subject: str
    is_reply: bool
    labelled: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """As the parser gives it."""
        return "\n".join(words for _, words in self.labelled)

    def has(self, label: str) -> bool:
        """Whether any of its lines is labelled so."""
        return any(one == label for one, _ in self.labelled)


def _mail(block: str) -> Mail:
    name, *lines = block.strip("\n").split("\n")
    header = [line for line in lines if line[1:2] != "|"]
    return Mail(
        name=name, subject=header[0].removeprefix("Subject: "), is_reply=len(header) > 1,
        labelled=tuple((line[0], line[2:]) for line in lines if line[1:2] == "|"),
    )  # fmt: skip


MAILS = [_mail(block) for block in SAMPLES.read_text("utf-8").split("=== ")[1:]]
