"""What may be written down in a call, none of it required, and the questions a call taker asks, in a caller's order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from channels.note import KEPT_APART

TEXT = "text"
NAMES = (
    TEXT, "in_danger", "child", "where", "how_they_know", "under_18", "caller_name", "relation", "organisation",
    "callback", "safe_call", "safe_text", "email", "safe_email", "post", "safe_post", "safe_words", "code_word",
    "interpreter", "language_instead", "for_worker", "reference", "about", "told_by",
)  # fmt: skip
LABELS = {
    "in_danger": "Child in danger now", "child": "Child or children", "where": "Where the child is",
    "how_they_know": "How they know", "under_18": "The caller is under 18", "caller_name": "Caller",
    "relation": "To the child they are", "organisation": "They work for", "callback": "Number",
    "safe_call": "Safe to call", "safe_text": "Safe to text", "email": "Email", "safe_email": "Safe to email",
    "post": "Post to", "safe_post": "Safe to post", "safe_words": "Who else may see it, and when",
    "code_word": "Code word", "interpreter": "Language",
    "language_instead": "Instead of what they chose by key", "for_worker": "For", "reference": "Reference they have",
    "about": "About the report", "told_by": "How they told us",
}  # fmt: skip
"""In the order they are read back."""
NEVER_READ_OUT = frozenset({"about"})
SAFE = frozenset({"safe_call", "safe_text", "safe_email", "safe_post"})
LONGEST = 200_000
"""Characters of one field: a talk of many hours."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that is written down, to be read back."""

    says: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One thing to ask. ``plain`` is how a child is asked it; filling one of ``fields`` ticks it off."""

    name: str
    says: str
    plain: str
    fields: tuple[str, ...] = ()


PROMPTS = (
    Prompt(
        name="safe_now", says="Is it safe for you to talk now?",
        plain="Can you talk now? Is anybody listening?",
    ),
    Prompt(
        name="danger", says="Is a child in danger now?", plain="Are you safe right now?", fields=("in_danger",),
    ),
    Prompt(
        name="child", says="Who is the child, or the children?",
        plain="Who is this about: you, or somebody else?", fields=("child",),
    ),
    Prompt(
        name="where", says="Where is the child now?", plain="Where are you now?", fields=("where",),
    ),
    Prompt(
        name="knows", says="How do you know: saw it, heard it, were told?",
        plain="Did you see it, or did somebody tell you?", fields=("how_they_know",),
    ),
    Prompt(
        name="caller", says="Would you like to say who you are? You do not have to.",
        plain="What should I call you? You can choose any name.",
        fields=("caller_name", "relation", "organisation"),
    ),
    Prompt(
        name="safe", says="How is it safe to reach you? Who else may see or hear it?",
        plain="Is it all right if we ring or text you? Who might see it?",
        fields=("callback", "email", "post", "safe_words", "code_word"),
    ),
    Prompt(
        name="language", says="Which language is best? Do you need an interpreter?",
        plain="Which language do you like best?", fields=("interpreter",),
    ),
    Prompt(
        name="worker", says="Is it for a worker, or about something you told us before?",
        plain="Do you have a worker you want me to tell?", fields=("for_worker", "reference"),
    ),
)  # fmt: skip
TICKS = tuple(f"tick_{prompt.name}" for prompt in PROMPTS)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The fields that were filled in, by name, and the prompts that were ticked off by hand."""

    fields: Mapping[str, str]
    ticks: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written down."""
        return not self.fields

    def is_ticked(self, prompt: Prompt) -> bool:
        """Whether this was asked: by hand, or because the answer stands there."""
        return prompt.name in self.ticks or any(self.fields.get(name) for name in prompt.fields)


NOTHING = Written(fields={})


def written(typed: Mapping[str, str], before: Written | None = None) -> Written:
    """What a form says, without the form's own fields; of who calls, what the form does not show stays as it was."""
    earlier = before.fields if before else {}
    hidden = {name: words for name, words in earlier.items() if name in KEPT_APART and name not in typed}
    fields = {name: typed[name][:LONGEST].strip() for name in NAMES if typed.get(name, "").strip()} | hidden
    return Written(fields=fields, ticks=frozenset(p.name for p in PROMPTS if typed.get(f"tick_{p.name}")))


def read_back(kept: Written, *, who: bool) -> tuple[Line, ...]:
    """As it is read to the caller, like ``lines_of``: that there is another report about it is not told to them."""
    told = {name: words for name, words in kept.fields.items() if name not in NEVER_READ_OUT}
    return lines_of(Written(fields=told), who=who)


def lines_of(kept: Written, *, who: bool) -> tuple[Line, ...]:
    """What was written, short and in order; without what tells who calls unless ``who``."""
    shown = [name for name in LABELS if name in kept.fields and (who or name not in KEPT_APART)]
    return tuple(Line(says=LABELS[name], words=kept.fields[name]) for name in shown)


def differs(mine: Written, theirs: Written, *, who: bool) -> tuple[Line, ...]:
    """What the other has written where I have written something else."""
    lines = lines_of(theirs, who=who)
    mine_too = {(LABELS[name], words) for name, words in mine.fields.items() if name in LABELS}
    return tuple(line for line in lines if (line.says, line.words) not in mine_too)


def both(mine: Written, theirs: Written) -> Written:
    """Nothing of either is lost: the notes one after the other, and where fields differ theirs under the notes.

    What tells who calls stays in its field. What one of them was told is not safe is not.
    """
    ours, others = dict(mine.fields), dict(theirs.fields)
    notes = [others.pop(TEXT, ""), ours.pop(TEXT, "")]
    if notes[1].startswith(notes[0]):
        notes.pop(0)
    for name in [name for name, words in others.items() if ours.get(name, words) != words]:
        if name in KEPT_APART:
            ours[name] = f"{others[name]}; {ours[name]}"
            continue
        if name in SAFE and others[name] == "no":
            ours[name], others[name] = others[name], ours[name]
        notes.append(f"{LABELS[name]}: {others[name]}")
    text = "\n\n".join(filter(None, notes))
    return Written(fields=others | ours | ({TEXT: text} if text else {}), ticks=mine.ticks | theirs.ticks)


def as_bytes(kept: Written) -> bytes:
    """For sealing; the same words are the same bytes."""
    return json.dumps({"fields": dict(kept.fields), "ticks": sorted(kept.ticks)}, sort_keys=True).encode()


def from_bytes(kept: bytes) -> Written:
    """What ``as_bytes`` was given."""
    found = json.loads(kept)
    return Written(fields=dict(found["fields"]), ticks=frozenset(found["ticks"]))


def payload(kept: Written, **more: str) -> bytes:
    """The note as the channel of notes reads it; a caller under 18 is a child who tells us."""
    note = {name: words for name, words in kept.fields.items() if name != "under_18"}
    if "under_18" in kept.fields:
        note["child_told_us"] = "yes"
    return json.dumps(note | more, ensure_ascii=False, sort_keys=True).encode()


__all__ = ["NAMES", "NOTHING", "PROMPTS", "TICKS", "Prompt", "Written", "as_bytes", "from_bytes", "payload", "written"]
