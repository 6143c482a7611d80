"""Callers who speak: a frame of 20 ms from each, every 20 ms, over a WebSocket each, all at moments of their own."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import sys
import time

from twilio.request_validator import RequestValidator

ACCOUNT, SECRET = "AC" + "0" * 31 + "1", "benchmark-token"
FRAME_SECONDS = 0.02
REST = base64.b64encode(os.urandom(151)).decode()
NO_MASK = b"\0\0\0\0"
HANDSHAKE = (
    "GET /twilio/media HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nX-Twilio-Signature: {signature}\r\n\r\n"
)


class Caller:
    """One stream; what it sends is masked with nothing, which costs the receiver as much as any mask."""

    def __init__(self, port: int, number: int) -> None:
        self.sid, self.count = f"MZ{number:032x}", 0
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = f"127.0.0.1:{port}"
        signature = RequestValidator(SECRET).compute_signature(f"ws://{host}/twilio/media", {})
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(HANDSHAKE.format(host=host, key=key, signature=signature).encode())
        if b" 101 " not in self._socket.recv(4096):
            raise RuntimeError("the stream was refused")
        about = {
            "streamSid": self.sid, "accountSid": ACCOUNT, "callSid": f"CA{number:032x}", "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"from": "+447700900123", "to": "+441632960001"},
        }  # fmt: skip
        self._send('{"event":"connected","protocol":"Call","version":"1.0.0"}')
        self._send(json.dumps({"event": "start", "sequenceNumber": "1", "start": about, "streamSid": self.sid}))

    def speak(self) -> None:
        """One frame, whose first bytes are this moment."""
        self.count += 1
        now = base64.b64encode(time.monotonic_ns().to_bytes(8, "big") + b"\xff").decode()
        self._send(
            f'{{"event":"media","sequenceNumber":"{self.count + 1}","media":{{"track":"inbound",'
            f'"chunk":"{self.count}","timestamp":"{(self.count - 1) * 20}","payload":"{now}{REST}"}},'
            f'"streamSid":"{self.sid}"}}'
        )

    def stop(self) -> None:
        """Hang up."""
        self._send(json.dumps({"event": "stop", "streamSid": self.sid}))
        self._socket.close()

    def _send(self, text: str) -> None:
        data = text.encode()
        head = bytes((0x81, 0x80 | len(data))) if len(data) < 126 else b"\x81\xfe" + struct.pack(">H", len(data))
        self._socket.sendall(head + NO_MASK + data)


def main(port: int, streams: int, seconds: float) -> None:
    """Prints how much was said, and how late a frame was sent at worst: beyond a few ms, nothing here is believed."""
    callers = [Caller(port, number) for number in range(streams)]
    began, late, done, total = time.monotonic(), 0.0, 0, int(streams * seconds / FRAME_SECONDS)
    while done < total:
        due = int((time.monotonic() - began) / FRAME_SECONDS * streams)
        for number in range(done, min(due, total)):
            callers[number % streams].speak()
        done = max(done, min(due, total))
        late = max(late, time.monotonic() - began - done * FRAME_SECONDS / streams)
        time.sleep(0.0005)
    time.sleep(1.5)
    for caller in callers:
        caller.stop()
    print(json.dumps({"said_seconds": total * FRAME_SECONDS, "late_ms": late * 1000}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
