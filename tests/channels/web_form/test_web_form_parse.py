"""Posted forms, read as messages."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from channels.contract import AddressClass, Inbound, RawMessage, Unreadable
from channels.web_form.parse import answer_by, read_form

URLENCODED = "application/x-www-form-urlencoded"


def raw_form(body: bytes, media_type: str = URLENCODED) -> RawMessage:
    return RawMessage(channel="web_form", source_key="k", body=body, media_type=media_type)


def read(**typed: str) -> Inbound:
    return read_form(raw_form(urlencode(typed).encode()))


def multipart(*parts: tuple[str, bytes], end: bytes = b"--XX--\r\n") -> RawMessage:
    body = b"".join(b"--XX\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + content + b"\r\n"
                    for head, content in parts)  # fmt: skip
    return raw_form(body + end, "multipart/form-data; boundary=XX")


def test_every_answer_stands_in_the_text_under_its_label() -> None:
    inbound = read(concern="Crying at night", child="a boy about 6", where="the blue door", parents_told="No", when="")
    assert inbound.text == (
        "Crying at night\n\nChild or children: a boy about 6\n\nWhere: the blue door\n\n"
        "Whether the parents know of this report: No"
    )
    assert inbound.facts["child"] == "a boy about 6"
    assert "when" not in inbound.facts
    assert inbound.answered_by_door == "web"


def test_accents_line_breaks_and_emoji_arrive_as_they_were_typed() -> None:
    assert read(concern="Zoë cried.\r\nAgain 😢").text == "Zoë cried.\nAgain 😢"


CONTACT = {"contact_email": "jo@example.org", "contact_phone": "07700 900123", "contact_address": "2 Example Lane"}


@pytest.mark.parametrize(
    ("safe", "kind", "value"),
    [
        ((), AddressClass.NONE, ""),
        (("safe_phone",), AddressClass.MOBILE, "+447700900123"),
        (("safe_phone", "safe_text"), AddressClass.MOBILE, "+447700900123"),
        (("safe_email",), AddressClass.EMAIL, "jo@example.org"),
        (("safe_text",), AddressClass.MOBILE, "+447700900123"),
        (("safe_post",), AddressClass.POSTAL, "2 Example Lane"),
        (("safe_post", "safe_text", "safe_email"), AddressClass.EMAIL, "jo@example.org"),
        (("safe_post", "safe_text"), AddressClass.MOBILE, "+447700900123"),
    ],
)
def test_only_an_address_marked_as_safe_is_used_and_only_as_is_safe(
    safe: tuple[str, ...], kind: AddressClass, value: str
) -> None:
    inbound = read(**CONTACT, **dict.fromkeys(safe, "yes"))
    assert (inbound.sender.kind, inbound.sender.value) == (kind, value)
    assert inbound.texts_are_safe == (kind is AddressClass.MOBILE and "safe_text" in safe)


def test_a_number_ticked_for_calls_only_may_not_be_texted_and_an_unticked_one_was_not_asked_about() -> None:
    (call_only,) = read(contact_phone="07700 900123", safe_phone="yes").ways
    (unasked,) = read(contact_phone="07700 900123", safe_words="Only before noon").ways
    assert (call_only.is_safe, call_only.safe_to_call) == (False, True)
    assert (unasked.is_safe, unasked.safe_to_call, unasked.words) == (None, None, "Only before noon")
    assert answer_by({"contact_phone": "07700 900123", "safe_phone": "yes"}) is AddressClass.LANDLINE


def test_who_lives_with_the_child_is_never_written_to_by_post_and_their_landline_is_the_childs() -> None:
    home = read(same_home="yes", contact_phone="01632 960123", contact_address="2 Example Lane", safe_post="yes")
    assert home.sender.kind is AddressClass.NONE
    assert {(each.kind, each.value) for each in home.household} == {
        (AddressClass.LANDLINE, "+441632960123"),
        (AddressClass.POSTAL, "2 Example Lane"),
    }
    texts = read(same_home="yes", contact_phone="07700 900123", safe_text="yes")
    assert (texts.sender.kind, texts.household) == (AddressClass.MOBILE, ())


def test_a_no_in_words_is_a_no() -> None:
    refused = read(contact_email="jo@example.org", safe_email="No", contact_address="2 Example Lane", same_home="no")
    assert (refused.sender.kind, [way.is_safe for way in refused.ways]) == (AddressClass.NONE, [False, None])
    assert refused.household == ()


def test_where_the_child_is_belongs_to_its_household() -> None:
    (place,) = read(where="2 Example Lane, Northtown NT1 1AA").household
    assert place.value == "2 Example Lane, Northtown NT1 1AA"


def test_a_tick_without_an_address_or_with_a_wrong_one_is_no_address() -> None:
    assert read(safe_email="yes", safe_text="yes", safe_post="yes").sender.kind is AddressClass.NONE
    wrong = read(contact_email="jo at example", safe_email="yes", contact_phone="call Jo", safe_text="yes")
    assert wrong.sender.kind is AddressClass.NONE
    assert "Email: jo at example" in wrong.sender_name and "Phone: call Jo" in wrong.sender_name


def test_mail_addresses_cannot_smuggle_a_header_or_a_second_recipient() -> None:
    for smuggled in ("jo@example.org\nBcc: all@example.org", "jo@example.org,al@example.org", "Jo <jo@example.org>"):
        assert read(contact_email=smuggled, safe_email="yes").sender.kind is AddressClass.NONE


def test_a_landline_is_never_texted_and_is_the_senders_when_it_is_safe_to_call() -> None:
    assert read(contact_phone="01632 960123", safe_text="yes").sender.kind is AddressClass.NONE
    assert read(contact_phone="01632 960123", safe_phone="yes").sender.kind is AddressClass.LANDLINE


def test_who_told_us_is_kept_apart_from_what_was_told() -> None:
    told = read(concern="words", name="Jo Example", safe_email="yes", **CONTACT)
    assert "jo@example.org" not in told.text and "Jo Example" not in told.text
    assert told.sender_name.splitlines()[0] == "Jo Example"
    assert "Phone: 07700 900123" in told.sender_name
    assert told.text == "words\n\nSafe to email: yes"


def test_without_a_safe_address_nothing_of_it_is_lost() -> None:
    told = read(concern="words", name="Jo Example", safe_words="Only before noon", **CONTACT)
    for words in ("Jo Example", "jo@example.org", "07700 900123", "2 Example Lane"):
        assert words in told.sender_name
        assert words not in told.text
    assert "Only before noon" in told.text


def test_an_earlier_reference_can_be_given() -> None:
    assert "KMR-4729-HX" in read(reference="KMR-4729-HX", concern="more").thread_text


def test_answers_to_questions_we_do_not_ask_are_not_lost() -> None:
    assert read(message="words of a program").text == "message: words of a program"


def test_the_hidden_fields_are_not_words_and_the_trap_blocks_nothing() -> None:
    told = read(concern="words", token="abc", website="https://spam.example.org")
    assert told.text == "words"
    assert "form_trap" in told.facts


def test_files_come_with_their_exact_bytes_and_the_kind_these_show() -> None:
    picture = b"\xff\xd8\xff\xe0\r\n--X\r\n\x00 picture \r"
    told = read_form(
        multipart(
            ('name="concern"', "Zoë".encode()),
            ('name="files"; filename="Zoë.bin"\r\nContent-Type: application/octet-stream', picture),
            ('name="files"; filename=""\r\nContent-Type: application/octet-stream', b""),
        )
    )
    assert told.text == "Zoë"
    (file,) = told.enclosures
    assert (file.name, file.media_type, file.content) == ("Zoë.bin", "image/jpeg", picture)


def test_an_empty_file_with_a_name_is_an_enclosure() -> None:
    (file,) = read_form(multipart(('name="files"; filename="blank.pdf"', b""))).enclosures
    assert (file.name, file.content) == ("blank.pdf", b"")


def test_a_body_that_breaks_off_keeps_what_could_be_read_and_says_so() -> None:
    told = read_form(multipart(('name="concern"', b"all the words"), ('name="child"', b"An"), end=b""))
    assert told.text.startswith("all the words\n\nChild or children: An")
    assert told.text.endswith("Part of this form could not be read. Look at the original.")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"{}", "application/json"),
        (b"", ""),
        (b"random", "multipart/form-data; boundary=XX"),
        (b"random", "multipart/form-data"),
        (b"&".join([b"a=b"] * 1001), URLENCODED),
    ],
)
def test_what_is_no_form_goes_before_a_person(body: bytes, media_type: str) -> None:
    with pytest.raises(Unreadable, match="not a form"):
        read_form(raw_form(body, media_type))


def test_reading_twice_gives_the_same() -> None:
    raw = multipart(('name="concern"', b"words"))
    assert read_form(raw) == read_form(raw)
