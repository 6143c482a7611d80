"""A recording's wave rises where somebody speaks, is worked out once, and costs a broken file nothing but its wave."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from gateway.core import Core
from gateway.staff.sound_shapes import wave_of
from gateway.staff.sound_shapes_child import LEVELS, shape
from storage import sound_shape
from storage.attachment import Attachment
from storage.staff import Role
from tests.builders import a_referral
from tests.gateway.office import Office
from tests.gateway.staff.test_referral_page import with_part

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SPOKEN = (Path(__file__).parents[2] / "samples" / "voicemails" / "vm00.wav").read_bytes()


def a_tone(*loudness: float, hertz: int = 8000) -> bytes:
    """A second of a tone for each of these parts of what can be written."""
    second = np.sin(np.arange(hertz) * 2 * np.pi * 400 / hertz)
    samples = np.concatenate([second * part * 32000 for part in loudness]).astype(np.int16)
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(hertz)
        file.writeframes(samples.tobytes())
    return written.getvalue()


def test_levels_follow_how_loud_it_is_from_end_to_end() -> None:
    seconds, levels = shape(a_tone(0, 0.25, 1, 0))
    quarter = len(levels) // 4
    assert seconds == pytest.approx(4, abs=0.05) and len(levels) <= LEVELS
    assert max(levels[: quarter - 2]) == 0 == max(levels[3 * quarter + 2 :])
    assert levels[quarter + 5] == pytest.approx(128, abs=6) and levels[2 * quarter + 5] == pytest.approx(255, abs=2)


def test_a_recording_longer_than_is_held_at_once_is_drawn_to_its_end() -> None:
    seconds, levels = shape(a_tone(*[0.5] * 130, *[0.0] * 10))
    assert (round(seconds), len(levels)) == (140, LEVELS)
    assert min(levels[:215]) > 200 and max(levels[-14:]) == 0


def test_silence_has_a_wave_without_height_and_what_is_no_sound_has_none() -> None:
    _, levels = shape(a_tone(0))
    assert set(levels) == {0}
    with pytest.raises(Exception, match="Invalid data"):
        shape(b"no sound at all")


async def wave_in(office: Office, part: str, role: Role = Role.SOCIAL_WORKER) -> tuple[int, str]:
    browser = await office.browser(role)
    answer = await browser.client.get(f"/parts/{part}/wave")
    return answer.status_code, answer.text.strip()


@on_one_database
async def test_the_wave_is_worked_out_once_and_then_stands_on_the_page(core: Core, office: Office) -> None:
    row = await a_referral(core)
    part = with_part(core, row, sha256=core.blobs.put(SPOKEN))
    browser = await office.browser()
    page = await browser.see(f"/referrals/{row.reference}")
    controls = page.css_first(".player__controls")
    assert controls and controls.attributes["data-wave"] == f"/parts/{part}/wave" and not controls.css("path[id]")
    status, drawn = await wave_in(office, part)
    assert status == 200 and f'id="wave-{part}"' in drawn and "<html" not in drawn
    with core.database.reading() as session:
        kept = sound_shape.of_parts(session, [part])[part]
        assert kept.seconds == pytest.approx(3.5, abs=0.1)
    again = (await browser.see(f"/referrals/{row.reference}")).css_first(".player__controls")
    assert again and again.attributes["data-wave"] == "" and again.css_first(f"#wave-{part}")
    assert office.private_history() == []


@on_one_database
async def test_a_wave_of_other_bytes_is_worked_out_again(core: Core, office: Office) -> None:
    part = with_part(core, await a_referral(core), sha256=core.blobs.put(a_tone(1)))
    _, first = await wave_in(office, part)
    with core.database.transaction() as session:
        session.get_one(Attachment, part).sha256 = core.blobs.put(a_tone(1, 0, 1))
    _, second = await wave_in(office, part)
    assert 'data-seconds="1.0"' in first and 'data-seconds="3.0"' in second


@on_one_database
async def test_what_cannot_be_heard_has_no_wave_and_is_not_asked_twice(core: Core, office: Office) -> None:
    part = with_part(core, await a_referral(core))
    assert await wave_in(office, part) == (200, "")
    with core.database.reading() as session:
        kept = sound_shape.of_parts(session, [part])[part]
        assert kept.levels == "" and wave_of(kept) is None


@on_one_database
async def test_waves_are_for_whoever_may_hear_the_recording(core: Core, office: Office) -> None:
    row = await a_referral(core)
    sound = with_part(core, row, sha256=core.blobs.put(a_tone(1)))
    picture = with_part(core, row, name="a.png", media_type="image/png")
    bad = with_part(core, row, sha256=core.blobs.put(a_tone(1)), virus_state="found", virus_name="Eicar")
    assert (await wave_in(office, sound, Role.CALL_TAKER))[0] == 403
    for part in (picture, bad, "nothing"):
        assert (await wave_in(office, part))[0] == 404
