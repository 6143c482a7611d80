"""What two wrote at once is put together with nothing lost, and what is safe is never made less careful."""

from __future__ import annotations

from gateway.calls_taken import fields


def test_of_two_who_differ_on_what_is_safe_the_careful_one_is_heeded() -> None:
    mine, theirs = {"safe_text": "yes", "safe_call": "no"}, {"safe_text": "no", "safe_call": "yes"}
    kept = fields.both(fields.written(mine), fields.written(theirs))
    assert (kept.fields["safe_text"], kept.fields["safe_call"]) == ("no", "no")
    assert kept.fields["text"] == "Safe to call: yes\n\nSafe to text: yes"
