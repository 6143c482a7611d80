"""Reads the documents a gateway answers calls and texts with."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import httpx

APP_ERROR = "We are sorry, an application error has occurred. Goodbye."
XML_TYPES = ("text/xml", "application/xml", "text/html")


@dataclass(frozen=True)
class Step:
    """The next document to ask for: where, with which fields beside the call's own, and how."""

    url: str
    extra: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


class CallerLeft(Exception):
    """The caller hung up."""


class CallOver(Exception):
    """The provider ended the call: Hangup, Reject, an error or the end of the document. ``why`` says which."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def parse_twiml(reply: httpx.Response | None) -> tuple[ET.Element | None, str]:
    """The document in a reply, or the provider's error code for what is wrong with it."""
    if reply is None or not reply.is_success:
        return None, "11200"
    if reply.headers.get("content-type", "").split(";")[0] not in XML_TYPES:
        return None, "12300"
    try:
        root = ET.fromstring(reply.text)  # noqa: S314  # from our own gateway
    except ET.ParseError:
        return None, "12100"
    return (root, "") if root.tag == "Response" else (None, "12100")
