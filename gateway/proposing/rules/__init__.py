"""Finds values by rules: the same for the same words, in a few thousandths of a second for a long letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.proposing.contract import Proposed, Said
from gateway.proposing.rules.addresses import addresses_in
from gateway.proposing.rules.ages import ages_alone_in, ages_in
from gateway.proposing.rules.dates import days_in
from gateway.proposing.rules.kinship import find_by_kin, find_by_title, find_by_words
from gateway.proposing.rules.labelled import labelled_in
from gateway.proposing.rules.layout import laid_out
from gateway.proposing.rules.numbers import telephone_numbers_in
from gateway.proposing.rules.people import People
from gateway.proposing.rules.postcodes import postcodes_in
from gateway.proposing.rules.prepared import prepared
from gateway.proposing.rules.schools import schools_in
from gateway.proposing.rules.signing import find_signed
from gateway.proposing.rules.whose import Seen, values_of
from storage.claim import Entity

VERSION = "1"


class Rules:
    """The proposer that every gateway has."""

    name_and_version = f"rules {VERSION}"

    def propose(self, said: Said) -> Sequence[Proposed]:
        """Every value, in the order they stand; of one said twice, the first."""
        if not said.text.strip():
            return ()
        return tuple(sorted(_once(self._found(said)), key=lambda each: (each.start, each.end)))

    def _found(self, said: Said) -> Iterator[Proposed]:
        ready = prepared(said)
        postcodes, days = postcodes_in(ready), days_in(ready)
        layout, people = laid_out(ready, postcodes, days), People()
        signed = find_signed(ready, layout, people)
        labelled = labelled_in(ready, layout, people)
        find_by_kin(ready, people)
        known = ages_in(ready, days, people)
        find_by_words(ready, people)
        find_by_title(ready, people)
        people.find_again(ready)
        ages = ages_alone_in(ready, people, known)
        seen = Seen(
            ready=ready, layout=layout, people=people, postcodes=postcodes, days=days, ages=ages,
            phones=telephone_numbers_in(ready), addresses=addresses_in(ready, layout, postcodes),
            schools=schools_in(ready),
        )  # fmt: skip
        yield from labelled
        yield from values_of(seen, child_is_labelled=any(each.entity is Entity.CHILD for each in labelled))
        yield from signed


def _once(found: Iterator[Proposed]) -> Iterator[Proposed]:
    """A value said before of the same is left out, and so is one inside a place that is taken by its label."""
    said: set[tuple[str, str, str]] = set()
    taken: list[Proposed] = []
    for each in found:
        plain = (each.value_norm or each.value).casefold()
        if any(other.start <= each.start and each.end <= other.end for other in taken):
            continue
        if (each.entity, each.field, plain) in said:
            continue
        said.add((each.entity, each.field, plain))
        taken.append(each)
        yield each
