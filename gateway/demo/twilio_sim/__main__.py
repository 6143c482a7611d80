"""The pretend provider's command line: place one call, send one text, or serve the REST API until interrupted."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from gateway.demo.twilio_sim.caller import parse_script
from gateway.demo.twilio_sim.simulator import CALLER, TOKEN, TwilioSim


async def run(args: argparse.Namespace) -> None:
    """Run one command."""
    async with TwilioSim(args.gateway, public=args.public, token=args.token, port=args.port, speed=args.speed) as sim:
        sim.faults.recording_delay, sim.faults.failure_rate = args.recording_delay, args.failure_rate
        sim.faults.lose_responses, sim.faults.bad_signature = args.lose_responses, args.bad_signature
        if args.command == "call":
            frm = args.sender if args.sender != "withheld" else None
            call = await sim.call(args.path or "/twilio/voice", parse_script(args.script), frm)
            print("ended by", call.ended_by, f"after {call.now:.1f} s;", *call.heard, *call.warnings, sep="\n  ")
        elif args.command == "sms":
            media = [("image/png", path.read_bytes()) for path in args.media]
            await sim.sms(args.path or "/twilio/sms", args.body, args.sender, media)
        else:
            print(f"listening on {sim.url} for account {sim.account}", flush=True)
            await asyncio.Event().wait()
        await sim.settle()
        for hook in sim.sent:
            print(hook.status, hook.error, hook.kind, hook.method, hook.url)


def parser() -> argparse.ArgumentParser:
    """The arguments and their defaults."""
    out = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    out.add_argument("command", choices=["call", "sms", "serve"])
    out.add_argument("--gateway", default="http://127.0.0.1:8000", help="where the gateway listens")
    out.add_argument("--public", default="", help="its public URL, used in signatures, if that differs")
    out.add_argument("--path", default="", help="webhook path; empty: /twilio/voice for a call, /twilio/sms for a text")
    out.add_argument("--script", default="silent:5,hangup", help="caller: " + (parse_script.__doc__ or ""))
    out.add_argument("--sender", default=CALLER, help="caller's number, or 'withheld'")
    out.add_argument("--body", default="Test", help="text of an SMS")
    out.add_argument("--media", type=Path, nargs="*", default=[], help="PNG files to attach")
    out.add_argument("--token", default=TOKEN, help="auth token shared with the gateway")
    out.add_argument("--port", type=int, default=4020, help="port of the simulated REST API")
    out.add_argument("--speed", type=float, default=50, help="call seconds played per real second")
    out.add_argument("--recording-delay", type=float, default=0.0, help="seconds a recording answers 404")
    out.add_argument("--failure-rate", type=float, default=0.0, help="share of texts that end undelivered")
    out.add_argument("--lose-responses", type=int, default=0, help="webhook replies to drop and retry")
    out.add_argument("--bad-signature", action="store_true", help="sign with the wrong token")
    return out


def main() -> None:
    """Parse the arguments and run until done or interrupted."""
    try:
        asyncio.run(run(parser().parse_args()))
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
