"""One connection to an IMAP server: each call blocks, and is meant for a thread of its own."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError, UnexpectedCommandStatusError
from imap_tools.utils import encode_folder

from channels.mailbox.contract import CannotFetch, CannotReach, Found, GoneMeanwhile
from channels.mailbox.imap_address import Hidden, ImapAddress
from channels.mailbox.imap_answers import body_in, found_in

CONNECT_LIMIT = 10.0  # seconds until it is given up that anybody is there
TIME_LIMIT = 30.0  # seconds a server may be silent in the midst of an answer
PIECE = 1024 * 1024  # bytes of a mail asked for at once


class ImapConnection:
    """Signed in, with its folder open; ``series`` is the folder's UIDVALIDITY.

    ``may_write`` False opens the folder so that nothing we do can change it.
    """

    def __init__(self, where: ImapAddress, *, may_write: bool, time_limit: float = TIME_LIMIT) -> None:
        self._where, self._may_write = where, may_write
        with _said_plainly():
            self._box = _connected(where)
        self._client: imaplib.IMAP4 = self._box.client
        self._idle_tag = b""
        self._client.sock.settimeout(time_limit)
        try:
            with _said_plainly():
                if where.hidden is Hidden.STARTTLS:
                    self._client.starttls(ssl.create_default_context())
                self._sign_in()
                self.series = self._opened()
        except BaseException:
            self.hang_up()
            raise

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of news by itself (RFC 2177)."""
        return "IDLE" in self._client.capabilities

    @property
    def socket(self) -> socket.socket:
        """On which news comes while we idle."""
        return self._client.sock

    def count(self) -> int:
        """How many mails lie in the folder."""
        with _said_plainly():
            return int(self._box.folder.status(self._where.folder, ["MESSAGES"])["MESSAGES"])

    def has(self, folder: str) -> bool:
        """Whether there is such a folder."""
        with _said_plainly():
            return bool(self._box.folder.exists(folder))

    def uids(self, above: int = 0) -> list[int]:
        """Of every mail there, the oldest first; with ``above``, of those that came after that one.

        News that comes with the answer or later is kept for ``begin_idle``: it may be of a mail not in this list.
        """
        with _said_plainly():
            self._client.untagged_responses.clear()
            found = self._box.uids(f"UID {above + 1}:*" if above else "ALL", charset=None)
        return sorted(uid for uid in map(int, found) if uid > above)  # * is the last one, even if it is not above

    def found(self, uids: Sequence[int]) -> list[Found]:
        """When each reached the folder, and its size; one that is gone by now is left out."""
        try:
            return self._told_of(uids)
        except CannotFetch:  # one broken mail hides none of the others
            return [found for uid in uids for found in self._alone(uid)]

    def piece(self, uid: str, start: int, *, is_extra: bool = False) -> bytes:
        """Up to a ``PIECE`` of a mail, without marking it as read; empty behind its end. Raises ``GoneMeanwhile``.

        ``is_extra``: it may have ended before, so that only a piece which says where it begins is one.
        """
        with _said_plainly():
            told = self._fetched(uid, f"(BODY.PEEK[]<{start}.{PIECE}>)")
        piece = body_in(told, start if is_extra else None)
        if piece is None:
            raise GoneMeanwhile
        return piece

    def mark_seen(self, uid: str) -> None:
        """As a person does by opening it. Nothing is expunged by it."""
        self._told("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uid: str, folder: str) -> None:
        """Into another folder, in one step or in such as lose nothing; only this one mail leaves the folder."""
        to = encode_folder(folder)
        capabilities = self._client.capabilities
        if "MOVE" in capabilities:
            self._told("MOVE", uid, to)
            return
        if "UIDPLUS" not in capabilities:
            raise CannotFetch("the server cannot move a single mail")
        self._told("COPY", uid, to)
        self._told("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        self._told("EXPUNGE", uid)

    def begin_idle(self) -> bool:
        """Ask for news; whether some came since the last list: with another answer, or with the server's consent."""
        with _said_plainly():
            self._idle_tag = self._client._command("IDLE")
            while self._client._get_response() is not None:
                if self._client.tagged_commands[self._idle_tag]:
                    raise imaplib.IMAP4.abort("no news by itself")
            return "EXISTS" in self._client.untagged_responses or self._has_more()

    def end_idle(self) -> None:
        """Commands may be given again."""
        with _said_plainly():
            self._client.send(b"DONE\r\n")
            self._box.consume_until_tagged_response(self._idle_tag)

    def hang_up(self) -> None:
        """From any thread: whoever waits for the server here stops waiting."""
        with contextlib.suppress(OSError):
            self._client.sock.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._client.shutdown()

    def _sign_in(self) -> None:
        where = self._where
        try:
            if where.user.isascii() and where.password.isascii() and "LOGINDISABLED" not in self._client.capabilities:
                self._box.login(where.user, where.password, initial_folder=None)
            else:
                self._box.login_utf8(where.user, where.password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnexpectedCommandStatusError):
            raise CannotReach("user or password are not accepted", is_refused=True) from None
        self._client._get_capabilities()

    def _opened(self) -> str:
        try:
            self._box.folder.set(self._where.folder, readonly=not self._may_write)
        except MailboxFolderSelectError:
            raise CannotReach("there is no such folder, or it may not be opened", is_refused=True) from None
        except imaplib.IMAP4.readonly:
            raise CannotReach("mails there may not be marked or moved by us", is_refused=True) from None
        told = self._client.response("UIDVALIDITY")[1]
        if not told or told[0] is None:
            raise CannotReach("the server gives mails no lasting numbers", is_refused=True)
        return str(int(told[0]))

    def _told_of(self, uids: Sequence[int]) -> list[Found]:
        with _said_plainly():
            return found_in(self._fetched(",".join(map(str, uids)), "(UID INTERNALDATE RFC822.SIZE)"))

    def _alone(self, uid: int) -> list[Found]:
        try:
            return self._told_of([uid])
        except CannotFetch:
            return [Found(id=str(uid), received_at=None)]

    def _fetched(self, uids: str, what: str) -> list[object]:
        status, answer = self._client.uid("FETCH", uids, what)
        if status != "OK":
            raise CannotFetch(f"the server answers {status}")
        return list(answer)

    def _told(self, command: str, *arguments: Any) -> None:
        with _said_plainly():
            status, _ = self._client.uid(command, *arguments)
        if status != "OK":
            raise CannotFetch(f"{command} is answered {status}")

    def _has_more(self) -> bool:
        """Whether more was read from the wire than was looked at: no news will come of that by itself."""
        limit = self._client.sock.gettimeout()
        self._client.sock.settimeout(0)
        try:
            kept = vars(self._client)  # under another name in later Pythons
            return bool((kept.get("_file") or kept["file"]).peek(1))
        except OSError:
            return False
        finally:
            self._client.sock.settimeout(limit)


def _connected(where: ImapAddress) -> BaseMailBox:
    if where.hidden is Hidden.AT_ONCE:
        return MailBox(where.host, where.port, timeout=CONNECT_LIMIT, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(where.host, where.port, timeout=CONNECT_LIMIT)


@contextlib.contextmanager
def _said_plainly() -> Iterator[None]:
    """What goes wrong on the wire, without the server's words: they may repeat a name or an address."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise CannotReach("its certificate is not one we trust", is_refused=True) from None
    except (OSError, imaplib.IMAP4.abort) as error:
        if isinstance(error, CannotReach):
            raise
        raise CannotReach(f"it does not answer ({type(error).__name__})") from None
    except (imaplib.IMAP4.error, UnexpectedCommandStatusError) as error:
        raise CannotReach(f"it answers what we do not understand ({type(error).__name__})") from None
