"""Files in the codes of before MIME come out as they went in."""

import binascii

import pytest

from channels.packed.encoded import from_binhex, without_uuencoded
from channels.packed.opened import Inner
from channels.packed.room import Room
from tests.channels.email.northshire import a_mail, read
from tests.channels.email.outlook_files import a_binhex


def test_binhex_gives_the_file_and_its_resources() -> None:
    assert from_binhex(a_binhex("door.txt", b"words \x90\x90 more", b"icon"), Room()) == (
        Inner(name="door.txt", content=b"words \x90\x90 more"), Inner(name="door.txt.rsrc", content=b"icon"),
    )  # fmt: skip
    assert from_binhex(b"words", Room()) is None


def test_binhex_in_a_mail_is_a_file_of_it() -> None:
    inbound = read(a_mail(a_binhex("door.txt", b"words"), Content_Type="application/mac-binhex40; name=door.hqx"))
    assert [(each.name, each.within) for each in inbound.enclosures] == [("door.hqx", ""), ("door.txt", "door.hqx")]


def test_repeats_that_swell_stop_at_the_room_there_is() -> None:
    swollen = a_binhex("a", b"").replace(b"\r\n\r\n:", b"\r\n\r\n:" + b"!J%" * 10)
    assert from_binhex(swollen, Room()) is not None


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_uuencoded_files_come_out_and_the_words_around_them_stay(line_end: bytes) -> None:
    content = bytes(range(256))
    lines = [binascii.b2a_uu(content[at : at + 45]).rstrip(b"\n") for at in range(0, 256, 45)]
    coded = line_end.join([b"Above", b"begin 644 a b.bin", *lines, b"`", b"end", b"Below", b""])
    found = without_uuencoded(coded)
    assert found.files == (Inner(name="a b.bin", content=content),)
    assert found.words.split() == [b"Above", b"Below"]


def test_a_code_that_breaks_off_gives_what_came_and_the_words_behind_it() -> None:
    line = binascii.b2a_uu(b"x" * 45)
    found = without_uuencoded(b"begin 644 a\n" + line + b"he said no more\n")
    assert found.files == (Inner(name="a", content=b"x" * 45),)
    assert found.words == b"he said no more\n"
