"""Recordings for tests: the ten sample voicemails, and new ones made of them."""

import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLES = Path(__file__).parents[1] / "samples"
TINY_MODEL = SAMPLES / "tiny-whisper" / "ct2"
TINY_CHECKPOINT = SAMPLES / "tiny-whisper" / "tiny.pt"
VOICEMAILS = sorted((SAMPLES / "voicemails").glob("*.wav"))

HERTZ = 8000
Sound = NDArray[np.float64]


def said_in(voicemail: Path) -> str:
    """The words spoken in a sample."""
    return voicemail.with_suffix(".txt").read_text(encoding="utf-8").strip()


def sound_of(voicemail: Path) -> Sound:
    """A sample voicemail (8 kHz mu-law WAV) as numbers from -1 to 1 (ITU-T G.711)."""
    data = voicemail.read_bytes()
    start = data.index(b"data") + 8
    code = ~np.frombuffer(data[start:], np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude) / 32768.0


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * HERTZ))


def noise(seconds: float, *, level: float) -> Sound:
    return np.random.default_rng(7).normal(0.0, level, int(seconds * HERTZ))


def hum(seconds: float) -> Sound:
    return 0.1 * np.sin(2 * np.pi * 50 * np.arange(int(seconds * HERTZ)) / HERTZ)


def tune(seconds: float) -> Sound:
    """Music on hold: three notes at a time with overtones, a new chord every half second."""
    at = np.arange(int(seconds * HERTZ)) / HERTZ
    chords = ((262, 330, 392), (220, 262, 330), (349, 440, 523), (196, 247, 294))
    played = np.zeros(at.size)
    for number, chord in enumerate(chords * (int(seconds) + 1)):
        now = (at >= number / 2) & (at < (number + 1) / 2)
        for note in chord:
            played[now] += sum(np.sin(2 * np.pi * note * over * at[now]) / over for over in (1, 2, 3))
    return 0.1 * played


def recording(*channels: Sound) -> bytes:
    """One or two channels as a 16-bit WAV file; the shorter channel is filled up with silence."""
    length = max(channel.size for channel in channels)
    filled = [np.pad(channel, (0, length - channel.size)) for channel in channels]
    samples = (np.stack(filled, axis=1).clip(-1, 1) * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(len(channels))
        out.setsampwidth(2)
        out.setframerate(HERTZ)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def one_after_another(*sounds: Sound, pause: float) -> Sound:
    """Sounds with a pause of so many seconds before each."""
    return np.concatenate([part for sound in sounds for part in (silence(pause), sound)])


def a_long_recording() -> bytes:
    """About five minutes of speech, enough to be caught at work."""
    return recording(one_after_another(*[sound_of(each) for each in VOICEMAILS] * 6, pause=4.0))
