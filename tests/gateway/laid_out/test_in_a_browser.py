"""A real browser with every attack at once: it asks nobody off this machine for anything, and runs nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from gateway.laid_out import HEADERS, Picture, Pictures, document, sanitised
from tests.gateway.laid_out.attacks import ATTACKS
from tests.gateway.laid_out.test_sanitised import LOGO, PNG
from tests.missing_parts import needs

OUTER = '<title>outer</title><iframe src="/words" sandbox width="400" height="2000"></iframe>'
THERE = "<p id=there>Words</p>"
RUNS = "<script>new Image().src='http://ran.example/'</script><img src=http://fetched.example/x>"


@dataclass(kw_only=True)
class Trap:
    """Answers for every host there is; ``asked`` are those that were asked for anything but our two pages."""

    words: str
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0


@contextmanager
def trap(one: Trap) -> Iterator[Trap]:
    """Open until the end."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = {"/": OUTER, "/words": one.words}.get(self.path)
            is_ours = page is not None and str(self.headers["host"]).startswith("127.0.0.1")
            if not is_ours and self.path != "/favicon.ico":
                one.asked.append(f"{self.headers['host']}{self.path}")
            self.send_response(200 if page else 404)
            for name, value in (one.headers if self.path == "/words" else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    one.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium(port: int) -> Iterator[webdriver.Chrome]:
    """It finds every host at our trap."""
    asked = webdriver.ChromeOptions()
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
        f"--host-resolver-rules=MAP *.example 127.0.0.1:{port}", "--window-size=400,900", "--no-first-run",
    ):  # fmt: skip
        asked.add_argument(argument)
    driver = webdriver.Chrome(options=asked, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


def looked_at(one: Trap) -> list[str]:
    """Whom the browser asked, with the page in its frame."""
    with trap(one), chromium(one.port) as driver:
        driver.get(f"http://127.0.0.1:{one.port}/")
        driver.implicitly_wait(2)
        frame = driver.find_element(By.TAG_NAME, "iframe")
        driver.switch_to.frame(frame)
        assert driver.find_element(By.ID, "there").text == "Words"
        time.sleep(0.5)  # what would be fetched would be fetched by then
        driver.switch_to.default_content()
        assert driver.title == "outer"
        return one.asked


def safe_document() -> str:
    """Every attack on one page, made safe."""
    page = f"{''.join(f'<div>{attack}</div>' for attack in ATTACKS)}<img src='cid:{LOGO}'>"
    one_by_one = [sanitised(attack, Pictures(by_id={})).html for attack in ATTACKS]
    whole = sanitised(page, Pictures(by_id={LOGO: Picture(content=PNG)}))
    return document(whole).replace("</body>", f"{THERE}{''.join(one_by_one)}</body>")


@pytest.fixture(autouse=True)
def _no_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SE_OFFLINE", "true")
    monkeypatch.setenv("SE_AVOID_STATS", "true")


@needs("chromium")
def test_the_trap_catches_a_page_that_is_shown_as_it_came() -> None:
    caught = looked_at(Trap(words=f"{THERE}{RUNS}"))
    assert any(host.startswith("fetched.example") for host in caught)


@needs("chromium")
def test_a_page_made_safe_asks_nobody_even_without_the_policy_that_forbids_it() -> None:
    assert looked_at(Trap(words=safe_document())) == []


@needs("chromium")
def test_the_policy_alone_stops_a_page_that_was_not_made_safe() -> None:
    assert looked_at(Trap(words=f"{THERE}{RUNS}{''.join(ATTACKS[:16])}", headers=HEADERS)) == []
