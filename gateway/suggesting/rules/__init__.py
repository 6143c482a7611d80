"""Suggests by rules: the same for the same words, each with the words it rests on and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.proposing.contract import Said
from gateway.suggesting.contract import Suggested
from gateway.suggesting.rules.context import Context, Standing, denies
from gateway.suggesting.rules.danger import DANGER
from gateway.suggesting.rules.harm import HARM
from gateway.suggesting.rules.kinds import KINDS
from gateway.suggesting.rules.rule import Rule
from storage.referral import Kind, Severity
from storage.suggestion import About

VERSION = "1"
EVERY = (*DANGER, *HARM)
WHERE = {Standing.NOW: ", at this moment", Standing.PAST: ", some time ago"}


class Rules:
    """The suggester that every gateway has."""

    name_and_version = f"words in context {VERSION}"

    def suggest(self, said: Said) -> Sequence[Suggested]:
        """The first words for each rule that stand at their gravest, then the factors, then what kind it is."""
        if not said.text.strip():
            return ()
        context = Context(said=said)
        graver = list(_severities(context))
        serious = any(each.value in (Severity.RED, Severity.AMBER) for each in graver)
        kinds = [each for each in _kinds(context) if not (serious and each.value == Kind.NOT_FOR_US)]
        return (*graver, *_factors(graver), *kinds)


def _severities(context: Context) -> Iterator[Suggested]:
    taken: set[tuple[str, int]] = set()
    for rule in EVERY:
        found = _gravest(context, rule)
        if found is not None and (found.says.partition(",")[0], found.start) not in taken:
            taken.add((found.says.partition(",")[0], found.start))
            yield found


def _gravest(context: Context, rule: Rule) -> Suggested | None:
    """Of all places where its words stand the first of those that weigh most."""
    best: Suggested | None = None
    for match in rule.words.finditer(context.flat):
        standing = context.standing(match.start(), match.end(), secrets_deny=rule.secrets_deny)
        sentence = context.sentence_at(match.start(), match.end())
        if standing is Standing.NOTHING or not _counts(rule, match[0], sentence):
            continue
        severity = _severity(rule, standing)
        if best is None or _rank(severity) > _rank(Severity(best.value)):
            best = _suggested(
                context, match.span(), about=About.SEVERITY, value=severity, rule=rule.name,
                says=rule.says + WHERE.get(standing, ""),
            )  # fmt: skip
        if severity == max(rule.now, rule.told, key=_rank):
            break
    return best


def _counts(rule: Rule, words: str, sentence: str) -> bool:
    if not rule.says_no and denies(words):
        return False
    if rule.unless is not None and rule.unless.search(sentence):
        return False
    return rule.holds is None or rule.holds(sentence)


def _severity(rule: Rule, standing: Standing) -> Severity:
    return {Standing.NOW: rule.now, Standing.TOLD: rule.told, Standing.PAST: rule.past}[standing]


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)


def _factors(graver: Sequence[Suggested]) -> Iterator[Suggested]:
    """The factor of each rule that found something, each factor once."""
    by_name = {rule.name: rule for rule in EVERY}
    known: set[str] = set()
    for each in graver:
        factor = by_name[each.rule].factor
        if factor not in known:
            known.add(factor)
            yield Suggested(
                about=About.FACTOR, value=factor, rule=each.rule, says=each.says, words=each.words, start=each.start,
                end=each.end,
            )  # fmt: skip


def _kinds(context: Context) -> Iterator[Suggested]:
    for rule in KINDS:
        match = rule.words.search(context.flat)
        if match is not None:
            yield _suggested(
                context, match.span(), about=About.KIND, value=rule.kind, rule=f"kind {rule.kind}", says=rule.says
            )


def _suggested(context: Context, span: tuple[int, int], *, about: About, value: str, rule: str, says: str) -> Suggested:
    start, end = span
    while start < end and context.said.text[start].isspace():
        start += 1
    while end > start and context.said.text[end - 1].isspace():
        end -= 1
    words = context.said.text[start:end]
    return Suggested(about=about, value=value, rule=rule, says=says, words=words, start=start, end=end)
