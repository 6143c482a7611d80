"""One line of writing as the recogniser read it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Glyph:
    """One character read: where its middle lies along the line (0 to 1) and how sure the recogniser is (0 to 1)."""

    character: str
    at: float
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One line as read."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.character for glyph in self.glyphs).strip()

    @property
    def confidence(self) -> float:
        return sum(glyph.confidence for glyph in self.glyphs) / len(self.glyphs) if self.glyphs else 0.0
