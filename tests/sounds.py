"""A recording as phones and telephone systems would have written it."""

from __future__ import annotations

import io

import av

KINDS = {
    "audio/amr": ("amr", "libopencore_amrnb", 8000), "audio/3gpp": ("3gp", "libopencore_amrnb", 8000),
    "audio/ogg": ("ogg", "libopus", 16000), "audio/mp4": ("ipod", "aac", 16000),
    "audio/mpeg": ("mp3", "libmp3lame", 16000),
}  # fmt: skip


def written_as(media_type: str, wav: bytes) -> bytes:
    """The same sound in another form, one of ``KINDS``."""
    container, codec, rate = KINDS[media_type]
    out = io.BytesIO()
    with av.open(io.BytesIO(wav), mode="r") as source, av.open(out, mode="w", format=container) as target:
        stream = target.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        if "amr" in codec:
            stream.bit_rate = 12_200
        for frame in source.decode(audio=0):
            frame.pts = None
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()
