"""What was found in words, on the page: in its sentence, linked to its place, settled with a press, given to others."""

from __future__ import annotations

import pytest

from gateway.core import Core
from storage.staff import Role
from tests.gateway.office import Office, words_of
from tests.gateway.proposing.test_keeping import a_mail, a_part, receive
from tests.gateway.staff.test_claims_page import row, text
from transcription.contract import Segment, Word, WrittenWord

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CONCERN = (
    "It is cold. I am worried about Albie Crane, aged 6, who lives at 9 Elm Row, NT1 2AB with his mother Ida. There is "
    "a shop in Pump Lane.\n\nKind regards\nPerpetua Quillfeather"
)


async def test_each_value_stands_in_its_sentence_with_its_words_marked_and_a_link_to_the_message(core: Core) -> None:
    mail = await receive(core, a_mail(CONCERN))
    page = await (await Office(core).browser()).see(f"/referrals/{mail.reference}")
    assert [each.text(strip=True) for each in page.css(".staff-stated__group")] == [
        "Child 1",
        "Adult 1",
        "Where",
        "Where 2",
    ]
    name = row(page, "Name")
    marked = name.css_first("mark")
    assert marked is not None and marked.text() == "Albie Crane"
    assert "I am worried about Albie Crane , aged 6, who lives" in text(name) and "It is cold" not in text(name)
    link = name.css_first("a")
    assert link is not None and page.css_first(str(link.attributes["href"])) is not None
    assert "What it says" in words_of(page) and "Quillfeather" not in text(page.css_first("#stated"))  # type: ignore[arg-type]
    spoken = [text(each) for each in page.css("#stated li button, #stated li summary")]
    assert "Confirm Name: Albie Crane of child 1" in spoken and len(set(spoken)) == len(spoken)


async def test_what_is_less_certain_is_folded_until_it_is_settled(core: Core) -> None:
    mail, sam = await receive(core, a_mail(CONCERN)), await Office(core).browser()
    page = await sam.see(f"/referrals/{mail.reference}")
    (fold,) = page.css(".staff-stated__faint")
    assert "1 less certain" in text(fold) and "Pump Lane" in text(fold)
    action = str(fold.css_first("form").attributes["action"])  # type: ignore[union-attr]
    await sam.send(page, action, status="confirmed")
    assert not (await sam.see(f"/referrals/{mail.reference}")).css(".staff-stated__faint")


async def test_where_much_was_found_each_child_and_adult_is_folded_under_its_name(core: Core) -> None:
    people = " ".join(f"His sister {name}, aged 4, is here." for name in ("Ada", "Bea", "Cora", "Dora", "Elsa"))
    mail = await receive(core, a_mail(f"{CONCERN}\n\n{people}"))
    page = await (await Office(core).browser()).see(f"/referrals/{mail.reference}")
    folds = page.css("details.staff-stated__fold > summary")
    assert "Child 1 Albie Crane , 2 to settle" in [text(each) for each in folds]
    assert len(folds) == len(page.css(".staff-stated__group"))


async def test_a_value_is_given_to_somebody_else_on_its_form(core: Core) -> None:
    mail, sam = await receive(core, a_mail(CONCERN)), await Office(core).browser()
    page = await sam.see(f"/referrals/{mail.reference}")
    form = next(each for each in page.css(".staff-claim__right form") if each.css_first("[value='Ida']"))
    offered = [str(each.attributes["value"]) for each in form.css("option")]
    assert offered == ["child:1", "child:2", "adult:1", "adult:2", "place:0", "concern:0", "referrer:0"]
    done = await sam.send(page, str(form.attributes["action"]), status="corrected", value="Ida", whose="child:2")
    assert done.status_code == 303
    after = await sam.see(f"/referrals/{mail.reference}")
    assert "Child 2" in [each.text(strip=True) for each in after.css(".staff-stated__group")]
    assert "which is child 2, name" in words_of(after)


async def test_a_program_gives_a_value_to_somebody_else_too(core: Core) -> None:
    mail, worker = await receive(core, a_mail(CONCERN)), Office(core).program(Role.SOCIAL_WORKER)
    address = f"/api/v1/referrals/{mail.reference}"
    claims = (await worker.get(address)).json()["claims"]
    name = next(each for each in claims if each["value"] == "Ida")
    assert name["place"]["from"] == CONCERN.index("Ida") and name["extractor"] == "rules 1" and not name["is_usable"]
    right = {"status": "corrected", "entity": "child", "entity_no": 2}
    after = (await worker.post(f"{address}/claims/{name['id']}", json=right)).json()["claims"]
    (stands,) = [each for each in after if each["supersedes"] == name["id"]]
    assert (stands["entity"], stands["entity_no"], stands["value"]) == ("child", 2, "Ida") and stands["is_usable"]


async def test_a_place_on_a_scan_and_in_a_recording_is_a_press_away(core: Core) -> None:
    mail, sam = await receive(core, a_mail("Two files")), await Office(core).browser()
    box = (0.1, 0.1, 0.2, 0.2)
    written = tuple(WrittenWord(text=word, box=box) for word in ["My", "son", "Albie", "Crane"])
    a_part(
        core,
        mail,
        "My son Albie Crane",
        segments=(Segment(text="My son Albie Crane", page=1, box=box, written=written),),
    )
    words = tuple(
        Word(text=word, start=at, end=at + 0.5, confidence=0.9)
        for at, word in enumerate(("My", "niece", "Mina", "Shaw"))
    )
    a_part(
        core,
        mail,
        "My niece Mina Shaw",
        segments=(Segment(text="My niece Mina Shaw", start=0, end=4, words=words),),
        name="b.wav",
    )
    page = await sam.see(f"/referrals/{mail.reference}")
    links = [str(each.attributes["href"]) for each in page.css("#stated a")]
    assert any("box=0.1000,0.1000,0.2000,0.2000" in each for each in links)
    seek = page.css_first("#stated .staff-seek")
    assert seek is not None and seek.attributes["data-at"] == "2.0"
