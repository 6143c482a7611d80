"""Pure: what becomes of the letters of a scan when its pages are put in another arrangement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gateway.dividing.arrangement import Arrangement, Letter, Placed


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one letter. ``pages`` are those it has now; ``gained`` and ``lost`` are numbers of the scan.

    ``is_same_file``: only what is its envelope is said otherwise, its pages stand as they did.
    ``goes_to`` is the place, in the new arrangement, of the letter that most of what it lost went to, if any did.
    """

    letter: Letter
    gained: tuple[int, ...]
    lost: tuple[int, ...]
    goes_to: int | None = None
    is_same_file: bool = False

    @property
    def is_emptied(self) -> bool:
        """Whether it has no page left."""
        return not self.letter.pages


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A letter that is new; ``comes_from`` is the message of the letter that most of its pages were in, if any were."""

    place: int
    pages: tuple[Placed, ...]
    comes_from: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a new arrangement changes: letters that are other than they were, and letters that are new."""

    changed: tuple[Change, ...] = ()
    begun: tuple[Begun, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.begun)


def identified(old: Arrangement, new: Arrangement) -> Arrangement:
    """The same, but for letters that were taken whole into a new one: that one is they, and keeps their reference."""
    letters = list(new.letters)
    for empty in [each for each in new.letters if each.message_id and not each.pages]:
        own = {page.number for each in old.letters if each.message_id == empty.message_id for page in each.pages}
        has_them = (each for each in letters if not each.message_id and own & {page.number for page in each.pages})
        most = max(has_them, key=lambda each: len(own & {page.number for page in each.pages}), default=None)
        if most is not None:
            letters[letters.index(most)] = replace(most, message_id=empty.message_id)
            letters.remove(empty)
    return replace(new, letters=tuple(letters))


def changes(old: Arrangement, new: Arrangement) -> Changes:
    """From one arrangement to another of the same pages; letters keep who they are by their message."""
    were = {each.message_id: each for each in old.letters}
    changed = [_change(were[each.message_id], each, new) for each in new.letters if each.message_id]
    begun_ = [
        Begun(place=place, pages=each.pages, comes_from=_most(old, each.pages))
        for place, each in enumerate(new.letters)
        if not each.message_id and each.pages
    ]
    return Changes(changed=tuple(each for each in changed if each is not None), begun=tuple(begun_))


def _change(before: Letter, after: Letter, new: Arrangement) -> Change | None:
    if before.pages == after.pages:
        return None
    had, has = ({page.number for page in each.pages} for each in (before, after))
    lost = tuple(sorted(had - has))
    places = Counter(place for number in lost if (place := new.letter_of(number)) is not None)
    goes_to = places.most_common(1)[0][0] if places else None
    stood, stands = ([(page.number, page.turned) for page in each.pages] for each in (before, after))
    return Change(
        letter=after, gained=tuple(sorted(has - had)), lost=lost, goes_to=goes_to, is_same_file=stood == stands
    )  # fmt: skip


def _most(old: Arrangement, pages: Iterable[Placed]) -> str:
    places = Counter(at for page in pages if (at := old.letter_of(page.number)) is not None)
    return old.letters[places.most_common(1)[0][0]].message_id if places else ""
