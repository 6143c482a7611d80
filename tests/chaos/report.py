"""What a run has to tell: the faults injected, how long the rest took, what went out twice, and every finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from rich.console import Console
from rich.table import Table

from tests.chaos.plan import Fault, Plan
from tests.chaos.run import Outcome

MOST_SHOWN = 40


def show_plan(console: Console, plan: Plan, impossible: Collection[Fault], *, database: str) -> None:
    """What is about to happen, and which faults are not injected."""
    console.rule(f"{database}: {len(plan.messages)} messages, {len(plan.faults)} faults, seed {plan.seed}")
    for fault in sorted(impossible):
        console.print(f"  not injected: {fault}", style="yellow")


def show_outcome(console: Console, plan: Plan, outcome: Outcome) -> None:
    """The tables and the verdict."""
    console.print(_faults(outcome))
    console.print(_messages(outcome))
    starts = ", ".join(f"{name} {count}" for name, count in outcome.starts.items())
    console.print(f"  starts of each process: {starts}")
    if outcome.settled_after is not None:
        console.print(f"  from the end of the faults to the last owed notice: {outcome.settled_after:.1f} s")
    twice = Counter(finding.what for finding in outcome.verdict.twice)
    console.print(f"  notices sent twice: {sum(twice.values())}")
    for why, count in twice.most_common():
        console.print(f"    {count} x {why}")
    for finding in outcome.findings[:MOST_SHOWN]:
        console.print(f"  FAILED  {finding.rule}: {finding.about} {finding.what}", style="red", highlight=False)
    if outcome.findings:
        rules = Counter(finding.rule for finding in outcome.findings)
        console.print(f"  {len(outcome.findings)} findings, seed {plan.seed}: {dict(rules)}", style="red")
    else:
        console.print("  every promise was kept", style="green")


def _faults(outcome: Outcome) -> Table:
    table = Table("fault", "injected", title="faults", title_justify="left")
    counted = Counter(strike.fault for strike in outcome.story.strikes)
    for fault, count in counted.most_common():
        table.add_row(str(fault), str(count))
    table.add_row("all", str(counted.total()), style="bold")
    return table


def _messages(outcome: Outcome) -> Table:
    table = Table("sent as", "sent", "accepted", title="messages", title_justify="left")
    messages = outcome.story.messages.values()
    for way, count in Counter(message.way for message in messages).most_common():
        taken = sum(1 for message in messages if message.way is way and message.is_taken)
        table.add_row(str(way), str(count), str(taken))
    taken = sum(1 for message in messages if message.is_taken)
    table.add_row("all", str(len(messages)), f"{taken} in {outcome.referrals} referrals", style="bold")
    return table
