"""Copies the style sheet and scripts of our pages out of their npm packages, without GOV.UK's own fonts and crest."""

import re
import sys
from pathlib import Path

FONT_FACES = 2
CHARSET = '@charset "UTF-8";'
GOVUK_NOTICE = (
    "/*! GOV.UK Frontend, Copyright (c) Crown Copyright (Government Digital Service), MIT licence;"
    " changed: no fonts, no crest */\n"
)
HTMX_NOTICE = "/*! htmx, Copyright (c) Big Sky Software, Zero-Clause BSD licence */\n"


class UnexpectedStyleSheet(Exception):
    """The style sheet is not of the shape we know: read the new release before its fonts are taken out."""


def without_govuk_identity(style_sheet: str) -> str:
    """The style sheet without web fonts, typeface and crest, which only services on GOV.UK may show."""
    plain, faces = re.subn(r"@font-face\s*\{[^}]*\}", "", style_sheet)
    if faces != FONT_FACES:
        raise UnexpectedStyleSheet(f"{faces} @font-face blocks where {FONT_FACES} were expected")
    plain = re.sub(r"""["']?GDS Transport["']?\s*,\s*""", "", plain)
    plain = re.sub(r"""url\(["']?/assets/images/[^)]*\)""", 'url("data:,")', plain)
    left = [word for word in ("GDS Transport", "/assets/") if word in plain]
    if left:
        raise UnexpectedStyleSheet(f"still names {', '.join(left)}")
    return without_source_map(plain)


def without_source_map(text: str) -> str:
    """The text without the pointer to a source map, which we do not serve."""
    return re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", "", text)


def copy_page_assets(packages: Path, into: Path) -> list[Path]:
    """Write the assets found under `packages` (a node_modules folder) into a folder; returns the files written."""
    govuk = packages / "govuk-frontend/dist/govuk"
    style_sheet = without_govuk_identity((govuk / "govuk-frontend.min.css").read_text("utf-8"))
    script = without_source_map((govuk / "govuk-frontend.min.js").read_text("utf-8"))
    texts = {
        "govuk-frontend.min.css": CHARSET + GOVUK_NOTICE + style_sheet.removeprefix(CHARSET),
        "govuk-frontend.min.js": GOVUK_NOTICE + script,
        "htmx.min.js": HTMX_NOTICE + (packages / "htmx.org/dist/htmx.min.js").read_text("utf-8"),
    }
    into.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (into / name).write_text(text, "utf-8")
    return [into / name for name in texts]


if __name__ == "__main__":
    copy_page_assets(Path(sys.argv[1]), Path(sys.argv[2]))
