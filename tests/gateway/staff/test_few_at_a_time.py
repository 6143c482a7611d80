"""Whoever waits for something that takes long keeps nobody else waiting."""

from __future__ import annotations

import asyncio
import io
import threading

from fastapi.concurrency import run_in_threadpool
from PIL import Image

from gateway.staff.few_at_a_time import FewAtATime
from gateway.staff.page_pictures import picture_of

MORE_THAN_THERE_ARE_THREADS = 60


async def test_however_many_wait_for_pictures_there_is_a_thread_for_everybody_else() -> None:
    few, go_on = FewAtATime(), threading.Event()
    waiting = [asyncio.create_task(few.make(go_on.wait)) for _ in range(MORE_THAN_THERE_ARE_THREADS)]
    await asyncio.sleep(0.01)
    try:
        assert await asyncio.wait_for(run_in_threadpool(lambda: "answered"), 5) == "answered"
    finally:
        go_on.set()
    assert all(await asyncio.gather(*waiting))


def test_a_scan_that_may_be_sorted_may_be_pictured_however_large() -> None:
    out = io.BytesIO()
    Image.new("L", (60, 80), 200).save(out, "JPEG")
    assert picture_of(out.getvalue() + bytes(70 * 1024 * 1024), "image/jpeg", 1)
