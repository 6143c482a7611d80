"""The child of ``sound_shapes``: a sound or film on standard input, how loud it is on standard output."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator

import av
import numpy as np
import numpy.typing as npt

from gateway.staff.playing_child import NOTHING_ELSE, OCTETS, SECONDS, sound_frames

HERTZ = 8_000
STEP = 160  # samples: a fiftieth of a second
AT_ONCE = 60 * HERTZ
LEVELS = 240

Samples = npt.NDArray[np.float32]


def main() -> None:
    """Any failure ends the child with an error; nothing of the file is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    av.logging.set_level(av.logging.PANIC)
    seconds, levels = shape(sys.stdin.buffer.read())
    sys.stdout.write(f"{seconds:.2f} {levels.hex()}")


def shape(content: bytes) -> tuple[float, bytes]:
    """How long it plays in seconds, and at most ``LEVELS`` levels, each 0 to 255 of its loudest.

    A level is the root mean square of the loudest fiftieth of a second in its stretch, on a square root scale, so that
    quiet speech beside a shout is still seen. Raises ValueError where there is no sound.
    """
    loudness = np.concatenate([_of_steps(heard) for heard in _heard(content)] or [np.zeros(0, np.float32)])
    if not loudness.size:
        raise ValueError("no sound")
    edges = np.linspace(0, loudness.size, min(LEVELS, loudness.size) + 1).astype(int)[:-1]
    levels = np.maximum.reduceat(loudness, edges)
    scaled = np.sqrt(levels / (float(levels.max()) or 1.0))
    return loudness.size * STEP / HERTZ, np.rint(scaled * 255).astype(np.uint8).tobytes()


def _heard(content: bytes) -> Iterator[Samples]:
    """The sound a minute at a time; the last piece is filled up with silence to a whole step."""
    plainly, gathered, size = av.AudioResampler(format="flt", layout="mono", rate=HERTZ), [], 0
    with av.open(
        io.BytesIO(content), mode="r", metadata_errors="ignore", container_options=NOTHING_ELSE
    ) as source:  # fmt: skip
        for frame in sound_frames(source):
            for plain in plainly.resample(frame):
                gathered.append(plain.to_ndarray()[0])
                size += plain.samples
            if size >= AT_ONCE:
                heard = np.concatenate(gathered)
                yield heard[:AT_ONCE]
                gathered, size = [heard[AT_ONCE:]], heard.size - AT_ONCE
    gathered.append(np.zeros(-size % STEP, np.float32))
    yield np.concatenate(gathered)


def _of_steps(heard: Samples) -> Samples:
    loudness: Samples = np.sqrt(np.mean(np.square(heard.reshape(-1, STEP)), axis=1))
    return loudness


if __name__ == "__main__":
    main()
