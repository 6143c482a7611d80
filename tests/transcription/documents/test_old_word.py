"""Word documents of before 2007 are read part by part, and what was deleted is told apart."""

import random

import pytest

from tests.transcription.compound import compound_file
from tests.transcription.old_office import old_word, older_word
from transcription.contract import CannotRead
from transcription.documents.old_word import TICKS_UNSEEN, read_old_word


def test_text_tables_and_notes_are_read_part_by_part() -> None:
    document = old_word("Dear team\rName\x07Jane\x07\x07Yours\r", "Seen twice\r", "Northshire\r", "", "Check date\r")
    assert read_old_word(document).text == (
        "Dear team\nName\tJane\nYours\n\nFootnotes: Seen twice\n\nHeaders and footers: Northshire\n\n"
        "Comments: Check date"
    )


def test_a_field_shows_its_result_and_not_its_code() -> None:
    document = old_word("Write to \x13HYPERLINK \x13QUOTE x\x14y\x15\x14a.carter@example.org\x15 please\r")
    assert read_old_word(document).text == "Write to a.carter@example.org please"


def test_ticks_that_cannot_be_seen_are_said_to_be_there() -> None:
    assert read_old_word(old_word("\x13 FORMCHECKBOX \x15 Neglect\r")).note == TICKS_UNSEEN
    assert read_old_word(old_word("Neglect\r")).note == ""


def test_deleted_words_are_left_out_of_the_text_and_listed_at_its_end() -> None:
    transcript = read_old_word(old_word("He has a scratch bruise\r", "Seen twice\r", deleted="scratch "))
    assert transcript.text == ("He has a bruise\n\nFootnotes: Seen twice\n\nDeleted words (tracked changes):\nscratch")


def test_rare_letters_do_not_shift_what_follows() -> None:
    assert read_old_word(old_word("He drew \U0001f642\r", "Seen twice\r")).text.startswith("He drew")


def test_word_6_kept_its_text_in_one_stretch() -> None:
    assert read_old_word(older_word("Dear team\rZo\u00eb is cold\r")).text == "Dear team\nZo\u00eb is cold"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (old_word("Dear team\r", flags=0x0300), "encrypted"),
        (compound_file({"Workbook": b"x"}), "broken"),
        (old_word("Dear team\r")[:3000], "broken"),
        (compound_file({"WordDocument": b"\xec\xa5\xc1\x00", "0Table": b""}), "broken"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(CannotRead) as refused:
        read_old_word(data)
    assert refused.value.reason == reason


def test_a_damaged_document_is_read_or_refused() -> None:
    whole, chance = old_word("Dear team, he has a scratch\r" * 30, "Note\r", deleted="scratch"), random.Random(3)
    for _ in range(300):
        changed = bytearray(whole)
        for _ in range(chance.choice([1, 5, 40])):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        try:
            read_old_word(bytes(changed))
        except CannotRead as refused:
            assert refused.reason in {"broken", "encrypted", "too_large", "unsupported"}
