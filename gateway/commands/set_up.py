"""What is set up beside the telephone, a line for each part."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channels.mailed_voicemail import CARRIER
from gateway import sending_state, wording_rules, working_days
from gateway.by_notify import faults_of
from gateway.core import Core
from gateway.scanning import Clamd, ScannerAway
from gateway.settings import Settings
from transcription.worker import model_state


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line: ``ok``, ``look``, ``wrong`` or ``unseen`` (cannot be seen from here), and what to do about it."""

    state: str
    part: str
    what: str
    to_do: str = ""

    @property
    def is_well(self) -> bool:
        """Whether nothing has to be done: what cannot be seen is not held against anybody."""
        return self.state in ("ok", "unseen")

    def lines(self) -> Iterator[str]:
        """As it is printed."""
        yield f"{self.state:<7}{self.part}: {self.what}"
        if self.to_do:
            yield f"       -> {self.to_do}"


async def everything_else(core: Core) -> Sequence[Row]:
    """Database, model, relay, scans, GOV.UK Notify where it is used, notices, wordings and bank holidays."""
    return [*_findings(core), *await _scanner(core.settings), *await _notify(core.settings), *_kept_and_worded(core)]


def _row(is_well: bool, part: str, what: str) -> Row:
    return Row(state="ok" if is_well else "look", part=part, what=what)


def _findings(core: Core) -> Iterator[Row]:
    settings = core.settings
    yield _row(
        True, "database", f"{'SQLite in the data folder' if core.database.is_sqlite else 'PostgreSQL'}, up to date"
    )
    state = model_state(settings.speech_model, settings.data_dir / "models", settings.speech_engine)
    yield _row(state.is_ready, f"speech model {settings.speech_model}", state.why or "ready")
    can_mail = "email" in settings.notify_media
    without = "mail goes by GOV.UK Notify" if can_mail else "not set: FRONTDOOR_MAIL_RELAY"
    yield _row(
        bool(settings.mail_relay) or can_mail, "mail relay for notices", "set" if settings.mail_relay else without
    )
    yield from _mailed_voicemail(settings)
    yield from _scans(settings)


def _mailed_voicemail(settings: Settings) -> Iterator[Row]:
    """Nothing is said of it where no telephone system mails us anything."""
    if not (settings.voicemail_mailbox or settings.voicemail_senders):
        return
    what = f"recordings come; {CARRIER.title} has no {', no '.join(CARRIER.lacks())}"
    if settings.voicemail_senders:
        yield Row(state="ok", part="voicemail by mail", what=what)
        return
    to_do = "set FRONTDOOR_VOICEMAIL_FROM: without it no caller is told by text, for anybody may write to that mailbox"
    yield Row(state="look", part="voicemail by mail", what=what, to_do=to_do)


def _scans(settings: Settings) -> Iterator[Row]:
    """A folder that files cannot leave is worked all the same: they stay there. Of mail only where scanners mail."""
    folder = settings.scan_dir
    if folder is None:
        yield _row(False, "scan folder", "not set: FRONTDOOR_SCAN_DIR")
    elif not folder.is_dir():
        yield _row(False, "scan folder", "it is not there: FRONTDOOR_SCAN_DIR")
    else:
        can_leave = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
        yield _row(can_leave, "scan folder", "set" if can_leave else "files in it cannot be read and taken out")
    if settings.scan_mailbox or settings.scanners:
        known = bool(settings.scanners)
        what = "each file is post" if known else "anybody may mail post to it: FRONTDOOR_SCAN_FROM"
        yield _row(known, "scans by mail", what)


async def _scanner(settings: Settings) -> Sequence[Row]:
    """Nothing is said of a virus scanner where none is set."""
    if not settings.clamd:
        return ()
    try:
        return (_row(True, "virus scanner", await Clamd(settings.clamd).version()),)
    except ScannerAway:
        return (_row(False, "virus scanner", "cannot be asked at FRONTDOOR_CLAMD: files are marked once it is back"),)


async def _notify(settings: Settings) -> Sequence[Row]:
    """Nothing is said of GOV.UK Notify where it is not used; where it is, it is asked."""
    if not settings.notify_api_key:
        return ()
    faults = await faults_of(settings)
    carries = ", ".join(sorted(settings.notify_media)) or "nothing"
    what = "; ".join(faults) or "its key and templates are in order"
    return (_row(not faults, f"GOV.UK Notify for {carries}", what),)


def _kept_and_worded(core: Core) -> Iterator[Row]:
    with core.database.reading() as session:
        unset = sending_state.not_set_up(session)
    yield _row(not unset, "notices", "; ".join(unset) or "none waits for something that is not set up")
    broken = wording_rules.faults(core.words)
    yield _row(not broken, "wording", "; ".join(map(str, broken)) or "every notice says what it must")
    warning = working_days.calendar_warning(core.clock().date())
    yield _row(warning is None, "bank holidays", warning or "known for more than a year ahead")
