"""Words come out of bytes whatever the mail says they are."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.charsets import clean, is_binary, known_codec, words

RUSSIAN = "Соседи слышат крики каждую ночь, девочке около шести лет, дверь синяя."


@pytest.mark.parametrize(
    ("text", "codec", "called"),
    [
        ("“Don’t” – £5", "cp1252", "iso-8859-1"),
        ("“Don’t” – £5", "cp1252", "unknown-8bit"),
        ("“Don’t” – £5", "cp1252", None),
        ("“Don’t” – £5", "utf-8", "us-ascii"),
        ("“Don’t” – £5", "utf-8", "iso-8859-1"),
        ("子供", "cp932", "x-sjis"),
        ("子供", "cp932", "shift_jis"),
        ("子供", "iso2022_jp", "ISO-2022-JP"),
        ("子供", "iso2022_jp", None),
        ("孩子们", "gb18030", "GB2312"),
        ("어린이", "cp949", "ks_c_5601-1987"),
        ("เด็ก", "cp874", "windows-874"),
        ("ילד", "iso8859_8", "iso-8859-8-i"),
        ("Straße", "mac_roman", "x-mac-roman"),
        (RUSSIAN, "koi8-r", "no-such-charset"),
        (RUSSIAN, "cp1251", None),
        ("plain", "ascii", "no-such-charset"),
        ("+AGE-", "ascii", "base64"),
        ("a", "ascii", "\ud800"),
    ],
)
def test_a_charset_is_known_by_every_name_it_goes_by(text: str, codec: str, called: str | None) -> None:
    assert words(text.encode(codec), called) == text


@given(
    st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-16", "utf-7", "hz", "idna", "punycode", "rot13", "x"])
)
def test_reading_never_fails_and_leaves_nothing_a_database_cannot_hold(content: bytes, charset: str | None) -> None:
    text = words(content, charset)
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text


def test_line_ends_are_made_one_kind() -> None:
    assert clean("a\r\nb\rc\nd\x00\x1f\ufeff\ud83d") == "a\nb\nc\nd"


def test_words_are_told_from_other_bytes() -> None:
    assert is_binary(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00")
    assert not is_binary("Zoë\r\n\tand\x0c £".encode("cp1252"))
    assert not is_binary(codecs.BOM_UTF16_LE + "abc".encode("utf-16-le"))
    assert not is_binary(b"\x1b$B;R6!\x1b(B and one \x00 that slipped in")
    assert not is_binary(b"")


def test_a_name_that_is_no_charset_of_words_is_not_used() -> None:
    assert [known_codec(name) for name in ("base64", "hex", "zip", "unicode_escape", "", None, "x y")] == [None] * 7
