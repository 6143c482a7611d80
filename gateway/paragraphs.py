"""What a notice's plain text is made of: headings, paragraphs and lists, and the same as accessible HTML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape

UNDERLINE = re.compile(r"-{3,}")
EMAIL_STYLE = (
    "font-family: arial, sans-serif; font-size: 19px; line-height: 1.5; max-width: 38em; margin: 0 auto; padding: 1em; "
    "overflow-wrap: anywhere"
)
EMAIL_COLOURS = (
    ":root { color-scheme: light dark } body { margin: 0; background: #ffffff; color: #0b0c0c } "
    "h1 { font-size: 27px; line-height: 1.25 } h2 { font-size: 21px; line-height: 1.25; margin-top: 1.5em } "
    "a { color: #1a65a6 } @media (prefers-color-scheme: dark) { body { background: #0b0c0c; color: #f3f2f1 } "
    "a { color: #7ab8f0 } }"
)
"""Text at 17:1 or more and links at 5:1 or more on both grounds (WCAG 2.2, 1.4.3); without it, the reader's own."""
KEPT_WHOLE = re.compile(r"\b[A-Z]{3}-\d{4}-[A-Z]{2}\b|\b0\d{2,4} \d{3} ?\d{3,4}\b")
"""A reference and a telephone number."""
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")


class BlockKind(StrEnum):
    """What a block of text is to its reader."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True, kw_only=True)
class Block:
    """One heading, paragraph or list; ``lines`` are a paragraph's lines or a list's items, without marks."""

    kind: BlockKind
    lines: tuple[str, ...]


def laid_out(wording: str) -> str:
    """Plain text ready to send: ``# `` lines become underlined headings, blocks stand one blank line apart."""
    blocks = (block.strip() for block in re.split(r"\n[ \t]*\n", wording.replace("\r\n", "\n")))
    return "\n\n".join(_underlined(block) for block in blocks if block)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The headings, paragraphs and lists of a text that ``laid_out`` made."""
    return tuple(_block(part.split("\n")) for part in text.split("\n\n") if part.strip())


def as_email(text: str, title: str) -> str:
    """A whole HTML page for a mail: one column, real headings and lists, no images, nothing fetched."""
    body = "\n".join(_html(blocks_of(text), css="", is_mail=True))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{EMAIL_COLOURS}</style>\n</head>\n"
        f'<body>\n<main style="{EMAIL_STYLE}">\n<h1>{_unbroken(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n'
    )


def as_page_part(text: str) -> str:
    """The same as part of one of our web pages, with the classes of govuk-frontend."""
    return "\n".join(_html(blocks_of(text), css="govuk"))


def _underlined(block: str) -> str:
    lines = [line.rstrip() for line in block.split("\n")]
    if len(lines) > 1 or not lines[0].startswith("# "):
        return "\n".join(lines)
    title = lines[0].removeprefix("# ").strip()
    return f"{title}\n{'-' * max(3, len(title))}"


def _block(lines: list[str]) -> Block:
    if len(lines) == 2 and UNDERLINE.fullmatch(lines[1]):
        return Block(kind=BlockKind.HEADING, lines=(lines[0],))
    if all(line.startswith("* ") for line in lines):
        return Block(kind=BlockKind.LIST, lines=tuple(line.removeprefix("* ") for line in lines))
    return Block(kind=BlockKind.PARAGRAPH, lines=tuple(lines))


def _html(blocks: Iterable[Block], *, css: str, is_mail: bool = False) -> Iterable[str]:
    for block in blocks:
        lines = [_line(line, is_mail=is_mail) for line in block.lines]
        match block.kind:
            case BlockKind.HEADING:
                yield f"<h2{_css(css, 'heading-m')}>{lines[0]}</h2>"
            case BlockKind.LIST:
                items = "".join(f"<li>{line}</li>" for line in lines)
                yield f"<ul{_css(css, 'list', 'list--bullet')}>{items}</ul>"
            case BlockKind.PARAGRAPH:
                yield f"<p{_css(css, 'body')}>{'<br>'.join(lines)}</p>"


def _line(line: str, *, is_mail: bool) -> str:
    """Escaped; in a mail, web addresses are links, and no line ends within a reference or a number."""
    if not is_mail:
        return escape(line)
    said, end = [], 0
    for found in WEB_ADDRESS.finditer(line):
        address = escape(found[0])
        said += [_unbroken(line[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*said, _unbroken(line[end:])])


def _unbroken(words: str) -> str:
    return KEPT_WHOLE.sub(r'<span style="white-space: nowrap">\g<0></span>', escape(words))


def _css(prefix: str, *names: str) -> str:
    spelled = " ".join(f"{prefix}-{name}" for name in names)
    return f' class="{spelled}"' if prefix else ""
