"""A restart of the computer, from the agreement to the return: one private file, one start at log-in, both once.

Rules: nothing is written or registered before the agreement lies in the outbox, and nothing after a press that does not
count. The file is deleted when it is read; what it says is believed only where statement, order, receipt and agreement
in the outbox say the same. Nothing of it is ever logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.returning import RestartSystem, Resumed, ReturnStart
from client_app.core.session import Act, ConsentView, InputOrigin, Session
from client_app.services import again, permission, return_file
from client_app.services.consent import ConsentService
from client_app.services.outbox import Outbox, Row
from client_app.services.return_file import ReturnNote
from client_app.services.run import JoinedCase, Run
from client_app.services.statement import case_view
from consent_record.canonical import decode_canonical, hash_of
from consent_record.case import CaseRules, check_case
from consent_record.codes import offline_code
from consent_record.errors import RecordError
from consent_record.fields import moment_of
from consent_record.records import Consent, Reopening, Restart, SessionEnd, SessionStart

_log = logging.getLogger(__name__)

CLOCK_SLACK_SECONDS = 300
"""A computer's clock may be set back a little when it starts; by more, the file is not of this restart."""


@dataclass(frozen=True)
class Own:
    """What this program brings along.

    Attributes:
        root_key: the pinned root, hexadecimal.
        rules: its limits of a session.
        return_seconds: how long after the agreement it may come back.
        start: what is registered for log-in.
        clock: aware.
    """

    root_key: str
    rules: CaseRules
    return_seconds: int
    start: ReturnStart
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class ReturningService:
    """`ReturningPort` over the outbox, one file and the system."""

    def __init__(
        self, run: Run, consent: ConsentService, outbox: Outbox, file: Path, system: RestartSystem, own: Own
    ) -> None:
        """Prepare; nothing is read or written.

        Args:
            run: of this program; `resume` makes it the run from before the restart.
            consent: stores the records.
            outbox: of this user.
            file: `Folders.return_file`.
            system: what only the system can do.
            own: what this program brings along.
        """
        self._run = run
        self._consent = consent
        self._outbox = outbox
        self._file = file
        self._system = system
        self._own = own

    @property
    def own_entry(self) -> str:
        """Name of this program's own entry for log-in."""
        return self._system.entry_name

    def prepare(self, session: Session, act: Act) -> None:
        """Store the agreement, write the file, register the start; see `ReturningPort.prepare`."""
        if act.origin is InputOrigin.INJECTED or session.consent is None:
            raise CustomerError(ErrorCode.RESTART_FAILED, "nobody at this computer agreed")
        case = self._run.confirmed_case()
        if case.signed is None:
            raise CustomerError(ErrorCode.RESTART_FAILED, "the case has no signed statement")
        restart_id, _hash = self._consent.store_restart(session, act)
        note = ReturnNote(
            run_id=self._run.run_id,
            nonce=self._run.nonce,
            token=case.token,
            case_secret=self._run.secret_or_none(),
            statement=case.signed,
            consent_id=session.consent.record_id,
            restart_id=restart_id,
            language=session.language,
        )
        try:
            return_file.write(self._file, note)
            self._system.register(self._own.start)
        except OSError as error:
            self.cancel()
            raise CustomerError(ErrorCode.RESTART_FAILED, f"return: {type(error).__name__}") from error
        _log.info("return_prepared")

    def note_press(self, session: Session, act: Act) -> None:
        """Store a press that does not count; nothing follows from it."""
        self._consent.store_restart(session, act)

    def cancel(self) -> None:
        """Delete the file and take the start at log-in back."""
        # Each on its own: what cannot be taken back must not keep the other.
        _quietly(lambda: return_file.delete(self._file))
        _quietly(self._system.unregister)

    def tidy(self) -> None:
        """Delete what an older restart left behind, once its time is over."""
        if return_file.is_older_than(self._file, self._own.return_seconds, self._own.clock()):
            self.cancel()

    def restart(self) -> None:
        """Restart the computer; see `ReturningPort.restart`."""
        try:
            self._system.restart()
        except OSError as error:
            _log.warning("restart_failed", extra={"error_type": type(error).__name__})
            raise CustomerError(ErrorCode.RESTART_FAILED, type(error).__name__) from error
        _log.info("restart_asked")

    def resume(self) -> Resumed:
        """Make this run the one from before the restart; see `ReturningPort.resume`."""
        try:
            note = return_file.take(self._file)
        except return_file.NoReturnError as error:
            raise self._refused(str(error)) from error
        finally:
            # The entry has done its work, and whatever the file was, it works once.
            self.cancel()
        try:
            return self._resumed(note)
        except (again.NotAgainError, RecordError) as error:
            raise self._refused(str(error)) from error
        except CustomerError as error:
            raise self._refused(error.detail) from error

    def _resumed(self, note: ReturnNote) -> Resumed:
        now = self._own.clock()
        history = self._outbox.of_run(note.run_id)
        consent_row, restart_row = _find(history, note.consent_id), _find(history, note.restart_id)
        self._check_restart(restart_row, consent_row, history, now)
        check_case(note.statement, root_key=self._own.root_key, nonce=note.nonce, now=now)
        statement = note.statement.statement
        case = JoinedCase(statement, hash_of(statement), (), note.token, note.statement)
        consent = decode_canonical(consent_row.record, Consent)
        if (consent.case_id, consent.statement_hash) != (case.case_id, case.statement_hash):
            raise again.NotAgainError("the order was made under another statement")
        ended = Run(system=self._run.system, client_version=self._run.client_version)
        ended.restore(note.run_id, note.nonce, case, note.case_secret)
        by_phone = permission.check_evidence(consent_row, ended, root_key=self._own.root_key)
        connected = _first_connection(history)
        seconds_left = self._own.rules.session_seconds
        view = case_view(case, self._own.rules)
        if connected:
            seconds_left = view.session_seconds - int((now - moment_of(connected)).total_seconds())
            if seconds_left <= 0:
                raise again.NotAgainError("the session's hours are over")
        self._run.restore(note.run_id, note.nonce, case, note.case_secret)
        shown = ConsentView(
            consent_row.record_id,
            consent_row.record_hash,
            offline_code(consent_row.record_hash),
            consent_row.receipt_id or None,
            consent_row.server_time or None,
            accepted_offline=by_phone or bool(consent_row.answer),
        )
        _log.info("returned")
        return Resumed(view, shown, note.language, connected, seconds_left)

    def _check_restart(self, row: Row, consent: Row, history: Sequence[Row], now: datetime) -> None:
        """The agreement in the outbox says when it was given, for which order, and whether it was used."""
        if not again.is_agreed_restart(row):
            raise again.NotAgainError("no restart was agreed to")
        agreed = again.read(row, Restart)
        if (agreed.consent_id, agreed.consent_hash) != (consent.record_id, consent.record_hash):
            raise again.NotAgainError("the restart belongs to another order")
        age = (now - moment_of(agreed.created_at)).total_seconds()
        if not -CLOCK_SLACK_SECONDS <= age <= self._own.return_seconds:
            raise again.NotAgainError("the time to come back is over")
        for found in history:
            if found.kind == "reopening" and again.read(found, Reopening).previous_record == row.record_hash:
                raise again.NotAgainError("the restart was come back from before")
        starts = [place for place, found in enumerate(history) if found.kind == "session_start"]
        if not starts or history.index(row) < starts[-1]:
            raise again.NotAgainError("the restart belongs to an earlier session")

    def _refused(self, detail: str) -> CustomerError:
        _log.warning("return_refused", extra={"reason": detail})
        return CustomerError(ErrorCode.RETURN_FAILED, detail)


def _quietly(undo: Callable[[], None]) -> None:
    try:
        undo()
    except OSError as error:
        _log.warning("return_not_cancelled", extra={"error_type": type(error).__name__})


def _find(history: Sequence[Row], record_id: str) -> Row:
    found = next((row for row in history if row.record_id == record_id), None)
    if found is None:
        raise again.NotAgainError("what it names is not in the outbox")
    return found


def _first_connection(history: Sequence[Row]) -> str:
    """Return when somebody was connected for the first time in a run.

    A session whose end was not written down (the power went off first) counts from its start.
    """
    times: list[str] = []
    is_open = False
    for row in history:
        if row.kind == "session_start":
            times.append(again.read(row, SessionStart).created_at)
            is_open = True
        elif row.kind == "session_end":
            # Its peers say it better than its start.
            if is_open:
                times.pop()
            is_open = False
            times += [peer.connected_at for peer in again.read(row, SessionEnd).peers]
    return min(times, default="")
