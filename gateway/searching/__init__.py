"""Search over everything that was said: what people type is understood, and what is found is shown where it stands."""

from __future__ import annotations

from gateway.searching.found import Asked, Found, Only, Result
from gateway.searching.search import search

__all__ = ["Asked", "Found", "Only", "Result", "search"]
