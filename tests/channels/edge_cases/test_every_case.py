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
RECEIPTS, SENDING, INCOMING, ASKING, UNHEARD = (
    HERE + f"test_{name}.py" for name in ("receipts", "sending", "incoming", "asking", "unheard")
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What goes wrong, and the tests (a file below ``tests``, names in it) that it does not go wrong here.

    ``left``: why there is nothing to test.
    """

    wrong: str
    tests: tuple[tuple[str, str], ...] = ()
    left: str = ""


def case(wrong: str, *held: tuple[str, str]) -> Case:
    return Case(wrong=wrong, tests=held)


def left(wrong: str, why: str) -> Case:
    return Case(wrong=wrong, left=why)


NO_STREAMS = "voice: no media stream is opened"
CASES = {
    1: case("an exception cuts the caller off", (PHONE, "test_a_failing_step_still_takes_a_message")),
    2: left("the fallback URL is on the same host", "voice: set at the provider, not by the gateway"),
    3: case(
        "answers of 5xx and time-outs are not tried again by default",
        (PHONE, "test_every_address_given_to_the_provider_is_public_and_tried_again"),
        (RECEIPTS, "test_the_address_for_news_asks_to_be_tried_again"),
        (SMS, "test_a_report_that_cannot_be_kept_comes_again"),
    ),
    4: case("the first answer waits for the database", (PHONE, "test_the_first_answer_needs_nothing_to_be_kept")),
    5: case("TwiML as JSON", (SMS, "test_a_text_is_kept_as_written_and_answered_with_nothing")),
    6: case("TwiML that ends in silence", (PHONE, "test_no_document_ends_in_silence")),
    7: case("Record without action", (PHONE, "test_the_recorder_is_patient_and_only_the_hash_key_ends_it")),
    8: case("any key ends it", (PHONE, "test_the_recorder_is_patient_and_only_the_hash_key_ends_it")),
    9: case("a pause ends it", (PHONE, "test_the_recorder_is_patient_and_only_the_hash_key_ends_it")),
    10: case(
        "a voicemail is saved by its action alone",
        (VOICEMAIL, "test_a_withheld_caller_who_hangs_up_is_kept_with_the_reason_why_nobody_can_be_answered"),
        (VOICEMAIL, "test_a_recording_announced_before_the_call_goes_on_has_the_same_reference"),
        (INCOMING, "test_a_text_a_call_and_a_recording_that_no_webhook_told_of_are_recalled_once"),
    ),
    11: case("absent unheard of", (VOICEMAIL, "test_a_caller_who_says_nothing_is_kept_and_given_a_reference")),
    12: case(
        "404 at the first fetch",
        (VOICEMAIL, "test_a_recording_is_fetched_as_it_was_spoken_once_the_provider_has_it"),
        (MEDIA, "test_a_recording_is_asked_for_until_it_is_ready"),
    ),
    13: case("deleted there before it is safe here", (ASKING, "test_nothing_is_ever_deleted_at_the_provider")),
    14: case("a call of four seconds is forgotten", (PHONE, "test_a_child_who_rang_for_a_second_is_a_contact")),
    15: case(
        "an open line is no input",
        (VOICEMAIL, "test_an_open_line_that_the_recorder_passed_over_is_listened_to_again_and_then_kept"),
    ),
    16: case(
        "placeholders of withheld numbers are people",
        (SENDING, "test_no_text_goes_to_a_withheld_number_a_landline_or_a_name"),
        (SENDING, "test_two_withheld_callers_are_not_one_person"),
        ("channels/test_numbers.py", "test_a_withheld_number_is_nobodys"),
    ),
    17: case("blank fields are dropped", (SIGNATURE, "test_a_genuine_webhook_is_handed_on_to_the_last_byte")),
    18: case("the signed URL is the request's", (SIGNATURE, "test_the_request_does_not_say_who_we_are")),
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
    26: case("a mailbox answers", (PHONE, "test_a_mailbox_that_picked_up_does_not_swallow_the_call")),
    27: left("references are guessed by keypad", "voice: no case facts are told by telephone"),
    28: left("the query of a stream is dropped", NO_STREAMS),
    29: left("a stream ends without stop", NO_STREAMS),
    30: left("frames of another size", NO_STREAMS),
    31: case("a client for each request", (ASKING, "test_all_requests_go_over_one_connection_kept_open")),
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
OF_SENDING_AND_RECEIPTS = {3, 13, 16, *range(19, 26), *range(31, 37)}


def named() -> Iterator[tuple[int, str, str]]:
    for number, one in CASES.items():
        for file, name in one.tests:
            yield number, file, name


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_case_is_held_by_a_test_or_says_why_not() -> None:
    assert list(CASES) == list(range(1, 37))
    assert [number for number, one in CASES.items() if bool(one.tests) == bool(one.left)] == []


def test_no_case_of_sending_receipts_or_recall_is_left_out() -> None:
    assert {number for number, one in CASES.items() if one.left} & OF_SENDING_AND_RECEIPTS == set()


@pytest.mark.parametrize(("number", "file", "name"), list(named()))
def test_the_test_of_a_case_exists(number: int, file: str, name: str) -> None:
    assert name in names_in(file), f"case {number}"
