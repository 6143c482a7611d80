"""What is asked of a page: nothing axe-core finds, nothing cut off, little to fetch, no words beside the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser

from gateway.pages import STATIC

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
                                         elementRef: false, iframes: false});
  return found.violations.flatMap(rule => rule.nodes.map(
    node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\\n')[1].trim()}`));
}"""
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const inScroll = each => each.closest('.staff-scroll, .page-frame, [data-scrolls]');
  return [...document.querySelectorAll('body *')].filter(each => !inScroll(each)
    && each.getBoundingClientRect().right > width + 1 && each.getClientRects().length)
    .map(each => `${each.tagName}.${each.className} ends at ${Math.round(each.getBoundingClientRect().right)}`)
    .slice(0, 5);
}"""
NAMED = re.compile(r'<(?:link rel="(?:stylesheet|modulepreload)" href|script[^>]* src)="(/static/[^"?]+)')
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\./[^"']+)["']""")

NOT_OURS = (
    ".staff-queue__what, .staff-text, .staff-header__name, .staff-search__help dt, label[lang], "
    "kbd, bdi, code, time, title"
)
"""What senders wrote, the council's name, examples of what to type, what languages call themselves, keys and times."""
DATA = re.compile(r"sam,?|casey|robin.*|You|[A-Z]{3}-\d{4}-[A-Z]{2}|\S+\.(pdf|txt|png|zip)|1 to 9|Ctrl and Enter|Enter")
MADE_OF_PARTS = re.compile(r"Overdue: .* told .*|A manager has to agree to .*|Agree or disagree to .*")
"""Words that are kept with a referral, put together of others: English so far."""


def found_by_axe(page: Page) -> list[str]:
    """Each element that breaks a rule of WCAG 2.2 AA which a machine can judge."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    return [str(line) for line in page.evaluate(RUN, TAGS)]


def wider_than_the_window(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return [str(line) for line in page.evaluate(WIDER)]


def weight(html: str) -> int:
    """Bytes of style and script a page names, unpacked, with what its scripts import."""
    waiting, seen = set(NAMED.findall(html)), set[str]()
    total = 0
    while waiting - seen:
        name = sorted(waiting - seen)[0]
        seen.add(name)
        text = (STATIC / name.removeprefix("/static/")).read_text("utf-8")
        total += len(text.encode())
        folder = name.rpartition("/")[0]
        waiting |= {f"{folder}/{found.removeprefix('./')}" for found in IMPORTED.findall(text)}
    return total


def beside_the_catalogue(html: str) -> Iterator[str]:
    """Each piece of text with words that no message of a catalogue holds in which all stand between guillemets."""
    read = LexborHTMLParser(html)
    for each in read.css(NOT_OURS):
        each.decompose()
    text = read.body.text(separator="\n") if read.body else ""
    while (shorter := re.sub(r"«[^«»]*»", "", text)) != text:
        text = shorter
    for line in (" ".join(each.split()) for each in text.split("\n")):
        if re.search(r"[A-Za-z]{2}", line) and not DATA.fullmatch(line) and not MADE_OF_PARTS.fullmatch(line):
            yield line
