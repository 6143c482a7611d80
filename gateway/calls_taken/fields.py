"""What may be written down in a call, none of it required, and the questions a call taker asks, in a caller's order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

TEXT = "text"
NAMES = (
    TEXT, "in_danger", "child", "where", "how_they_know", "under_18", "caller_name", "relation", "organisation",
    "callback", "safe_call", "safe_text", "email", "safe_email", "post", "safe_post", "safe_words", "code_word",
    "interpreter", "for_worker", "reference", "told_by",
)  # fmt: skip
LONGEST = 200_000
"""Characters of one field: a talk of many hours."""


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


def written(typed: Mapping[str, str]) -> Written:
    """What a form says, without the form's own fields."""
    fields = {name: typed[name][:LONGEST].strip() for name in NAMES if typed.get(name, "").strip()}
    return Written(fields=fields, ticks=frozenset(p.name for p in PROMPTS if typed.get(f"tick_{p.name}")))


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
