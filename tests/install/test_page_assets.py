"""Proves that no page can show the fonts or the crest of GOV.UK."""

from pathlib import Path

import pytest

from install.page_assets import UnexpectedStyleSheet, copy_page_assets, without_govuk_identity

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
    govuk, htmx = tmp_path / "npm/govuk-frontend/dist/govuk", tmp_path / "npm/htmx.org/dist"
    govuk.mkdir(parents=True)
    htmx.mkdir(parents=True)
    (govuk / "govuk-frontend.min.css").write_text(
        f'@charset "UTF-8";{FACE * 2}.a{{margin:0}}\n/*# sourceMappingURL=govuk-frontend.min.css.map */\n'
    )
    (govuk / "govuk-frontend.min.js").write_text("export{initAll};//# sourceMappingURL=govuk-frontend.min.js.map\n")
    (htmx / "htmx.min.js").write_text("var htmx=1;")
    style_sheet, script, _ = copy_page_assets(tmp_path / "npm", tmp_path / "vendor")
    assert style_sheet.read_text().startswith('@charset "UTF-8";/*! GOV.UK Frontend')
    assert style_sheet.read_text().rstrip().endswith(".a{margin:0}")
    assert script.read_text().endswith("export{initAll};")
