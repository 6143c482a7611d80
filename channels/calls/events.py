"""What happens on a telephone line, as any provider tells it."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Address


@dataclass(frozen=True, kw_only=True)
class CallEvent:
    """Something of one call. ``call`` is the provider's id of it; ``called`` our number; ``caller`` may be unknown."""

    call: str
    caller: Address
    called: str = ""


@dataclass(frozen=True, kw_only=True)
class CallStarted(CallEvent):
    """Somebody rings."""


@dataclass(frozen=True, kw_only=True)
class MovedOn(CallEvent):
    """A document came to its ``GoTo``: the caller is still there and did nothing."""


@dataclass(frozen=True, kw_only=True)
class KeysPressed(CallEvent):
    """The end of a ``Menu``: the keys that were pressed, or what was said, or neither."""

    keys: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordingStopped(CallEvent):
    """The recorder stopped; its sound need not be ready. ``recording`` is its handle, ``seconds`` as far as known."""

    recording: str = ""
    seconds: int | None = None
    hung_up: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordingReady(CallEvent):
    """The provider has the sound of a recording or, if ``state`` is not ``completed``, says that there is none."""

    recording: str = ""
    seconds: int | None = None
    state: str = "completed"


@dataclass(frozen=True, kw_only=True)
class BridgeEnded(CallEvent):
    """The caller was, or could not be, put through. ``answered``: by a person who said yes to the call."""

    answered: bool = False
    seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class CallEnded(CallEvent):
    """The line is closed. ``how`` is the provider's word for it."""

    how: str = ""
    seconds: int | None = None
