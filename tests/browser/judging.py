"""What is asked of a page: nothing axe-core finds, nothing to be scrolled sideways, little to be fetched first."""

from __future__ import annotations

import re
from importlib.resources import files

from playwright.sync_api import Page

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
