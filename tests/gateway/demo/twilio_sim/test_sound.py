"""Sound is encoded as telephone networks encode it."""

from __future__ import annotations

import io
import wave

import pytest

from gateway.demo.twilio_sim.sound import read_wav, tone, ulaw, write_wav

# Full scale, both signs, zero and the borders of chords, as another implementation of ITU-T G.711 encodes them.
KNOWN = {32767: 0x80, -32768: 0x00, 0: 0xFF, -4: 0x7E, 8: 0xFE, 1000: 0xCE, -1000: 0x4E, 132: 0xEF, 8000: 0xA0}


def test_mu_law_codes_agree_with_the_standard() -> None:
    for sample, code in KNOWN.items():
        assert ulaw(sample.to_bytes(2, "little", signed=True)) == bytes([code]), sample


def test_decoding_mu_law_gives_back_nearly_the_same_sound() -> None:
    for sample in range(-32000, 32000, 7):
        code = ~ulaw(sample.to_bytes(2, "little", signed=True))[0] & 0xFF
        magnitude = ((((code & 0x0F) << 3) + 132) << ((code & 0x70) >> 4)) - 132
        assert abs((-magnitude if code & 0x80 else magnitude) - sample) <= max(12, abs(sample) // 16)


def test_a_written_file_reads_back_the_same_also_with_two_channels() -> None:
    assert read_wav(write_wav(tone(1))) == tone(1)
    assert read_wav(write_wav(tone(1), 2)) == tone(1)


def test_other_rates_are_brought_to_8_kHz() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16000)
        wav.writeframes(bytes(32000))
    assert len(read_wav(out.getvalue())) == 16000


def test_only_16_bit_sound_can_be_spoken() -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(1)
        wav.setframerate(8000)
        wav.writeframes(b"\x80" * 10)
    with pytest.raises(ValueError, match="16-bit"):
        read_wav(out.getvalue())
