"""The list of what gateways get wrong with a telephony provider, and the tests that hold each of its cases."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
PHONE, VOICEMAIL, SMS = "channels/test_phone.py", "channels/test_voicemail.py", "channels/test_sms.py"
SIGNATURE, MEDIA = "channels/twilio_account/test_signature.py", "channels/twilio_account/test_media.py"
CLIENT = "channels/twilio_account/test_client.py"
HERE = "channels/edge_cases/"
RECEIPTS, SENDING, INCOMING, ASKING, UNHEARD, ALL_DOWN, GUESSING, STREAMS, CALLS = (
    HERE + f"test_{name}.py"
    for name in (
        "receipts", "sending", "incoming", "asking", "unheard", "all_down", "guessing", "streams", "whole_calls",
    )
)  # fmt: skip
SET_UP, SPARE = "gateway/test_telephone_set_up.py", "channels/twilio_account/test_spare.py"
LIVE = "gateway/live/test_live_journeys.py"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What goes wrong, and the tests (a file below ``tests``, a name in it) that it does not go wrong here."""

    wrong: str
    tests: tuple[tuple[str, str], ...]


def case(wrong: str, *held: tuple[str, str]) -> Case:
    return Case(wrong=wrong, tests=held)


CASES = {
    1: case(
        "an exception cuts the caller off",
        (PHONE, "test_a_failing_step_still_takes_a_message"),
        (PHONE, "test_no_document_ends_in_silence"),
    ),
    2: case(
        "the fallback URL is on the same host",
        (ALL_DOWN, "test_a_message_left_while_nothing_of_ours_answers_is_one_referral_with_its_sound_afterwards"),
        (ALL_DOWN, "test_a_call_that_loses_us_in_the_middle_is_taken_on_by_the_fallback"),
        (ALL_DOWN, "test_no_caller_hears_an_error_and_no_document_begins_again"),
        (SET_UP, "test_a_fallback_on_our_own_host_is_none"),
        (SPARE, "test_a_fallback_that_would_not_take_a_message_is_told"),
    ),
    3: case(
        "answers of 5xx and time-outs are not tried again by default",
        (PHONE, "test_every_address_given_to_the_provider_is_public_and_tried_again"),
        (SET_UP, "test_one_setting_that_is_wrong_is_named_and_set_right"),
        (RECEIPTS, "test_the_address_for_news_asks_to_be_tried_again"),
        (SMS, "test_a_report_that_cannot_be_kept_comes_again"),
    ),
    4: case(
        "the first answer waits for the database",
        (PHONE, "test_the_first_answer_needs_nothing_to_be_kept"),
        (CALLS, "test_while_the_database_is_locked_a_caller_is_greeted_recorded_and_told_a_reference"),
    ),
    5: case(
        "TwiML as JSON",
        (CALLS, "test_every_answer_to_a_call_is_a_document"),
        (SMS, "test_a_text_is_kept_as_written_and_answered_with_nothing"),
    ),
    6: case("TwiML that ends in silence", (PHONE, "test_no_document_ends_in_silence")),
    7: case("Record without action", (PHONE, "test_the_recorder_is_patient_and_only_the_hash_key_ends_it")),
    8: case("any key ends it", (PHONE, "test_the_recorder_is_patient_and_only_the_hash_key_ends_it")),
    9: case("a pause ends it", (PHONE, "test_the_recorder_is_patient_and_only_the_hash_key_ends_it")),
    10: case(
        "a voicemail is saved by its action alone",
        (VOICEMAIL, "test_a_withheld_caller_who_hangs_up_is_kept_with_the_reason_why_nobody_can_be_answered"),
        (VOICEMAIL, "test_a_recording_announced_before_the_call_goes_on_has_the_same_reference"),
        (CALLS, "test_a_message_whose_caller_hung_up_is_fetched_however_late_and_in_whatever_order_it_is_told"),
        (INCOMING, "test_a_text_a_call_and_a_recording_that_no_webhook_told_of_are_recalled_once"),
    ),
    11: case("absent unheard of", (VOICEMAIL, "test_a_caller_who_says_nothing_is_kept_and_given_a_reference")),
    12: case(
        "404 at the first fetch",
        (VOICEMAIL, "test_a_recording_is_fetched_as_it_was_spoken_once_the_provider_has_it"),
        (CALLS, "test_a_message_whose_caller_hung_up_is_fetched_however_late_and_in_whatever_order_it_is_told"),
        (MEDIA, "test_a_recording_is_asked_for_until_it_is_ready"),
    ),
    13: case("deleted there before it is safe here", (ASKING, "test_nothing_is_ever_deleted_at_the_provider")),
    14: case(
        "a call of four seconds is forgotten",
        (PHONE, "test_a_child_who_rang_for_a_second_is_a_contact"),
        (CALLS, "test_who_rings_for_a_second_or_says_nothing_at_all_is_a_contact"),
        (LIVE, "test_a_caller_of_whom_nothing_else_is_ever_heard_is_a_referral"),
    ),
    15: case(
        "an open line is no input",
        (VOICEMAIL, "test_an_open_line_that_the_recorder_passed_over_is_listened_to_again_and_then_kept"),
        (CALLS, "test_who_rings_for_a_second_or_says_nothing_at_all_is_a_contact"),
    ),
    16: case(
        "placeholders of withheld numbers are people",
        (SENDING, "test_no_text_goes_to_a_withheld_number_a_landline_or_a_name"),
        (SENDING, "test_two_withheld_callers_are_not_one_person"),
        ("channels/test_numbers.py", "test_a_withheld_number_is_nobodys"),
    ),
    17: case(
        "blank fields are dropped",
        (SIGNATURE, "test_a_genuine_webhook_is_handed_on_to_the_last_byte"),
        (CALLS, "test_blank_fields_count_in_the_signature_and_who_we_are_is_not_for_the_request_to_say"),
    ),
    18: case(
        "the signed URL is the request's",
        (SIGNATURE, "test_the_request_does_not_say_who_we_are"),
        (CALLS, "test_blank_fields_count_in_the_signature_and_who_we_are_is_not_for_the_request_to_say"),
    ),
    19: case(
        "repeats are known by their token, or by the process's memory",
        (RECEIPTS, "test_news_posted_again_under_a_new_token_is_kept_once"),
        (INCOMING, "test_a_text_posted_again_under_a_new_token_is_one_message"),
        (INCOMING, "test_a_text_repeated_after_a_restart_is_still_one_message"),
    ),
    20: case(
        "late or reversed states",
        (RECEIPTS, "test_news_in_the_wrong_order_and_twice_leaves_the_notice_delivered"),
        (RECEIPTS, "test_a_late_failure_does_not_undo_a_delivery"),
        (RECEIPTS, "test_a_delivery_told_after_a_failure_counts"),
        (UNHEARD, "test_a_text_the_network_carries_long_after_we_gave_it_up_is_told_after_all"),
        ("gateway/test_stateful_reports.py", "test_news_in_any_order_never_undoes_what_is_known"),
    ),
    21: case(
        "a receipt for an unknown SID",
        (RECEIPTS, "test_news_that_comes_before_the_answer_to_our_post_is_matched"),
        (RECEIPTS, "test_news_of_a_text_that_is_not_ours_is_kept_and_troubles_nobody"),
        (UNHEARD, "test_a_lost_answer_is_settled_by_the_news_of_it_without_asking"),
    ),
    22: case(
        "a lost answer makes two texts",
        (SENDING, "test_a_lost_answer_makes_one_text"),
        (SENDING, "test_an_answer_that_takes_too_long_makes_one_text"),
        (UNHEARD, "test_a_lost_answer_whose_news_is_lost_too_is_looked_up_and_followed"),
        (UNHEARD, "test_while_the_provider_cannot_be_asked_nothing_is_sent_again"),
        (CLIENT, "test_a_lost_answer_is_unknown_not_failed"),
    ),
    23: case(
        "an old webhook is played again",
        (RECEIPTS, "test_a_genuine_old_webhook_played_again_changes_nothing"),
        (VOICEMAIL, "test_a_replay_of_an_old_webhook_adds_nothing"),
    ),
    24: case(
        "STOP closes the case or is not kept; 21610 is lost",
        (SENDING, "test_who_writes_stop_is_kept_not_closed_and_not_texted"),
        (SENDING, "test_a_recipient_the_provider_knows_to_have_opted_out_is_a_persons_task"),
    ),
    25: case(
        "an acknowledgement gives the case away or is read aloud at home",
        (SENDING, "test_an_acknowledgement_says_nothing_of_the_concern"),
        (SENDING, "test_no_text_goes_to_a_withheld_number_a_landline_or_a_name"),
        (SENDING, "test_a_number_the_provider_calls_a_landline_is_not_tried_again"),
    ),
    26: case(
        "a mailbox answers",
        (PHONE, "test_a_mailbox_that_picked_up_does_not_swallow_the_call"),
        (CALLS, "test_a_mailbox_that_answers_for_the_duty_worker_is_not_joined_to_the_caller"),
        (ALL_DOWN, "test_any_key_of_a_person_joins_them_and_a_mailbox_that_presses_none_is_not_joined"),
    ),
    27: case(
        "references are guessed by keypad",
        (GUESSING, "test_who_guesses_hears_one_answer_for_everything_and_after_ten_nothing_else"),
        (GUESSING, "test_a_call_may_try_three_times_whatever_number_it_says_it_is_from"),
        (GUESSING, "test_guesses_from_ever_new_numbers_silence_the_line_for_all"),
        (GUESSING, "test_nothing_of_the_case_is_read_out"),
    ),
    28: case("the query of a stream is dropped", (STREAMS, "test_a_stream_needs_no_query_and_joins_its_call")),
    29: case("a stream ends without stop", (STREAMS, "test_a_stream_that_breaks_off_without_stop_has_ended")),
    30: case("frames of another size", (STREAMS, "test_frames_of_any_size_give_the_sound_as_it_was_spoken")),
    31: case(
        "a client for each request",
        (ASKING, "test_all_requests_go_over_one_connection_kept_open"),
        (CALLS, "test_connections_are_kept_open_and_pictures_come_without_our_credentials"),
    ),
    32: case(
        "the library logs numbers",
        (ASKING, "test_no_log_of_ours_or_of_the_library_names_a_number_or_a_word"),
        (CLIENT, "test_no_log_line_names_a_number"),
    ),
    33: case(
        "its time limit is ignored and it posts again",
        (ASKING, "test_our_own_time_limit_holds"),
        (ASKING, "test_a_post_is_never_made_again_by_the_library"),
        (SENDING, "test_a_busy_provider_is_posted_to_once_and_again_only_when_it_is_due"),
    ),
    34: case(
        "a redirect is not followed, or with our credentials",
        (CALLS, "test_connections_are_kept_open_and_pictures_come_without_our_credentials"),
        (MEDIA, "test_credentials_go_to_the_api_and_never_further"),
        (MEDIA, "test_a_picture_comes_from_the_storage_host_without_our_credentials"),
    ),
    35: case("unknown fields are refused", (INCOMING, "test_fields_the_provider_adds_without_notice_are_taken")),
    36: case(
        "nobody asks for what no webhook told",
        (INCOMING, "test_a_text_a_call_and_a_recording_that_no_webhook_told_of_are_recalled_once"),
        (INCOMING, "test_what_was_recalled_is_acknowledged_like_everything_else"),
        (INCOMING, "test_a_text_that_was_recalled_and_is_then_delivered_by_webhook_is_one"),
        (UNHEARD, "test_with_all_news_blocked_a_delivery_is_known_all_the_same"),
        (UNHEARD, "test_with_all_news_blocked_a_failure_reaches_a_person"),
        (UNHEARD, "test_a_text_that_is_never_delivered_is_a_persons_within_four_hours"),
        ("gateway/test_recalling.py", "test_texts_and_calls_of_a_time_when_nothing_of_ours_answered_are_fetched"),
    ),
}
REAL_DOORS = {"line", "house", "rounds", "telephone", "a_line", "a_house", "all_down"}
"""What a test has or opens that is a gateway's doors on a port, with the pretend provider in front of them."""


def named() -> Iterator[tuple[int, str, str]]:
    for number, one in CASES.items():
        for file, name in one.tests:
            yield number, file, name


@cache
def defined_in(file: str) -> dict[str, bool]:
    """The tests of a file, and whether each goes through the real doors."""
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {node.name: bool(REAL_DOORS & set(_uses(node))) for node in found}


def _uses(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    yield from (argument.arg for argument in test.args.args)
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_every_case_is_held_by_a_test() -> None:
    assert list(CASES) == list(range(1, 37))
    assert [number for number, one in CASES.items() if not one.tests] == []


def test_every_case_is_held_through_the_real_doors() -> None:
    held = {number for number, file, name in named() if defined_in(file)[name]}
    assert sorted(set(CASES) - held) == []


@pytest.mark.parametrize(("number", "file", "name"), list(named()))
def test_the_test_of_a_case_exists(number: int, file: str, name: str) -> None:
    assert name in defined_in(file), f"case {number}"
