"""Figures of speech and harmless things that are called by words of danger."""

from __future__ import annotations

import re
from importlib.resources import files

_PHRASES = files(__package__).joinpath("idioms.txt").read_text("utf-8").splitlines()
_LONGEST_FIRST = sorted(filter(None, _PHRASES), key=len, reverse=True)
IDIOMS = re.compile("|".join(rf"\b(?:{phrase})" for phrase in _LONGEST_FIRST))
"""Of a text in small letters; one phrase a line of the file beside this one, as a regular expression."""
