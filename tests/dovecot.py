"""A Dovecot of a test's own: a real IMAP server on 127.0.0.1, with its mail, users and processes in a folder.

`with dovecot() as server:` starts it; `server.kill()` ends it as a crash does, `server.start()` starts it again on the
same port. A test puts mail in, moves and reads it by `server.someone()`, a client like that of any member of staff.
"""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

USER = "referrals@northshire.example"
PASSWORD = "a,pass/word@ 1"
START_SECONDS = 20
TRIES = 3
MEMORY = Path("/dev/shm")
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
{encryption}
disable_plaintext_auth = no
auth_failure_delay = 0
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mailbox_list_index = no
mail_fsync = never
imap_capability = {capability}
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={internal} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


class DovecotFailed(Exception):
    """It did not start; carries what it wrote down."""


def dovecot_program() -> str | None:
    """Where it is; Debian puts it where only administrators look."""
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")


class Dovecot:
    """One server. ``capability`` other than empty is all it says it can, such as one without IDLE.

    With a ``certificate``, a PEM file with its key, it also takes TLS, at ``tls_port`` from the start.
    """

    def __init__(self, folder: Path, *, capability: str = "", certificate: Path | None = None) -> None:
        self.port, self.tls_port = _free_port(), _free_port() if certificate else 0
        self.folder, self._capability, self._certificate = folder, capability, certificate
        (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
        self._write_configuration()

    def url(self, folder: str = "INBOX", *, password: str = PASSWORD, query: str = "") -> str:
        """What FRONTDOOR_IMAP says."""
        user = f"{quote(USER, safe='')}:{quote(password, safe='')}"
        return f"imap://{user}@127.0.0.1:{self.port}/{quote(folder)}{query}"

    def start(self) -> None:
        """Listening when this returns."""
        with (self.folder / "said").open("w") as said:  # no pipe: its processes hold on to what they are given
            command = [str(dovecot_program()), "-c", str(self.folder / "conf")]
            ended = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and not ended.returncode:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as peer:
                if peer.recv(4) == b"* OK":
                    return
            time.sleep(0.05)
        raise DovecotFailed("".join(path.read_text() for path in self.folder.iterdir() if path.name in ("said", "log")))

    def kill(self) -> None:
        """All of it at once, whatever it is at."""
        with suppress(FileNotFoundError, ProcessLookupError):
            master = int((self.folder / "run" / "master.pid").read_text())
            children = subprocess.run(
                ["ps", "-o", "pid=", "--ppid", str(master)], check=False, capture_output=True, text=True
            )
            for process in [master, *map(int, children.stdout.split())]:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        (self.folder / "run" / "master.pid").unlink(missing_ok=True)

    @contextmanager
    def someone(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Another client of the same mailbox, in that folder."""
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(USER, PASSWORD)
            client.select(folder)
            yield client

    def put(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None, seen: bool = False) -> None:
        """Mails come into a folder, at that time if one is given."""
        when = imaplib.Time2Internaldate((at or datetime.now(UTC)).astimezone(UTC))
        with self.someone() as client:
            for mail in mails:
                client.append(folder, r"(\Seen)" if seen else None, when, mail)

    def fill(self, *mails: bytes, at: datetime) -> None:
        """Many mails lie there that came at that time, put where the server keeps them."""
        folder = self.folder / "mail" / USER / "cur"
        with self.someone():
            pass  # which makes the folder
        for number, mail in enumerate(mails):
            place = folder / f"{int(at.timestamp())}.{number}.old,S={len(mail)}:2,"
            place.write_bytes(mail)
            os.utime(place, (at.timestamp(), at.timestamp()))
            shutil.chown(place, folder.owner(), folder.group())

    def flags(self, folder: str = "INBOX") -> Sequence[str]:
        """Of each mail there, by number."""
        with self.someone(folder) as client:
            _, lines = client.fetch("1:*", "(FLAGS)")
        return [line.decode() for line in lines if isinstance(line, bytes)]

    def make_anew(self, folder: str = "INBOX") -> None:
        """The index is lost: every mail gets another id, and the folder another UIDVALIDITY."""
        place = self.folder / "mail" / USER / ("" if folder == "INBOX" else f".{folder}")
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (place / name).unlink(missing_ok=True)

    def _write_configuration(self) -> None:
        is_root = os.getuid() == 0
        own = pwd.getpwuid(os.getuid())
        users = (
            {"internal": "dovecot", "login": "dovenull"}
            if is_root
            else dict.fromkeys(("internal", "login"), own.pw_name)
        )
        group = "dovecot" if is_root else grp.getgrgid(own.pw_gid).gr_name
        words = CONFIGURATION.format(
            folder=self.folder, port=self.port, tls_port=self.tls_port, group=group, capability=self._capability,
            encryption=self._encryption(), **users,
        )  # fmt: skip
        (self.folder / "conf").write_text(words)
        if is_root:
            shutil.chown(self.folder / "mail", "dovecot", "dovecot")
            self.folder.chmod(0o755)

    def _encryption(self) -> str:
        if self._certificate is None:
            return "ssl = no"
        pem = shutil.copy(self._certificate, self.folder / "pem")
        return f"ssl = yes\nssl_cert = <{pem}\nssl_key = <{pem}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def dovecot(*, capability: str = "", certificate: Path | None = None) -> Iterator[Dovecot]:
    """A server that runs until the end of the block; its folder has a short name, as its sockets must."""
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="dovecot-", dir=memory, ignore_cleanup_errors=True) as folder:
        server = _started(Path(folder), capability=capability, certificate=certificate)
        try:
            yield server
        finally:
            server.kill()


def _started(folder: Path, *, capability: str, certificate: Path | None) -> Dovecot:
    """Another process may take a port between its being found free and the server's taking it."""
    for tried in range(TRIES):
        place = folder / str(tried)
        place.mkdir()
        folder.chmod(0o755)
        server = Dovecot(place, capability=capability, certificate=certificate)
        try:
            server.start()
        except DovecotFailed:
            server.kill()
            if tried + 1 == TRIES:
                raise
        else:
            return server
    raise DovecotFailed
