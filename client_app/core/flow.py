"""The flow as a pure function: `(session, event) -> (session, effects)`.

A pair of phase and event without a row means nothing and changes nothing; that is a rule, not an error, because late
answers and double clicks are normal.
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core import flow_consent, flow_documents, flow_reopen, flow_return, flow_session
from client_app.core.errors import ErrorCode
from client_app.core.flow_table import ROWS, Outcome
from client_app.core.session import BackupChoice, Control, Phase, Session, StopReason

__all__ = [
    "advance",
    "flow_consent",
    "flow_documents",
    "flow_reopen",
    "flow_return",
    "flow_session",
    "report_of",
]


def advance(session: Session, event: ev.Event) -> Outcome:
    """Return what the session becomes and what is to be done.

    Args:
        session: the present state.
        event: what happened.

    Returns:
        The next state and the effects in order. A `ReportStep` is added when what the console shows changes.
    """
    if isinstance(event, ev.Answer) and event.ticket != session.ticket:
        return session, ()
    after, effects = _handle(session, event)
    report = report_of(after)
    if report is not None and (session.case is None or report != report_of(session)):
        effects = (*effects, report)
    return after, effects


def _handle(session: Session, event: ev.Event) -> Outcome:
    if isinstance(event, ev.Started):
        if session.phase is Phase.RETURNING:
            return session, (do.ResumeSession(),)
        return session, (do.LoadDocuments(), do.StartLocalChecks())
    if isinstance(event, ev.LanguageChosen):
        return replace(session, language=event.language), ()
    if isinstance(event, ev.ActionFailed):
        # A file that could not be saved must not hide that AnyDesk may still run, nor take "try again" away.
        return (session if session.error is ErrorCode.NOT_CLOSED else replace(session, error=event.code)), ()
    handler = ROWS.get((session.phase, type(event)))
    return handler(session, event) if handler else (session, ())


def report_of(session: Session) -> do.ReportStep | None:
    """Return what the console is told of this state; None while there is no case to report to."""
    if session.case is None or session.phase in (Phase.CODE, Phase.JOINING, Phase.REOPEN_ASKING):
        # While a reopening is asked for the case is over at the backend, and its answer would say no more than that.
        return None
    if session.phase is Phase.STOPPED:
        reason = session.stop_reason.value if session.stop_reason else StopReason.REFUSED.value
        return do.ReportStep(f"stopped.{reason}", "done", session.error.value if session.error else "")
    if session.step is None:
        return None
    asks = (
        session.phase is Phase.COMPUTER
        and session.backup is BackupChoice.NONE
        and not session.no_backup_agreed
    )
    blocking = session.blocking_check
    code = session.error or (blocking.code if blocking else None)
    state = "problem" if code else "waiting" if session.phase in _WAITING else "shown"
    if session.phase is Phase.REMOVED:
        state = "done"
    return do.ReportStep(
        session.step.value, state, code.value if code else "", missing_controls(session), asks
    )


_WAITING = frozenset(
    {
        Phase.CHECKING_WORD,
        Phase.STORING,
        Phase.SENDING,
        Phase.OFFLINE,
        Phase.STARTING,
        Phase.WAITING,
        Phase.CLOSING,
        Phase.RESTARTING,
        Phase.REOPEN_CHECKING,
        Phase.REOPEN_STORING,
        Phase.REOPEN_SENDING,
        Phase.REOPEN_OFFLINE,
        Phase.REMOVING,
    }
)


def missing_controls(session: Session) -> tuple[str, ...]:
    """Return the names of what the customer has still to fill in or tick on this page."""
    if session.phase is Phase.WORD:
        return ("word",)
    if session.phase is Phase.DETAILS:
        return tuple(field.value for field in session.person.problems())
    if session.phase is Phase.TERMS:
        wanted: tuple[Control, ...] = (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE)
        return tuple(c.value for c in wanted if not session.ticked(c))
    if session.phase is Phase.COMPUTER and session.backup is None:
        return ("backup",)
    if session.phase is Phase.ORDER:
        return tuple(c.value for c in flow_consent.needed_ticks(session) if not session.ticked(c))
    return ()
