"""A whole front door on one machine: pretend providers, invented people and a scripted minute of messages."""

from __future__ import annotations


def run_demo(*, port: int, exit_when_done: bool) -> int:
    """Show it until Ctrl-C; 0, or 1 if something sent has no answer. Raises ``WrongSetting`` if it cannot begin.

    The whole gateway is loaded only here: the pretend provider in this package is of use without it.
    """
    from gateway.demo.show import show

    return show(port=port, exit_when_done=exit_when_done)
