"""An IMAP server that says what a test wrote down: for what real servers do now and then, and not when asked to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

WELL = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK done\r\n",
    "LOGIN": "{tag} OK [CAPABILITY IMAP4rev1 IDLE] done\r\n",
    "EXAMINE": "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ids\r\n{tag} OK [READ-ONLY] done\r\n",
    "SELECT": "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ids\r\n{tag} OK [READ-WRITE] done\r\n",
    "UID SEARCH": "* SEARCH 1 2\r\n{tag} OK done\r\n",
    "UID FETCH": "{tag} OK done\r\n",
    "IDLE": "+ idling\r\n",
    "DONE": "{idle} OK done\r\n",
}


@asynccontextmanager
async def scripted_imap(**answers: str) -> AsyncIterator[int]:
    """The port of a server with these answers, ``UID_FETCH_1`` being that to a command that begins ``UID FETCH 1``.

    The longest beginning counts; an empty answer hangs up. Each answer is one packet.
    """
    script = WELL | {command.replace("_", " "): answer for command, answer in answers.items()}

    talks = set[asyncio.Task[None]]()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(_converse(script, reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*talks)


async def _converse(script: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n")
    idle = ""
    with suppress(ConnectionError):
        while line := (await reader.readline()).decode().strip():
            tag, _, command = ("", "", line) if line == "DONE" else line.partition(" ")
            idle = tag if command == "IDLE" else idle
            if not (answer := _answer(script, command)):
                break
            writer.write(answer.replace("{tag}", tag).replace("{idle}", idle).encode())
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def _answer(script: Mapping[str, str], command: str) -> str:
    known = max((each for each in script if command.startswith(each)), key=len, default="")
    return script.get(known, "{tag} BAD unknown\r\n")
