"""A WebSocket protocol whose messages go straight to whoever listens, without a queue and a task for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

EXTENSION = "frontdoor.straight"


@dataclass
class Straight:
    """The ASGI extension: once an application sets ``listen``, it is called with every whole text message.

    Ten thousand frames a second come in order, and none of them wakes a task. What is not text is received as ever.
    """

    listen: Callable[[bytes], None] | None = None


class StraightProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own, with this extension in the scope of every connection."""

    straight: Straight

    def handle_connect(self, event: Request) -> None:
        """The application runs later: what is added to its scope now, it sees."""
        self.straight = Straight()
        super().handle_connect(event)
        if not self.close_sent:
            extensions = cast("dict[str, object]", self.scope["extensions"])
            extensions[EXTENSION] = self.straight

    def send_receive_event_to_app(self) -> None:
        """A whole message: a text to whoever listens, else as ever."""
        listen = self.straight.listen
        if listen is None or self.curr_msg_data_type != "text":
            super().send_receive_event_to_app()
            return
        message, self.frames = b"".join(self.frames), []
        if not self.close_sent:
            listen(message)
