"""The world outside the doors: rings, texts, mails, scans, fills in forms and types notes, all over the real wires."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
from selectolax.lexbor import LexborHTMLParser

from gateway.demo.relay import PretendRelay
from gateway.demo.twilio_sim import Action, TwilioSim, Webhook, write_wav

OPENS_A_MESSAGE = ("/twilio/voice/recorded", "/twilio/call-status")


class NotTaken(Exception):
    """A door did not take what was sent; says how it answered."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Something a door said yes to: sha256 of the bytes that went over the wire, and of each file among them.

    ``letters`` is how many letters are in it that one scan holds.
    """

    channel: str
    sha256: str
    files: tuple[str, ...] = ()
    letters: int = 1


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to send along."""

    name: str
    media_type: str
    content: bytes


class Outside:
    """Everybody who reaches the gateway. ``web`` has its origin as base; ``note_token`` is a call taker's."""

    def __init__(
        self, *, sim: TwilioSim, relay: PretendRelay, web: httpx.AsyncClient, smtp_port: int, mailbox: str,
        scan_dir: Path, note_token: str, organisation: str,
    ) -> None:  # fmt: skip
        self.sim, self.relay, self.organisation = sim, relay, organisation
        self._web, self._smtp_port, self._mailbox = web, smtp_port, mailbox
        self._scan_dir, self._note_token = scan_dir, note_token

    async def call(self, script: Sequence[Action], frm: str | None) -> Sent:
        """Ring, play the script and hang up; a caller who recorded nothing is told of by the end of the call."""
        call = await self.sim.call("/twilio/voice", script, frm)
        await self.sim.settle()
        hooks = [hook for hook in self.sim.sent if hook.params.get("CallSid") == call.sid]
        hook = next((h for path in OPENS_A_MESSAGE for h in hooks if path in h.url and _was_taken(h)), None)
        if hook is None:
            raise NotTaken("no webhook of the call was answered well")
        heard = [r for r in self.sim.recordings.values() if r.call_sid == call.sid]
        files = tuple(sha256_of(write_wav(recording.pcm)) for recording in heard)
        return Sent(channel="voicemail" if files else "phone", sha256=sha256_of(hook.body), files=files)

    async def text(self, words: str, frm: str, pictures: Sequence[File] = ()) -> Sent:
        """Text the gateway's number."""
        reply = await self.sim.sms("/twilio/sms", words, frm, [(one.media_type, one.content) for one in pictures])
        if reply is None or not reply.is_success:
            raise NotTaken(f"the text was answered {reply.status_code if reply else 'by nothing'}")
        hook = next(h for h in reversed(self.sim.sent) if h.kind == "sms" and h.params["From"] == frm)
        return Sent(channel="sms", sha256=sha256_of(hook.body), files=_digests(pictures))

    async def mail(self, mail: EmailMessage, enclosed: Sequence[File] = ()) -> Sent:
        """Send a mail to the gateway's mailbox."""
        for one in enclosed:
            kind, _, subtype = one.media_type.partition("/")
            mail.add_attachment(one.content, maintype=kind, subtype=subtype, filename=one.name)
        mail["To"] = self._mailbox
        body = mail.as_bytes(policy=policy.SMTP)
        sender = str(mail["From"]).rpartition("<")[2].rstrip(">")
        async with self._mail_server() as client:
            await client.sendmail(sender, [self._mailbox], body)
        return Sent(channel="email", sha256=sha256_of(body), files=_digests(enclosed))

    async def empty_form(self) -> bytes:
        """The form as Word, from the public pages."""
        answer = await self._web.get("/form.docx")
        if answer.status_code != httpx.codes.OK:
            raise NotTaken(f"the empty form was answered {answer.status_code}")
        return answer.content

    async def scan(self, name: str, content: bytes) -> Sent:
        """Put a finished scan into the folder, as a scanner does: written aside, then renamed."""
        aside = self._scan_dir / f"{name}.part"
        aside.write_bytes(content)
        aside.rename(self._scan_dir / name)
        return Sent(channel="letter", sha256=sha256_of(content), files=(sha256_of(content),))

    async def fill_in(self, answers: Mapping[str, str], files: Sequence[File] = ()) -> Sent:
        """Open the form, fill in some of it and send it, as a browser does."""
        page = await self._web.get("/report")
        token = LexborHTMLParser(page.text).css_first("input[name=token]")
        fields: list[tuple[str, tuple[str | None, bytes, str | None]]] = [
            (name, (None, words.encode(), None))
            for name, words in {"token": (token.attributes["value"] or "") if token else "", **answers}.items()
        ]
        fields += [("files", (one.name, one.content, one.media_type)) for one in files]
        request = self._web.build_request("POST", "/report", files=fields)
        body = await request.aread()
        answer = await self._web.send(request)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise NotTaken(f"the form was answered {answer.status_code}")
        return Sent(channel="web_form", sha256=sha256_of(body), files=_digests(files))

    async def note(self, note: Mapping[str, str | bool]) -> Sent:
        """Type a call taker's note."""
        body = json.dumps(note).encode()
        headers = {"Authorization": f"Bearer {self._note_token}", "Content-Type": "application/json"}
        answer = await self._web.post("/api/v1/notes", content=body, headers=headers)
        if answer.status_code != httpx.codes.CREATED:
            raise NotTaken(f"the note was answered {answer.status_code}")
        return Sent(channel="note", sha256=sha256_of(body))

    def _mail_server(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(hostname="127.0.0.1", port=self._smtp_port, local_hostname="mail.example.org")


def sha256_of(content: bytes) -> str:
    """64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def _digests(files: Sequence[File]) -> tuple[str, ...]:
    return tuple(sha256_of(one.content) for one in files)


def _was_taken(hook: Webhook) -> bool:
    return hook.status is not None and 200 <= hook.status < 300
