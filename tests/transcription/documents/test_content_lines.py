"""Visiting cards and calendars are read as a person would want them, one field on a line."""

from transcription.documents.content_lines import read_calendar, read_card


def test_a_card_gives_name_numbers_and_address() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Carter;Alex;;;\r\nFN:Alex Carter\r\nORG:Thornmere School;Office\r\n"
        "item1.TEL;TYPE=WORK:01632 960118\r\nADR;TYPE=WORK:;;3 Hopyard Lane;Northshire;;NS1 1AA;\r\n"
        "NOTE:Ring after 4\\, not \r\n before\\nplease\r\nPHOTO;ENCODING=b:AAAA\r\n AAAA\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nFN:Sam Reed\r\nEND:VCARD\r\n"
    )
    assert read_card(card.encode()).text == (
        "Name: Alex Carter\nOrganisation: Thornmere School, Office\nTelephone: 01632 960118\n"
        "Address: 3 Hopyard Lane, Northshire, NS1 1AA\nNote: Ring after 4, not before\nplease\n\nName: Sam Reed"
    )


def test_an_old_card_in_quoted_printable_is_read() -> None:
    card = "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB=\n=20Reed\nEND:VCARD\n"
    assert read_card(card.encode()).text == "Name: Zo\u00eb Reed"


def test_a_calendar_says_what_when_where_and_with_whom() -> None:
    calendar = (
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nDTSTART:19700329T010000\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
        "SUMMARY:Strategy meeting\nDTSTART;TZID=Europe/London:20261123T093000\nDTEND:20261123T103000Z\n"
        "LOCATION:Room 2\nORGANIZER;CN=Alex Carter:mailto:a.carter@example.org\n"
        "BEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert read_calendar(calendar.encode()).text == (
        "Kind: REQUEST\nEvent: Strategy meeting\nBegins: 2026-11-23 09:30 (Europe/London)\n"
        "Ends: 2026-11-23 10:30 UTC\nPlace: Room 2\nOrganised by: Alex Carter <a.carter@example.org>"
    )
