"""Makes the style sheet and scripts of our pages from npm packages: what they use, without GOV.UK's fonts and crest."""

import re
import sys
from collections.abc import Mapping, Set
from importlib.util import find_spec
from pathlib import Path

from install.kept_rules import classes_named, kept_rules

ROOM = Path(__file__).parent.parent / "gateway"
FONT_FACES = 2
CHARSET = '@charset "UTF-8";'
GOVUK_NOTICE = (
    "/*! GOV.UK Frontend, Copyright (c) Crown Copyright (Government Digital Service), MIT licence;"
    " changed: no fonts, no crest, only what our pages use */\n"
)
COMPONENT = re.compile(r"govuk_frontend_jinja/components/([a-z-]+)/")
WITH_SCRIPT = ("exit-this-page", "password-input")
"""The components whose script we serve; everything else on a page works without."""

STYLE_SHEETS = {
    "govuk-public.css": ("base.html", "public.html", "public/*.html", "staff/sign_in.html"),
    "govuk-staff.css": ("base.html", "staff.html", "staff/[!s]*.html", "staff/s[!i]*.html", "staff/signed_out.html"),
}
"""Each with the templates it is for."""


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


def without_comments(script: str) -> str:
    """A script of the design system without its explanations, which stand on lines of their own."""
    return re.sub(
        r"\n(?:\s*\n)+", "\n", re.sub(r"^\s*/\*.*?\*/|^\s*//.*?$", "", script, flags=re.DOTALL | re.MULTILINE)
    )


def classes_of(*pages: str) -> set[str]:
    """Every class that these templates, code that writes HTML, and the components asked for may put on a page."""
    written = [
        path for ending in ("py", "js") for path in sorted(ROOM.rglob(f"*.{ending}")) if "vendor" not in path.parts
    ]
    drawn = [path for pattern in pages for path in sorted((ROOM / "templates").glob(pattern))]
    texts = [path.read_text("utf-8") for path in (*written, *drawn)]
    components, waiting = set[str](), set(COMPONENT.findall("\n".join(texts)))
    while waiting:
        components |= waiting
        macros = [macro.read_text("utf-8") for name in sorted(waiting) for macro in _macros(name)]
        texts += macros
        waiting = set(COMPONENT.findall("\n".join(macros))) - components
    own = {f"govuk-{name}{ending}" for name in components for ending in ("", "__")}
    return classes_named(texts) | own


def copy_page_assets(packages: Path, into: Path, *, named: Mapping[str, Set[str]]) -> list[Path]:
    """Write the assets found under `packages` (a node_modules folder) into a folder; returns the files written.

    ``named``: the name of each style sheet, and the classes it is for.
    """
    govuk = packages / "govuk-frontend/dist/govuk"
    bundles = {name: (govuk / f"components/{name}/{name}.bundle.mjs").read_text("utf-8") for name in WITH_SCRIPT}
    whole = without_govuk_identity((govuk / "govuk-frontend.min.css").read_text("utf-8")).removeprefix(CHARSET)
    texts = {name: CHARSET + GOVUK_NOTICE + kept_rules(whole, classes) for name, classes in named.items()}
    for name, script in bundles.items():
        texts[f"{name}.js"] = GOVUK_NOTICE + without_comments(without_source_map(script))
    into.mkdir(parents=True, exist_ok=True)
    for left_behind in into.glob("*.*s"):
        left_behind.unlink()
    for name, text in texts.items():
        (into / name).write_text(text, "utf-8")
    return [into / name for name in texts]


def _macros(component: str) -> list[Path]:
    package = find_spec("govuk_frontend_jinja")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("govuk_frontend_jinja")
    return sorted((Path(package.origin).parent / "templates/components" / component).glob("*.html"))


if __name__ == "__main__":
    copy_page_assets(
        Path(sys.argv[1]), Path(sys.argv[2]), named={name: classes_of(*pages) for name, pages in STYLE_SHEETS.items()}
    )
