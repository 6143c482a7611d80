"""Whether a domain sends its mail by the server that brought it (SPF, RFC 7208)."""

from __future__ import annotations

from dataclasses import dataclass

import spf

from channels.email.proof.domains import domain_of, written
from channels.email.proof.names import NotAnswered, Questions

LONGEST_RECORD = 4096


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How a mail came: the address of the server that brought it, its name for itself, and the envelope's sender."""

    peer: str
    helo: str
    mail_from: str

    @property
    def domain(self) -> str:
        """The domain SPF is asked of: the envelope's or, with a null sender, the server's own (RFC 7208 2.4)."""
        return domain_of(self.mail_from) or written(self.helo)


def sent_by_its_own(sent: Sent, questions: Questions) -> str:
    """``pass``, ``fail``, ``softfail``, ``neutral``, ``none``, ``permerror``, or ``temperror``."""
    local = sent.mail_from.strip("<> ").rpartition("@")[0] or "postmaster"
    try:
        question = _Query(questions, i=sent.peer, s=f"{local}@{sent.domain}", h=written(sent.helo) or "unknown")
        result, _, _ = question.check()
    except NotAnswered:
        return "temperror"
    except Exception:  # the library raises whatever a broken record makes it stumble over
        return "permerror"
    return str(result)


class _Query(spf.query):  # type: ignore[misc]
    """The library's rules with our questions: it would ask by itself, and without a limit for all of them together."""

    def __init__(self, questions: Questions, **given: str) -> None:
        super().__init__(**given)
        self._questions = questions

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[object]:
        """What is published, in the library's forms; a third name without anything ends it (RFC 7208 4.6.4)."""
        records = self._questions.ask(str(name), qtype)
        found = [_as_told(each, qtype) for each in records if len(each) <= LONGEST_RECORD]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many names without anything")
        return found


def _as_told(record: bytes, kind: str) -> object:
    if kind == "TXT":
        return (record,)
    if kind == "MX":
        preference, _, host = record.decode("ascii", "replace").partition(" ")
        return int(preference) if preference.isdecimal() else 0, host
    return record.decode("ascii", "replace")
