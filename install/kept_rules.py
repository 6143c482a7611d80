"""Leaves out of a style sheet every rule for a class that none of our pages has."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

CLASS = re.compile(r"\.((?:\\.|[\w-])+)")
WORD = re.compile(r"(?:js|govuk)-[\w-]+")
NOT = re.compile(r":not\([^()]*\)")
GROUPS = ("@media", "@supports")


@dataclass(frozen=True, kw_only=True)
class Block:
    """One rule or group: what stands before the brace, and what stands inside."""

    head: str
    body: str


def classes_named(texts: Iterable[str]) -> set[str]:
    """Every class of the design system that the texts name; an end of ``--`` or ``__`` stands for all it begins."""
    return {word for text in texts for word in WORD.findall(text)}


def kept_rules(style_sheet: str, named: Set[str]) -> str:
    """The style sheet with only the selectors whose every class is named; a class behind ``:not`` need not be."""
    begins = tuple(name for name in named if name.endswith(("--", "__")))

    def is_named(selector: str) -> bool:
        classes = [found.replace("\\", "") for found in CLASS.findall(NOT.sub("", selector))]
        return all(name in named or name.startswith(begins) for name in classes)

    kept = []
    for block in blocks(style_sheet):
        if block.head.startswith(GROUPS):
            inside = kept_rules(block.body, named)
            kept.append(f"{block.head}{{{inside}}}" if inside else "")
        elif block.head.startswith("@"):
            kept.append(f"{block.head}{{{block.body}}}" if block.body else block.head)
        else:
            selectors = [each for each in apart(block.head) if is_named(each)]
            kept.append(f"{','.join(selectors)}{{{block.body}}}" if selectors else "")
    return "".join(kept)


def blocks(style_sheet: str) -> Iterator[Block]:
    """The rules and groups of a style sheet without comments, in order; a statement (``@charset``) has no body."""
    rest = re.sub(r"/\*.*?\*/", "", style_sheet, flags=re.DOTALL)
    while rest.strip():
        end = re.search(r"[{;]", rest)
        if end is None:
            raise ValueError("a rule that does not end")
        if end.group() == ";":
            yield Block(head=rest[: end.end()].strip(), body="")
            rest = rest[end.end() :]
            continue
        closing = _closing(rest, end.start())
        yield Block(head=rest[: end.start()].strip(), body=rest[end.end() : closing])
        rest = rest[closing + 1 :]


def apart(head: str) -> list[str]:
    """The selectors of a rule; a comma inside brackets divides nothing."""
    found, depth = [""], 0
    for sign in head:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return [each.strip() for each in found]


def _closing(text: str, opening: int) -> int:
    depth = 0
    for place in re.finditer(r"[{}]", text[opening:]):
        depth += 1 if place.group() == "{" else -1
        if depth == 0:
            return opening + place.start()
    raise ValueError("a brace that is never closed")
