"""A notice's plain text and its HTML say the same, and nothing in a value becomes markup."""

from gateway.paragraphs import Block, BlockKind, as_email, as_page_part, blocks_of, laid_out

WORDING = (
    "\n\nWe have it.  \n\n\n\n# What happens next\n   \nA worker reads it.\nThen we write.\n\n* one\n* two & three\n"
)


def test_headings_are_underlined_and_blocks_stand_one_blank_line_apart() -> None:
    assert laid_out(WORDING) == (
        "We have it.\n\nWhat happens next\n-----------------\n\n"
        "A worker reads it.\nThen we write.\n\n* one\n* two & three"
    )


def test_laid_out_text_is_read_back_as_headings_paragraphs_and_lists() -> None:
    assert blocks_of(laid_out(WORDING)) == (
        Block(kind=BlockKind.PARAGRAPH, lines=("We have it.",)),
        Block(kind=BlockKind.HEADING, lines=("What happens next",)),
        Block(kind=BlockKind.PARAGRAPH, lines=("A worker reads it.", "Then we write.")),
        Block(kind=BlockKind.LIST, lines=("one", "two & three")),
    )


def test_a_mail_is_a_whole_page_with_a_language_a_title_and_real_headings() -> None:
    page = as_email(laid_out(WORDING), "We have <it>")

    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>We have &lt;it&gt;</title>" in page
    assert "<h1>We have &lt;it&gt;</h1>" in page
    assert "<h2>What happens next</h2>" in page
    assert "<p>A worker reads it.<br>Then we write.</p>" in page
    assert "<ul><li>one</li><li>two &amp; three</li></ul>" in page
    assert "http" not in page


def test_a_page_part_wears_the_classes_of_the_design_system() -> None:
    part = as_page_part(laid_out(WORDING))

    assert '<h2 class="govuk-heading-m">What happens next</h2>' in part
    assert '<ul class="govuk-list govuk-list--bullet"><li>one</li>' in part
    assert part.startswith('<p class="govuk-body">We have it.</p>')


def test_markup_in_a_value_stays_words() -> None:
    assert "<script>" not in as_page_part(laid_out("<script>alert(1)</script>"))
    assert "<script>" not in as_email(laid_out("<script>alert(1)</script>"), "<script>")
