"""Proves that no page shows the fonts or crest of GOV.UK, and that each keeps the rules it needs."""

import re
from pathlib import Path

import pytest

from install.kept_rules import apart, kept_rules
from install.page_assets import (
    ROOM,
    STYLE_SHEETS,
    WITH_SCRIPT,
    UnexpectedStyleSheet,
    copy_page_assets,
    without_govuk_identity,
)

NODE = ROOM.parent / "node_modules"
CLASS_WORD = re.compile(r"govuk-[\w-]*\w(?![\w-])")

FACE = "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"


def test_fonts_their_name_and_the_crest_are_taken_out_and_the_rest_stays() -> None:
    style_sheet = FACE * 2 + ".a{font-family:GDS Transport,arial}.b{mask:url(/assets/images/govuk-crest.svg)}"
    assert without_govuk_identity(style_sheet) == '.a{font-family:arial}.b{mask:url("data:,")}'


def test_a_release_with_another_number_of_fonts_is_refused() -> None:
    with pytest.raises(UnexpectedStyleSheet, match="3 @font-face"):
        without_govuk_identity(FACE * 3)


def test_a_release_that_names_the_typeface_elsewhere_is_refused() -> None:
    with pytest.raises(UnexpectedStyleSheet, match="GDS Transport"):
        without_govuk_identity(FACE * 2 + ".a{font-family:arial,GDS Transport}")


def test_the_assets_are_copied_without_their_source_maps(tmp_path: Path) -> None:
    govuk = tmp_path / "npm/govuk-frontend/dist/govuk"
    for name in WITH_SCRIPT:
        (govuk / "components" / name).mkdir(parents=True)
        said = "/**\n * What it is.\n */\nconst url = 'https://example.org';\n  // why\n"
        script = said + "export{url};\n//# sourceMappingURL=x.map\n"
        (govuk / f"components/{name}/{name}.bundle.mjs").write_text(script)
    (govuk / "govuk-frontend.min.css").write_text(
        f'@charset "UTF-8";{FACE * 2}.govuk-a{{margin:0}}\n/*# sourceMappingURL=govuk-frontend.min.css.map */\n'
    )
    style_sheet, *scripts = copy_page_assets(tmp_path / "npm", tmp_path / "vendor", named={"a.css": {"govuk-a"}})
    assert style_sheet.read_text().startswith('@charset "UTF-8";/*! GOV.UK Frontend')
    assert style_sheet.read_text().endswith(".govuk-a{margin:0}")
    for each in scripts:
        assert each.read_text().splitlines()[1:] == ["", "const url = 'https://example.org';", "export{url};"]


def test_what_an_earlier_release_left_behind_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/old.min.js").write_text("")
    copied = copy_page_assets(NODE, tmp_path / "vendor", named={"a.css": set()})
    assert sorted((tmp_path / "vendor").iterdir()) == sorted(copied)


def test_a_rule_stays_when_every_class_of_it_is_named() -> None:
    rules = "a{x:1}.govuk-a,.govuk-b{x:2}.govuk-a .govuk-c{x:3}"
    rules += "@media print{.govuk-b{x:4}.govuk-a:hover{x:5}}.govuk-l--s{x:6}"
    kept = kept_rules(rules, {"govuk-a", "govuk-l--"})
    assert kept == "a{x:1}.govuk-a{x:2}@media print{.govuk-a:hover{x:5}}.govuk-l--s{x:6}"


def test_what_must_not_be_there_need_not_be_named() -> None:
    hidden = ".govuk-a:not(:focus):not(.\\:focus){x:1}"
    assert kept_rules(hidden, {"govuk-a"}) == hidden
    assert kept_rules(".govuk-a.\\:focus{x:1}", {"govuk-a"}) == ""


def test_a_comma_inside_brackets_divides_no_selector() -> None:
    assert apart(".a:is(.b,.c),.d") == [".a:is(.b,.c)", ".d"]


def test_a_style_sheet_that_breaks_off_is_refused() -> None:
    for broken in (".a{x:1", ".a"):
        with pytest.raises(ValueError, match=r"never closed|does not end"):
            kept_rules(broken, set())


@pytest.mark.parametrize("style_sheet", STYLE_SHEETS)
def test_every_class_a_template_names_has_the_rules_the_design_system_gives_it(style_sheet: str) -> None:
    whole = (NODE / "govuk-frontend/dist/govuk/govuk-frontend.min.css").read_text("utf-8")
    ours = (ROOM / "static/vendor" / style_sheet).read_text("utf-8")
    pages = [page for pattern in STYLE_SHEETS[style_sheet] for page in ROOM.glob(f"templates/{pattern}")]
    named = {name for page in pages for name in CLASS_WORD.findall(page.read_text("utf-8"))}
    has_rules = {name for name in named if re.search(rf"\.{name}(?![\w-])", whole)}
    missing = {name for name in has_rules if not re.search(rf"\.{name}(?![\w-])", ours)}
    assert len(has_rules) > 20
    assert missing == set(), "make setup takes them in"


def test_every_template_has_its_style_sheet() -> None:
    patterns = [each for patterns in STYLE_SHEETS.values() for each in patterns]
    covered = {page for each in patterns for page in ROOM.glob(f"templates/{each}")}
    assert set(ROOM.glob("templates/**/*.html")) == covered
