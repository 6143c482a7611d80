"""A mail comes out of the stream byte for byte, wherever the network cut it."""

from hypothesis import given
from hypothesis import strategies as st

from channels.email.final_dot import UntilFinalDot

LIKELY = st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"\r\n.", b"a", b"\x00", b"\xff"])
MAILS = st.lists(LIKELY, max_size=30).map(b"".join)


def stuffed(mail: bytes) -> bytes:
    """A mail as a client sends it: every line that begins with a dot gets one more, and a lone dot ends it."""
    assert mail.endswith(b"\r\n") or not mail
    return (b"\r\n" + mail).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"


@given(MAILS, st.lists(st.integers(1, 7), min_size=1), st.binary(max_size=5))
def test_what_was_sent_comes_out_and_what_follows_is_given_back(mail: bytes, cuts: list[int], rest: bytes) -> None:
    mail = mail + b"\r\n" if mail else mail
    stream, found = stuffed(mail) + rest, UntilFinalDot(1000)
    at, turn, left = 0, 0, None
    while left is None:
        step = cuts[turn % len(cuts)]
        left = found.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert found.content() == mail
    assert left + stream[at:] == rest
    assert found.size == len(mail)
    assert not found.too_large


def test_the_limit_counts_the_mail_without_its_added_dots() -> None:
    mail = b".\r\n" * 10
    exact, short = UntilFinalDot(30), UntilFinalDot(29)
    assert exact.feed(stuffed(mail)) == short.feed(stuffed(mail)) == b""
    assert (exact.too_large, short.too_large) == (False, True)
    assert (exact.content(), short.content()) == (mail, b"")


def test_what_is_too_large_is_not_kept_in_memory() -> None:
    found = UntilFinalDot(1000)
    for _ in range(100):
        assert found.feed(b"x" * 1000) is None
    assert found.content() == b""
    assert found.too_large
    assert found.feed(b"\r\n.\r\nQUIT\r\n") == b"QUIT\r\n"
