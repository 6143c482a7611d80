"""Pages of a scan are drawn a run at a time, once, and one that cannot be drawn takes no other with it."""

from __future__ import annotations

import threading

import pytest

from gateway.staff.page_pictures import NoPicture
from gateway.staff.scan_pictures import AT_A_TIME, ScanPictures
from tests.gateway.dividing.sorted_scans import a_pdf

PDF = "application/pdf"


class Opened:
    """A file that counts how often it is opened."""

    def __init__(self, content: bytes) -> None:
        self.content, self.times = content, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.content


def test_who_asks_for_pages_of_one_run_at_the_same_time_has_it_drawn_once() -> None:
    pictures, file, made = ScanPictures(), Opened(a_pdf(AT_A_TIME + 1)), dict[int, bytes]()

    def ask(page: int) -> None:
        made[page] = pictures.of("a", PDF, page, last=AT_A_TIME + 1, wide=80, content=file)

    threads = [threading.Thread(target=ask, args=(page,)) for page in range(1, AT_A_TIME + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.times == 1 and len(set(made.values())) == AT_A_TIME
    assert all(each.startswith(b"\xff\xd8") for each in made.values())


def test_a_page_that_is_not_there_has_no_picture_and_is_not_tried_again() -> None:
    pictures, file = ScanPictures(), Opened(a_pdf(1))
    for _ in range(2):
        with pytest.raises(NoPicture):
            pictures.of("b", PDF, 2, last=2, wide=80, content=file)
    assert pictures.of("b", PDF, 1, last=2, wide=80, content=file)
    assert file.times == 1
