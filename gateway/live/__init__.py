"""Calls while they are on: their sound kept as it is spoken, their words heard so far, and what they leave."""

from gateway.live.capturing import Capturing

__all__ = ["Capturing"]
