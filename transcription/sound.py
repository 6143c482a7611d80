"""Turns the bytes of a recording into waveforms at the engine's rate, one for each person who can be told apart."""

import io
from collections.abc import Iterator

import av
import numpy as np
from numpy.typing import NDArray

from transcription.begun import NOISE, SILENT, TONES
from transcription.contract import CannotRead, Unreadable
from transcription.windows import HERTZ

Waveform = NDArray[np.float32]

NOTHING_ELSE = {"protocol_whitelist": "none"}
"""A file may name others and addresses of the network that its sound lies at (SDP, playlists): none is opened."""

LONGEST_SECONDS = 4 * 3600
"""A recording longer than this is refused as too large: its waveform alone would pass 900 MB."""

ONE_SPEAKER_CORRELATION = 0.9
"""Two channels more alike than this are one microphone, not two ends of a call (a measured call lies below 0.3)."""

SILENT_PEAK = 1e-4
"""A channel that never rises above this part of full scale carries nothing to hear."""

SILENT_DECIBELS = -45.0
"""Below this part of full scale (RMS over the whole) only the line's own hiss is left."""

NOISE_FLATNESS = 0.2
"""White noise has 0.56 in this measure, a chord or a hum less than 0.01."""

FRAME, MOST_FRAMES = 1024, 2000
"""Samples in a frame (64 ms), and how many frames spread over the recording are looked at."""


def waveforms(data: bytes) -> tuple[Waveform, ...]:
    """One waveform (float32, -1..1, 16 kHz) for each end of the call that carries sound; none when there is no sound.

    Raises CannotRead(broken) for bytes that are no recording and CannotRead(too_large) past `LONGEST_SECONDS`.
    """
    channels = _decode(data)
    audible = tuple(channel for channel in channels if channel.size and float(np.abs(channel).max()) > SILENT_PEAK)
    if len(audible) == 2 and _alike(audible[0], audible[1]):
        return (((audible[0] + audible[1]) / 2).astype(np.float32),)
    return audible


def sounds_like(sounds: tuple[Waveform, ...]) -> str:
    """What a recording in which nobody speaks is, in plain words: silent, noise, or tones and music.

    Noise spreads over all frequencies, tones and music do not: the mean of a frame's logarithmic spectrum lies far
    below the logarithm of its mean (spectral flatness, Gray and Markel 1974).
    """
    loudest = max(sounds, key=lambda sound: float(np.square(sound, dtype=np.float64).mean()), default=None)
    if loudest is None:
        return SILENT
    whole = loudest[: loudest.size // FRAME * FRAME].reshape(-1, FRAME)
    if not whole.size or 20 * np.log10(np.sqrt(np.square(whole, dtype=np.float64).mean()) + 1e-12) < SILENT_DECIBELS:
        return SILENT
    looked_at = whole[np.linspace(0, len(whole) - 1, min(len(whole), MOST_FRAMES)).astype(int)]
    power = np.square(np.abs(np.fft.rfft(looked_at * np.hanning(FRAME), axis=1)))[:, 1 : FRAME // 4] + 1e-12
    flatness = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
    return NOISE if float(np.median(flatness)) > NOISE_FLATNESS else TONES


def _decode(data: bytes) -> tuple[Waveform, ...]:
    try:
        with av.open(io.BytesIO(data), "r", metadata_errors="ignore", container_options=NOTHING_ELSE) as container:
            if not container.streams.audio:
                return ()
            layout = "stereo" if container.streams.audio[0].channels == 2 else "mono"
            samples = list(_samples(container, layout))
    except (av.error.FFmpegError, ValueError, EOFError) as problem:
        raise CannotRead(Unreadable.BROKEN, type(problem).__name__) from None
    if not samples:
        raise CannotRead(Unreadable.BROKEN, "no sound could be decoded")
    sound = np.concatenate(samples).astype(np.float32) / 32768.0
    return (sound[0::2], sound[1::2]) if layout == "stereo" else (sound,)


def _samples(container: "av.container.InputContainer", layout: str) -> Iterator[NDArray[np.int16]]:
    resampler = av.AudioResampler(format="s16", layout=layout, rate=HERTZ)
    most = LONGEST_SECONDS * HERTZ * (2 if layout == "stereo" else 1)
    heard = 0
    for frame in _whole_frames(container):
        for resampled in resampler.resample(frame):
            block = resampled.to_ndarray().reshape(-1).astype(np.int16, copy=False)
            heard += block.size
            if heard > most:
                raise CannotRead(Unreadable.TOO_LARGE, f"longer than {LONGEST_SECONDS // 3600} hours")
            yield block


def _whole_frames(container: "av.container.InputContainer") -> Iterator["av.AudioFrame | None"]:
    """Every frame that decodes, then None for the resampler's rest; a damaged frame does not lose the others."""
    frames = container.decode(audio=0)
    while True:
        try:
            frame = next(frames)
        except StopIteration:
            break
        except av.error.EOFError:
            break
        except av.error.InvalidDataError:
            continue
        frame.pts = None
        yield frame
    yield None


def _alike(one: Waveform, other: Waveform) -> bool:
    if not (one.std() > 0 and other.std() > 0):
        return False
    return float(np.corrcoef(one, other)[0, 1]) > ONE_SPEAKER_CORRELATION
