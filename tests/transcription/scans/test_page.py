"""Letters are read right however they lay on the glass, and as a photograph, a fax or a printout."""

import numpy as np
import pytest
from PIL import Image

from tests.transcription.paper import letter, letter_image, saved, stamped, truth_of
from transcription.accuracy import character_error_rate
from transcription.contract import CannotRead, PageShape, Transcript
from transcription.scans.page import NO_WRITING, PageReader
from transcription.scans.pictures import LARGEST_PIXELS, MOST_PAGES, WORKING_SIDE, pages
from transcription.scans.reading import CUT_OFF, read_pictures

TRUTH = truth_of("jpg_03.jpg")
WHERE_DEAR = (0.138, 0.196)
"""The middle of the word "Dear" on the straight page."""


@pytest.mark.parametrize("name", ["jpg_03.jpg", "l150_03.jpg"])
def test_a_printed_letter_is_read_to_the_letter(page_reader: PageReader, name: str) -> None:
    transcript = read_pictures(letter(name), page_reader)
    assert character_error_rate(transcript.text, truth_of(name)) <= 0.003
    assert transcript.note == ""
    assert all(segment.page == 1 and segment.confidence is not None for segment in transcript.segments)
    assert all([word.text for word in segment.written] == segment.text.split() for segment in transcript.segments)
    assert not any(segment.by_hand for segment in transcript.segments)


@pytest.mark.parametrize(
    ("degrees", "turn", "slant"), [(90, 90, 0), (180, 180, 0), (270, 270, 0), (7, 0, -7), (-4, 0, 4), (94, 90, -4)]
)
def test_a_page_is_read_however_it_lay_on_the_glass(
    page_reader: PageReader, degrees: int, turn: int, slant: float
) -> None:
    turned = letter_image("jpg_03.jpg").rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    transcript = read_pictures(saved(turned, "JPEG", quality=85), page_reader)
    assert character_error_rate(transcript.text, TRUTH) <= 0.005
    (shape,) = transcript.pages
    assert (shape.turn, shape.width < shape.height) == (turn, True)
    assert shape.slant == pytest.approx(slant, abs=0.3)
    assert place_of("Dear", transcript, shape) == pytest.approx(WHERE_DEAR, abs=0.01)


def place_of(text: str, transcript: Transcript, shape: PageShape) -> tuple[float, float]:
    """The middle of a word as a part of the straight page, whose paper grew when it was turned."""
    left, top, right, bottom = next(
        word.box for segment in transcript.segments for word in segment.written if word.text.startswith(text)
    )
    across, down = ((left + right) / 2 - 0.5) * shape.width, ((top + bottom) / 2 - 0.5) * shape.height
    back = np.radians(-shape.slant)
    width, height = letter_image("jpg_03.jpg").size
    return (
        float(across * np.cos(back) - down * np.sin(back)) / width + 0.5,
        float(across * np.sin(back) + down * np.cos(back)) / height + 0.5,
    )


def test_a_photograph_taken_from_the_side_is_read(page_reader: PageReader) -> None:
    page = letter_image("jpg_03.jpg")
    width, height = page.size
    seen = page.transform(
        page.size, Image.Transform.QUAD, (0, 0, 0, height, width * 1.2, height * 1.25, width * 1.2, -height * 0.25),
        resample=Image.Resampling.BICUBIC, fillcolor=120,
    )  # fmt: skip
    transcript = read_pictures(saved(seen, "JPEG", quality=90), page_reader)
    assert character_error_rate(transcript.text, TRUTH) <= 0.015


def test_the_camera_says_which_way_up_a_photograph_is(page_reader: PageReader) -> None:
    exif = Image.Exif()
    exif[274] = 6
    lying = letter_image("jpg_03.jpg").rotate(90, expand=True)
    transcript = read_pictures(saved(lying, "JPEG", exif=exif), page_reader)
    assert character_error_rate(transcript.text, TRUTH) <= 0.003


def test_a_photograph_from_a_telephone_is_read(page_reader: PageReader) -> None:
    photograph = saved(letter_image("jpg_03.jpg").convert("RGB"), "HEIF", quality=80)
    assert character_error_rate(read_pictures(photograph, page_reader).text, TRUTH) <= 0.003


@pytest.mark.parametrize("name", ["fax_01.tif", "fax_03.tif"])
def test_a_fax_of_either_fineness_is_read_and_its_header_noted(page_reader: PageReader, name: str) -> None:
    transcript = read_pictures(letter(name), page_reader)
    assert character_error_rate(transcript.text, truth_of(name)) <= 0.005
    assert transcript.note.startswith("Fax header: 17-MAR-2026 09:1")


def test_a_red_stamp_across_the_text_hides_neither(page_reader: PageReader) -> None:
    transcript = read_pictures(saved(stamped("RECEIVED", at=(300, 560)), "JPEG", quality=90), page_reader)
    assert character_error_rate(transcript.text, TRUTH) <= 0.01
    assert transcript.note == "Stamped across the text: RECEIVED."


def test_writing_in_colour_beside_the_print_belongs_to_the_letter(page_reader: PageReader) -> None:
    transcript = read_pictures(saved(stamped("Copy to Jane", at=(300, 1900), slant=0), "JPEG", quality=90), page_reader)
    assert transcript.note == ""
    assert "Copy to Jane" in transcript.text


def test_a_page_sprinkled_with_dots_is_read(page_reader: PageReader) -> None:
    page = np.asarray(letter_image("jpg_03.jpg")).copy()
    chance = np.random.default_rng(11)
    page[chance.random(page.shape) < 0.01] = 40
    noisy = (page + chance.normal(0, 8, page.shape)).clip(0, 255).astype(np.uint8)
    transcript = read_pictures(saved(Image.fromarray(noisy), "JPEG", quality=90), page_reader)
    assert character_error_rate(transcript.text, TRUTH) <= 0.01


def test_every_page_of_a_fax_is_read_in_order_and_blank_ones_are_passed_over(page_reader: PageReader) -> None:
    page, blank = letter_image("jpg_03.jpg"), Image.new("L", (1654, 2338), 255)
    fax = saved(page, "TIFF", save_all=True, append_images=[blank, page], compression="tiff_lzw")
    transcript = read_pictures(fax, page_reader)
    assert {segment.page for segment in transcript.segments} == {1, 3}
    assert character_error_rate(transcript.text, TRUTH + TRUTH) <= 0.003


def test_an_empty_sheet_has_no_text_and_the_note_says_so(page_reader: PageReader) -> None:
    transcript = read_pictures(saved(Image.new("L", (1654, 2338), 250), "PNG"), page_reader)
    assert (transcript.text, transcript.segments, transcript.note) == ("", (), NO_WRITING)


def test_dirt_is_not_writing(page_reader: PageReader) -> None:
    dirt = np.random.default_rng(5).normal(235, 12, (1200, 900)).clip(0, 255).astype(np.uint8)
    assert read_pictures(saved(Image.fromarray(dirt), "PNG"), page_reader).text == ""


def test_writing_on_a_transparent_picture_is_read_as_on_paper(page_reader: PageReader) -> None:
    ink = letter_image("jpg_03.jpg")
    clear = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    clear.putalpha(Image.eval(ink, lambda shade: 255 - shade))
    assert character_error_rate(read_pictures(saved(clear, "PNG"), page_reader).text, TRUTH) <= 0.01


def test_a_large_photograph_is_reduced_to_working_size() -> None:
    (sheet,) = pages(saved(Image.new("RGB", (6000, 4000), "white"), "JPEG"))
    assert max(sheet.picture.shape) == WORKING_SIDE


def test_a_picture_that_unfolds_without_end_is_refused_before_it_is_unpacked() -> None:
    side = int(LARGEST_PIXELS**0.5) + 100
    bomb = saved(Image.new("1", (side, side)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(CannotRead) as refused:
        list(pages(bomb))
    assert refused.value.reason == "too_large"


def test_ten_thousand_pages_are_too_many() -> None:
    page = Image.new("1", (8, 8))
    many = saved(page, "TIFF", save_all=True, append_images=[page] * MOST_PAGES)
    with pytest.raises(CannotRead) as refused:
        list(pages(many))
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"\xff\xd8\xff" + b"\1" * 99])
def test_bytes_that_are_no_picture_are_broken(data: bytes) -> None:
    with pytest.raises(CannotRead) as refused:
        list(pages(data))
    assert refused.value.reason == "broken"


def test_a_picture_cut_off_on_its_way_is_read_as_far_as_it_goes_and_the_note_says_so(page_reader: PageReader) -> None:
    whole = letter("jpg_03.jpg")
    transcript = read_pictures(whole[: len(whole) // 2], page_reader)
    assert transcript.note.startswith(CUT_OFF)
    assert transcript.text.split()[:5] == TRUTH.split()[:5]
