"""The pretend API answers in the shapes of the provider's own OpenAPI description, wherever that is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gateway.demo.twilio_sim import Press, Speak, TwilioSim, tone
from tests.gateway.demo.twilio_sim.sample_gateway import SID, SampleGateway

DESCRIPTION = Path(__file__).parents[5] / "shared" / "spec" / "twilio_api_v2010_subset.json"
BASE = f"/2010-04-01/Accounts/{SID}"
SMS = {"To": "+447700900123", "From": "+441632960000", "Body": "x"}
RING = SMS | {"Twiml": "<Response/>"}


@pytest.mark.skipif(not DESCRIPTION.exists(), reason="the provider's OpenAPI description is not on this machine")
async def test_answers_have_the_described_shapes(sim: TwilioSim, gateway: SampleGateway) -> None:
    reason = "openapi-core is not installed"
    openapi, testing = pytest.importorskip("openapi_core", reason=reason), pytest.importorskip("openapi_core.testing")
    api = openapi.OpenAPI.from_dict(json.loads(DESCRIPTION.read_text()))
    await sim.call("/voice/start", [Press("2"), Speak(tone(1)), Press("#")])
    await sim.sms("/sms/in", "x", media=[("image/png", b"1")])
    await sim.settle()
    text = (await gateway.http.post(sim.url + BASE + "/Messages.json", data=SMS)).json()["sid"]
    call = (await gateway.http.post(sim.url + BASE + "/Calls.json", data=RING)).json()["sid"]
    (recording,), (incoming,) = sim.recordings, sim.incoming
    asked = [("POST", "/Messages.json", SMS), ("POST", "/Calls.json", RING)]
    asked += [("POST", f"/IncomingPhoneNumbers/{sim.ours.sid}.json", {"VoiceMethod": "GET"})]
    listed = [
        "/IncomingPhoneNumbers",
        "/Messages",
        "/Calls",
        "/Recordings",
        f"/Messages/{incoming}/Media",
        f"/Calls/{call}/Recordings",
    ]
    single = [f"/Messages/{text}", f"/Messages/{incoming}", f"/Calls/{call}", f"/Recordings/{recording}"]
    single += [f"/IncomingPhoneNumbers/{sim.ours.sid}"]
    asked += [("GET", path + ".json", {}) for path in listed + single]
    for method, path, data in asked:
        reply = await gateway.http.request(method, sim.url + BASE + path, data=data)
        request = testing.MockRequest("https://api.twilio.com", method.lower(), BASE + path)
        api.validate_response(
            request, testing.MockResponse(reply.content, reply.status_code, content_type="application/json")
        )
