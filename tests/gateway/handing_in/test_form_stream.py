"""A form gives the same fields and files however the network cuts it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.handing_in import form_stream
from gateway.handing_in.form_stream import BrokenForm, Event, Field, FileBegins, FileEnds, FormStream
from gateway.handing_in.tray import part_header

TYPE = "multipart/form-data; boundary=cut"
PDF = bytes(range(256)) * 3 + b"\r\n--cu is not the end\r\n--"


def a_part(name: str, content: bytes, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    return f'--cut\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


FORM = (
    a_part("mark", b"m") + a_part("are", "bätches".encode()) + a_part("files", PDF, "one.pdf")
    + a_part("files", b"", "") + a_part("files", b"two", "C:\\scans\\two.tif") + b"--cut--\r\n"
)  # fmt: skip


def joined(events: list[Event]) -> list[Event]:
    """Blocks of one file put together."""
    out: list[Event] = []
    for event in events:
        if isinstance(event, bytes) and out and isinstance(out[-1], bytes):
            out[-1] += event
        else:
            out.append(event)
    return out


def fed(body: bytes, cuts: list[int], content_type: str = TYPE) -> list[Event]:
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    stream = FormStream(content_type)
    events = [e for start, end in pairwise(places) for e in stream.feed(body[start:end])]
    stream.end()
    return joined(events)


@settings(max_examples=80, deadline=None)
@given(cuts=st.lists(st.integers(0, 10_000), max_size=40))
def test_it_is_the_same_form_wherever_it_is_cut(cuts: list[int]) -> None:
    assert fed(FORM, cuts) == [
        Field(name="mark", value="m"), Field(name="are", value="bätches"), FileBegins(name="one.pdf"), PDF, FileEnds(),
        FileBegins(name=""), FileEnds(), FileBegins(name="two.tif"), b"two", FileEnds(),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=400))
def test_bytes_that_are_no_form_are_told_so_and_break_nothing(body: bytes) -> None:
    try:
        fed(body, [7])
    except BrokenForm:
        return
    assert body.rstrip().endswith(b"--cut--")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (FORM[:-9], TYPE), (FORM, "text/plain"), (FORM, "multipart/form-data"), (FORM, ""),
        (a_part("x", bytes(form_stream.LONGEST_FIELD + 1)) + b"--cut--\r\n", TYPE),
        (a_part("x" * form_stream.LONGEST_HEADER, b"") + b"--cut--\r\n", TYPE),
        (a_part("x", b"") * (form_stream.MOST_PARTS + 1) + b"--cut--\r\n", TYPE),
    ],
)  # fmt: skip
def test_what_breaks_off_or_is_more_than_anybody_fills_in_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(BrokenForm):
        fed(body, [], content_type)


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nX-Evil: 1\r\n\r\nb.pdf", "a\\b.pdf", "ä€.pdf"])
def test_no_name_of_a_file_breaks_out_of_the_form_that_is_kept(name: str) -> None:
    body = part_header("cut", 1, name) + b"content\r\n--cut--\r\n"
    [begins, content, ends] = fed(body, [])
    assert isinstance(begins, FileBegins) and content == b"content" and isinstance(ends, FileEnds)
