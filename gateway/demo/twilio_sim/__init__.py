"""A pretend telephony provider: it calls, texts and webhooks a gateway, and answers its REST requests.

Loopback only. Call time is virtual: ``speed=50`` plays one second of call in 20 ms. Every webhook sent is kept in
``TwilioSim.sent``, every text the gateway sent in ``TwilioSim.messages``, every call in ``TwilioSim.calls``.
"""

from gateway.demo.twilio_sim.asked import Asked
from gateway.demo.twilio_sim.call import Call
from gateway.demo.twilio_sim.caller import Action, HangUp, Press, Silent, Speak, parse_script
from gateway.demo.twilio_sim.fates import DELIVERED, STUCK, UNHEARD, WAITING, Fate, failing, refusing
from gateway.demo.twilio_sim.faults import Faults
from gateway.demo.twilio_sim.line import WITHHELD
from gateway.demo.twilio_sim.records import CallRecord, Recording, Text
from gateway.demo.twilio_sim.simulator import TwilioSim
from gateway.demo.twilio_sim.sound import read_wav, tone, write_wav
from gateway.demo.twilio_sim.webhooks import Webhook

__all__ = [
    "DELIVERED",
    "STUCK",
    "UNHEARD",
    "WAITING",
    "WITHHELD",
    "Action",
    "Asked",
    "Call",
    "CallRecord",
    "Fate",
    "Faults",
    "HangUp",
    "Press",
    "Recording",
    "Silent",
    "Speak",
    "Text",
    "TwilioSim",
    "Webhook",
    "failing",
    "parse_script",
    "read_wav",
    "refusing",
    "tone",
    "write_wav",
]
