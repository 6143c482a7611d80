"""The lists of the pretend provider's API, newest first and in pages: the net under a lost webhook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from gateway.demo.twilio_sim.records import Resource

PAGE_SIZE, LARGEST_PAGE = 50, 1000
EQUAL = {"To": "to", "From": "from", "CallSid": "call_sid", "Status": "status", "PhoneNumber": "phone_number"}
DATES = {
    "DateSent": "date_sent",
    "StartTime": "start_time",
    "EndTime": "end_time",
    "DateCreated": "date_created",
}
COMPARE: Mapping[str, Callable[[date, date], bool]] = {
    "": lambda had, asked: had == asked,
    "<": lambda had, asked: had <= asked,
    ">": lambda had, asked: had >= asked,
}
PAGING = ("Page", "PageSize", "PageToken")


def page(name: str, path: str, resources: Sequence[Resource], asked: QueryParams) -> Resource:
    """One page of a list. A bound on a date includes it; something without that date is left out."""
    wanted = [resource for resource in reversed(resources) if _fits(resource, asked)]
    size = min(int(asked.get("PageSize", PAGE_SIZE)), LARGEST_PAGE)
    number = int(asked.get("Page", 0))
    start = number * size
    shown = wanted[start : start + size]

    def uri(page_number: int) -> str:
        filters = [(key, value) for key, value in asked.multi_items() if key not in PAGING]
        return f"{path}?{urlencode([*filters, ('PageSize', size), ('Page', page_number)])}"

    return {
        name: shown,
        "uri": uri(number),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1) if start + size < len(wanted) else None,
        "previous_page_uri": uri(number - 1) if number else None,
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
    }


def _fits(resource: Resource, asked: QueryParams) -> bool:
    same = all(resource.get(EQUAL[key]) == value for key, value in asked.items() if key in EQUAL)
    return same and all(
        _in_time(resource, key, value) for key, value in asked.items() if key[:-1] in DATES or key in DATES
    )


def _in_time(resource: Resource, key: str, value: str) -> bool:
    """Whether a date is as asked: ``DateSent`` that day, ``DateSent<`` up to, ``DateSent>`` from."""
    name, sign = (key[:-1], key[-1]) if key[-1] in "<>" else (key, "")
    text = resource.get(DATES[name])
    if not isinstance(text, str):
        return False
    had = parsedate_to_datetime(text).astimezone(UTC)
    if "T" not in value or not sign:
        return COMPARE[sign](had.date(), date.fromisoformat(value[:10]))
    return COMPARE[sign](had, datetime.fromisoformat(value).astimezone(UTC))
