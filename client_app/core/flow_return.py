"""Rows of a restart of the computer: asked, agreed, closed, restarted, and coming back after log-in.

Rules: each restart is agreed on its own, and a press that another program made is written down and changes nothing.
The computer restarts only when AnyDesk was closed and is not known to be open. After it nothing starts by itself: the
customer presses "Continue help" first.
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.flow_consent import stopped
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.session import (
    Clock,
    Control,
    EndedBy,
    InputOrigin,
    Phase,
    ReopenReason,
    RestartStage,
    Session,
    StopReason,
)

_OPEN = (Phase.STARTING, Phase.WAITING, Phase.CONNECTED)
_MAY_BE_ASKED = (Phase.WAITING, Phase.CONNECTED)
_IS_ASKED = (RestartStage.ASKED, RestartStage.INJECTED)


# --- asked and agreed ---------------------------------------------------------------------------------------------


@row(_MAY_BE_ASKED, ev.RestartAskedHere)
def _asked_here(session: Session, _event: ev.RestartAskedHere) -> Outcome:
    if session.restart is not RestartStage.NONE:
        return stay(session)
    return stay(session, restart=RestartStage.ASKED, restart_requested="")


@row(_MAY_BE_ASKED, ev.RestartRequested)
def _asked_on_the_console(session: Session, event: ev.RestartRequested) -> Outcome:
    # The console's wish stands in every answer of the backend until it hears of ours: one wish is shown once.
    if session.restart is not RestartStage.NONE or event.at in ("", session.restart_answered):
        return stay(session)
    return stay(session, restart=RestartStage.ASKED, restart_requested=event.at)


@row(_OPEN, ev.RestartDeclined)
def _declined(session: Session, _event: ev.RestartDeclined) -> Outcome:
    if session.restart not in _IS_ASKED:
        return stay(session)
    told = do.TellTechnician("restart_declined")
    return stay(session, told, restart=RestartStage.NONE, restart_answered=_answered(session))


@row(_OPEN, ev.RestartAgreed)
def _agreed(session: Session, event: ev.RestartAgreed) -> Outcome:
    if session.restart not in _IS_ASKED or event.act.control is not Control.RESTART:
        return stay(session)
    if event.act.origin is InputOrigin.INJECTED:
        # One line in the record is enough for a flood of presses.
        note = (do.NoteRestartPress(event.act),) if session.restart is RestartStage.ASKED else ()
        return stay(session, *note, restart=RestartStage.INJECTED)
    prepare = do.PrepareRestart(event.act)
    return stay(session, prepare, restart=RestartStage.AGREED, restart_answered=_answered(session))


@row(_OPEN, ev.RestartNotReady)
def _not_ready(session: Session, event: ev.RestartNotReady) -> Outcome:
    told = do.TellTechnician("restart_failed", code=event.code.value)
    return go(session, None, told, restart=RestartStage.NONE, error=event.code)


@row(_OPEN, ev.RestartReady)
def _ready(session: Session, _event: ev.RestartReady) -> Outcome:
    if session.restart is not RestartStage.AGREED:
        return stay(session, do.CancelReturn())
    past = session.past_peers if session.peer is None else (*session.past_peers, session.peer)
    # Local first, as for every end.
    effects = (
        do.CloseAnyDesk(EndedBy.RESTART),
        *(do.StopClock(clock) for clock in Clock),
        do.TellTechnician("restarting"),
    )
    return go(
        session,
        Phase.CLOSING,
        *effects,
        ended_by=EndedBy.RESTART,
        peer=None,
        asking=None,
        past_peers=past,
        presence=session.presence.settled(),
    )


@row((Phase.CLOSING, Phase.FINISHED, Phase.STOPPED, Phase.REMOVING), ev.RestartReady)
def _ready_too_late(session: Session, _event: ev.RestartReady) -> Outcome:
    # Something else ended the session meanwhile: then nothing comes back.
    return stay(session, do.CancelReturn())


def _answered(session: Session) -> str:
    return session.restart_requested or session.restart_answered


# --- closed and restarted -----------------------------------------------------------------------------------------


def closed(session: Session, event: ev.AnyDeskClosed) -> Outcome | None:
    """Return what follows on the closing before a restart; None where the session just ends.

    Args:
        session: closing, with `ended_by` RESTART.
        event: the measured facts.
    """
    after = replace(session, closing=event.facts)
    if after.is_known_open or session.error is not None or session.stop_reason is not None:
        return None
    effects = (do.RecordSession(), do.TellTechnician("closed_proven"), do.RestartComputer())
    return go(after, Phase.RESTARTING, *effects)


@row(Phase.RESTARTING, ev.RestartFailed)
def _not_restarted(session: Session, event: ev.RestartFailed) -> Outcome:
    # The return stays prepared: a restart by hand serves as well.
    return go(session, None, do.TellTechnician("restart_failed", code=event.code.value), error=event.code)


@row(Phase.RESTARTING, ev.RetryPressed)
def _restart_again(session: Session, _event: ev.RetryPressed) -> Outcome:
    return go(session, None, do.RestartComputer()) if session.error is not None else stay(session)


@row(Phase.RESTARTING, ev.EndPressed, ev.RefusePressed)
def _no_restart_after_all(session: Session, _event: ev.Event) -> Outcome:
    effects = (do.CancelReturn(), do.TellTechnician("ended"), do.PlanRemoval())
    return go(session, Phase.FINISHED, *effects, restart=RestartStage.NONE)


@row(Phase.RESTARTING, ev.NotThemPressed)
def _not_them_while_restarting(session: Session, _event: ev.NotThemPressed) -> Outcome:
    effects = (do.CancelReturn(), do.TellTechnician("not_them"), do.PlanRemoval())
    return go(session, Phase.FINISHED, *effects, restart=RestartStage.NONE, stop_reason=StopReason.NOT_THEM)


@row(Phase.RESTARTING, ev.NextPressed, ev.WindowCloseConfirmed)
def _leave_to_restart(session: Session, _event: ev.Event) -> Outcome:
    return stay(session, do.Leave())


# --- coming back --------------------------------------------------------------------------------------------------


@row(Phase.RETURNING, ev.Returned)
def _returned(session: Session, event: ev.Returned) -> Outcome:
    clock = (do.StartClock(Clock.SESSION, event.seconds_left),) if event.connected_before else ()
    return go(
        session,
        Phase.RETURNED,
        do.TellTechnician("returned"),
        *clock,
        case=event.case,
        consent=event.consent,
        language=event.language,
        word_confirmed=True,
        connected_before=event.connected_before,
        connected_once=bool(event.connected_before),
    )


@row(Phase.RETURNING, ev.ReturnFailed)
def _not_returned(session: Session, event: ev.ReturnFailed) -> Outcome:
    return _ended(session, event.code)


@row(Phase.RETURNING, ev.WindowCloseConfirmed)
def _leave_before_the_return(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    return stay(session, do.Leave())


@row(Phase.RETURNED, ev.ContinuePressed)
def _continue(session: Session, event: ev.ContinuePressed) -> Outcome:
    if event.act.control is not Control.CONTINUE:
        return stay(session)
    # An injected press counts: AnyDesk does not run after the restart; the record says how it was pressed.
    store = do.StoreReopening(event.act, ReopenReason.RESTART)
    return go(session, Phase.REOPEN_STORING, store, ticket=session.ticket + 1)


@row(Phase.RETURNED, ev.EndPressed, ev.RefusePressed)
def _not_continued(session: Session, _event: ev.Event) -> Outcome:
    return _ended(session, None, do.TellTechnician("ended"))


@row(Phase.RETURNED, ev.ClockRanOut)
def _time_over(session: Session, event: ev.ClockRanOut) -> Outcome:
    if event.clock is not Clock.SESSION:
        return stay(session)
    return _ended(session, ErrorCode.RETURN_FAILED, do.TellTechnician("ended"))


@row(Phase.RETURNED, ev.StatusReceived)
def _status_after_return(session: Session, event: ev.StatusReceived) -> Outcome:
    if event.frozen:
        return _ended(session, ErrorCode.CASE_FROZEN)
    if event.end_requested:
        return _ended(session, ErrorCode.CASE_ENDED, do.TellTechnician("ended"))
    return stay(session)


@row(Phase.RETURNED, ev.NotThemPressed)
def _not_them_after_return(session: Session, _event: ev.NotThemPressed) -> Outcome:
    return stopped(session, StopReason.NOT_THEM, do.TellTechnician("not_them"))


@row(Phase.RETURNED, ev.WindowCloseConfirmed)
def _closed_after_return(session: Session, _event: ev.WindowCloseConfirmed) -> Outcome:
    return stay(session, do.TellTechnician("ended"), do.Leave())


def _ended(session: Session, code: ErrorCode | None, *effects: do.Effect) -> Outcome:
    changes = {"stop_reason": StopReason.NOT_RETURNED, "error": code}
    return go(session, Phase.STOPPED, do.StopClock(Clock.SESSION), *effects, do.PlanRemoval(), **changes)
