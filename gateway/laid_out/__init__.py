"""The page of a mail as it was laid out, made safe to look at: nothing runs, nothing is fetched, no link leads away."""

from __future__ import annotations

from gateway.laid_out.document import HEADERS, document
from gateway.laid_out.pictures import Picture, Pictures, shown_as
from gateway.laid_out.sanitised import SafePage, TooDeep, sanitised

__all__ = ["HEADERS", "Picture", "Pictures", "SafePage", "TooDeep", "document", "sanitised", "shown_as"]
