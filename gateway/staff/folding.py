"""A message cut where something in it is folded: the words as they came, in their order, none of them left out."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import FoldKind
from gateway.view import MessageView

CALLED = {FoldKind.QUOTED: "Quoted text", FoldKind.SIGNATURE: "Signature or small print"}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Words that are shown; ``called`` is what stands on the fold over them, empty where they stand open."""

    words: str
    called: str = ""


def folded_pieces(message: MessageView) -> list[Piece]:
    """In the order of the text; blank pieces between two folds fall away, as they show nothing."""
    found, at = [], 0
    for fold in message.folds:
        found += _open(message.text[at : fold.start])
        words = message.text[fold.start : fold.end]
        found.append(Piece(words=words, called=f"{CALLED[FoldKind(fold.kind)]} ({_lines(words)})"))
        at = fold.end
    return found + _open(message.text[at:])


def _open(words: str) -> list[Piece]:
    return [Piece(words=words.strip("\n"))] if words.strip() else []


def _lines(words: str) -> str:
    count = words.count("\n") + 1
    return "1 line" if count == 1 else f"{count} lines"


IN_TEMPLATES = {"folded_pieces": folded_pieces}
