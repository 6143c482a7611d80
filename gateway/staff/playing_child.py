"""The child of ``playing``: a sound or film on standard input, its sound as MP3 on standard output."""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator

import av

HERTZ, BITS_PER_SECOND = 16_000, 48_000
QUICKLY = {"compression_level": "9"}
SECONDS, OCTETS = 150, 2 * 1024**3
NOTHING_ELSE = {"protocol_whitelist": "none"}
"""A file may name others and addresses of the network that its sound lies at (SDP, playlists): none is opened."""


def main() -> None:
    """Any failure ends the child with an error; nothing of the file is printed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS, OCTETS))
    av.logging.set_level(av.logging.PANIC)
    sys.stdout.buffer.write(as_mp3(sys.stdin.buffer.read()))


def as_mp3(content: bytes) -> bytes:
    """The first sound in it; a damaged frame does not lose the others. Raises ValueError where there is none."""
    out, heard = io.BytesIO(), 0
    with (
        av.open(io.BytesIO(content), mode="r", metadata_errors="ignore", container_options=NOTHING_ELSE) as source,
        av.open(out, mode="w", format="mp3") as target,
    ):
        written = target.add_stream("libmp3lame", rate=HERTZ, layout="mono", bit_rate=BITS_PER_SECOND, options=QUICKLY)
        for frame in sound_frames(source):
            heard += frame.samples
            target.mux(written.encode(frame))
        target.mux(written.encode(None))
    if not heard:
        raise ValueError("no sound")
    return out.getvalue()


def sound_frames(source: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    """The frames of the first sound in it, in order; what is damaged or cut off is left out."""
    frames = source.decode(audio=0) if source.streams.audio else iter(())
    while True:
        try:
            frame = next(frames)
        except (StopIteration, av.error.EOFError):
            return
        except av.error.InvalidDataError:
            continue
        frame.pts = None
        yield frame


if __name__ == "__main__":
    main()
