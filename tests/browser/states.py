"""Every page and state that is looked at: a route that no state here shows is a mistake, see test_states.py."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.a_day import Day


@dataclass(frozen=True, kw_only=True)
class State:
    """A page in one state. ``path`` may name what the day holds: ``{late}``, ``{sound}``. ``press``: what is clicked
    first, by CSS; ``typed`` is filled in before that, by the field's name; ``open_all``: every fold is opened."""

    name: str
    route: str
    path: str
    who: str = "sam"
    press: str = ""
    typed: dict[str, str] | None = None
    open_all: bool = False

    def at(self, day: Day) -> str:
        """Its address on that day."""
        return self.path.format(**day.references, **day.ids)


def _of(route: str, **paths: str) -> list[State]:
    return [State(name=name.replace("_", " "), route=route, path=path) for name, path in paths.items()]


REFERRAL = "/referrals/{reference}"
PUBLIC = [
    State(name="ways to reach us", route="/", path="/", who=""),
    State(name="the form", route="/report", path="/report", who="", open_all=True),
    State(name="the form sent empty", route="/report", path="/report", who="",
          press="form[action='/report'] button[type=submit]"),
    State(name="a reference asked for", route="/track", path="/track", who=""),
    State(name="a wrong reference", route="/track", path="/track", who="", typed={"reference": "no", "code": "1"},
          press="form[action='/track'] button"),
    State(name="waiting", route="/waiting", path="/waiting", who=""),
    State(name="nothing there", route="*", path="/nothing", who=""),
    State(name="sign in", route="/sign-in", path="/sign-in", who=""),
    State(name="a wrong password", route="/sign-in", path="/sign-in", who="", typed={"name": "sam", "password": "no"},
          press="form[action='/sign-in'] button[type=submit]:not([aria-controls])"),
]  # fmt: skip
STAFF = [
    State(name="the contact page by its other name", route="/contact", path="/contact"),
    *_of("/queue", the_queue="/queue", the_end_of_the_queue="/queue?page=9"),
    *[State(name=f"a referral, {name}", route=REFERRAL, path=f"/referrals/{{{name}}}", open_all=True) for name in (
        "late", "closed", "voicemail", "waiting", "mail", "letter", "text", "unreadable", "red", "asked", "decided")],
    State(name="a referral for a call taker", route=REFERRAL, path="/referrals/{red}", who="casey"),
    State(name="no such referral", route=REFERRAL, path="/referrals/KMR-0000-AA"),
    *_of("/tasks", tasks="/tasks"),
    *_of("/search", nothing_searched="/search", found="/search?q=harrow", not_found="/search?q=zebra"),
    *_of("/agreements", agreements="/agreements"),
    *_of("/agreements/{agreement_id}", one_to_agree="/agreements/{agreement_id}"),
    State(name="one to agree, for a manager", route="/agreements/{agreement_id}", path="/agreements/{agreement_id}",
          who="robin"),
    *_of("/calls", calls_taken="/calls"),
    *_of("/calls/{call_id}", a_call_being_taken_beside_what_may_be_the_same="/calls/{call_id}"),
    *_of("/calls/{call_id}/done", a_call_that_is_over="/calls/{done_id}/done"),
    *_of("/away", who_is_away="/away"),
    *_of("/feedback", feedback="/feedback?page=/queue"),
    *_of("/keys", keys="/keys"),
    *_of("/look", look="/look"),
    *_of("/notes/new", a_call="/notes/new"),
    *_of("/live", calls_on_now="/live"),
    *_of("/post", post="/post"),
    *_of("/post/hand-in", hand_in="/post/hand-in"),
    *_of("/post/letters", letters_out="/post/letters"),
    *_of("/post/runs/{number}", a_print_run="/post/runs/1"),
    *_of("/parts/{part_id}/changes/{version}", what_was_put_right="/parts/{letter_id}/changes/2"),
    *_of("/post/returned", a_letter_came_back="/post/returned"),
    *_of("/post/separators", separators="/post/separators"),
    *_of("/post/scans/{scan_id}", a_scan="/post/scans/{scan_id}"),
    *_of("/parts/{part_id}/read/{page}", a_letter_beside_its_picture="/parts/{letter_id}/read/1"),
    *_of("/messages/{message_id}/page", a_mail_as_laid_out="/messages/{mail_id}/page"),
    State(name="oversight", route="/oversight", path="/oversight", who="robin", open_all=True),
    *[State(name=f"oversight, {name}", route=(path := f"/oversight/{name}"), path=path, who="robin", open_all=True)
      for name in ("ageing", "export", "feedback", "load", "rereading", "sample", "tasks")],
    State(name="oversight for others", route="/oversight", path="/oversight", who="casey"),
]  # fmt: skip
ALL = PUBLIC + STAFF

NO_PAGE = {
    "/find": "leads on to a page",
    "/parts/{part_id}/read": "leads on to a page",
    "/parts/{part_id}": "a file",
    "/parts/{part_id}/sound": "a file",
    "/parts/{part_id}/wave": "a drawing",
    "/parts/{part_id}/words": "a part of a page",
    "/parts/{part_id}/pages/{page}": "a picture",
    "/parts/{part_id}/searchable": "a file",
    "/messages/{message_id}/original": "a file",
    "/messages/{message_id}/page/words": "what a mail holds, in a frame",
    "/live/calls": "a part of a page",
    "/live/{name}/sound": "a file",
    "/post/scans/{scan_id}/pages/{number}": "a picture",
    "/calls/{call_id}/found": "a part of a page",
    "/calls/{call_id}/read-back": "a part of a page",
    "/calls/{call_id}/heard": "a part of a page",
    "/queue/news": "a stream",
    "/form.docx": "a file",
    "/form.pdf": "a file",
    "/form/schema.json": "a file",
    "/schemas/notice-1.json": "a file",
    "/oversight/arrivals.csv": "a file",
    "/oversight/load.csv": "a file",
    "/oversight/sample.zip": "a file",
    "/oversight/export.zip": "a file",
    "/post/separators.pdf": "a file",
    "/post/runs/{number}/letters.pdf": "a file",
    "/post/runs/{number}/list.csv": "a file",
}
"""What can be fetched and is no page of its own, and what it is instead."""
