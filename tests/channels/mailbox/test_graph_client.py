"""Our side of Microsoft Graph, where the service asks us to wait in words that make no sense."""

from __future__ import annotations

import pytest

from channels.mailbox import CannotReach
from channels.mailbox.graph_client import LONGEST_AWAY, GraphClient
from channels.mailbox.graph_sign_in import Application, SignIn
from tests.channels.mailbox.graph_api import ADDRESS, CLIENT, SECRET, TENANT
from tests.channels.mailbox.graph_twin import GraphTwin


@pytest.mark.parametrize("asked", ["nan", "inf", "1e300", "99999999"])
async def test_nobody_waits_for_ever_because_he_was_asked_to(asked: str) -> None:
    async with GraphTwin() as twin:
        twin.faults.throttled, twin.faults.retry_after = 1, asked
        application = Application(tenant=TENANT, client_id=CLIENT, secret=SECRET, url=twin.url)
        client = GraphClient(application, SignIn(application))
        with pytest.raises(CannotReach, match="busy") as away:
            await client.json("GET", f"{client.api}/users/{ADDRESS}/mailFolders/inbox?$select=id")
        await client.close()
    assert away.value.wait_seconds <= LONGEST_AWAY
