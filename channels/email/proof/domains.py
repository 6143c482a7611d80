"""Which domains belong to one owner: the name below a public suffix, as the public suffix list has them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


def written(domain: str) -> str:
    """A domain as machines compare it: lower case, without a last dot, other scripts as ``xn--`` (RFC 5890)."""
    plain = domain.strip().rstrip(".").lower()
    try:
        return plain if plain.isascii() else plain.encode("idna").decode()
    except UnicodeError:
        return plain


def domain_of(address: str) -> str:
    """What stands behind the ``@`` of an address, as machines compare it; empty where there is none."""
    return written(address.strip("<> ").rpartition("@")[2]) if "@" in address else ""


@lru_cache(maxsize=4096)
def owner_of(domain: str) -> str:
    """The organisational domain (RFC 7489 3.2): ``mail.a.school.sch.uk`` is ``a.school.sch.uk``'s."""
    labels = domain.split(".")
    rules = _rules()
    for start in range(len(labels)):
        name, above = ".".join(labels[start:]), ".".join(labels[start + 1 :])
        if f"!{name}" in rules:
            return name
        if name in rules or f"*.{above}" in rules:
            return ".".join(labels[max(start - 1, 0) :])
    return ".".join(labels[-2:])


def is_aligned(author: str, other: str, *, strictly: bool = False) -> bool:
    """Whether a domain that was vouched for speaks for the author's (RFC 7489 3.1), both as ``written``."""
    if not author or not other:
        return False
    return author == other or (not strictly and owner_of(author) == owner_of(other))


@lru_cache(maxsize=1)
def _rules() -> frozenset[str]:
    """The list that comes with a package: one rule a line, remarks begin with ``//``."""
    lines = (files("authheaders") / "public_suffix_list.txt").read_text("utf-8").splitlines()
    rules = (line.split()[0] for line in lines if line.strip() and not line.startswith("//"))
    return frozenset(_ascii(rule) for rule in rules)


def _ascii(rule: str) -> str:
    if rule.isascii():
        return rule.lower()
    mark = next((each for each in ("*.", "!") if rule.startswith(each)), "")
    return mark + written(rule.removeprefix(mark))
