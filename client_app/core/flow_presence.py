"""Rows of presence: the question, who pressed, the screen, and signals of AnyDesk that contradict each other.

Rules: the technician's side is told before anything ends. A press that was not made at this computer is written down
once and changes nothing. A locked screen makes no session longer: it only brings the question nearer.
"""

from dataclasses import replace

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.effects import Effect
from client_app.core.errors import ErrorCode
from client_app.core.flow_closing import close
from client_app.core.flow_table import Outcome, go, row, stay
from client_app.core.presence import (
    ANSWER_SECONDS,
    PRESENCE_SECONDS,
    WARNING_SECONDS,
    Clock,
    InputOrigin,
    PresenceAnswer,
    ScreenState,
)
from client_app.core.session import EndedBy, Phase, Session

OPEN_SESSION = frozenset({Phase.STARTING, Phase.WAITING, Phase.CONNECTED})

_ANSWER_CLOCKS = (Clock.PRESENCE_WARNING, Clock.PRESENCE_ANSWER)


# --- the question -------------------------------------------------------------------------------------------------


def begin(session: Session) -> tuple[Effect, ...]:
    """Return the effects with which somebody who has just connected is watched; none when it is so already.

    Letting somebody in takes a press at this computer, so the time runs anew with every connection.
    """
    if session.phase is Phase.CONNECTED:
        return ()
    return (do.StartClock(Clock.PRESENCE, _until_asked(session)),)


def end(session: Session) -> tuple[Session, tuple[Effect, ...]]:
    """Return the session in which nobody is asked any more, because nobody is connected, and what to stop."""
    stops = tuple(do.StopClock(clock) for clock in (Clock.PRESENCE, *_ANSWER_CLOCKS))
    return replace(session, presence=session.presence.settled()), stops


def clock_ran_out(session: Session, event: ev.ClockRanOut) -> Outcome:
    """Return what follows when a clock of presence runs out."""
    presence = session.presence
    if session.phase is not Phase.CONNECTED:
        return stay(session)
    if event.clock is Clock.PRESENCE and not presence.is_asked:
        asked = presence.asked(event.at, _answer_seconds(session))
        return stay(session, do.TellTechnician("presence_asked"), *_answer_clocks(session), presence=asked)
    if event.clock is Clock.PRESENCE_WARNING and presence.is_asked:
        return stay(session, do.TellTechnician("presence_unanswered"))
    if event.clock is Clock.PRESENCE_ANSWER and presence.is_asked:
        noted = presence.noted(event.at, InputOrigin.UNKNOWN, PresenceAnswer.UNANSWERED)
        return close(replace(session, presence=noted), EndedBy.ABSENCE, ErrorCode.PRESENCE_MISSED)
    return stay(session)


@row(Phase.CONNECTED, ev.PresenceConfirmed)
def _confirmed(session: Session, event: ev.PresenceConfirmed) -> Outcome:
    presence = session.presence
    if not presence.is_asked:
        return stay(session)
    if event.origin is InputOrigin.INJECTED:
        return _not_counted(session, event.at)
    noted = presence.noted(event.at, event.origin, PresenceAnswer.CONFIRMED).settled()
    stops = tuple(do.StopClock(clock) for clock in _ANSWER_CLOCKS)
    again = do.StartClock(Clock.PRESENCE, _until_asked(session))
    return stay(session, do.TellTechnician("presence_confirmed"), *stops, again, presence=noted)


@row(Phase.CONNECTED, ev.PresenceExtended)
def _extended(session: Session, event: ev.PresenceExtended) -> Outcome:
    presence = session.presence
    if not presence.is_asked or presence.extensions_left <= 0:
        return stay(session)
    if event.origin is InputOrigin.INJECTED:
        return _not_counted(session, event.at)
    noted = presence.noted(event.at, event.origin, PresenceAnswer.EXTENDED)
    longer = noted.asked(event.at, _answer_seconds(session))
    longer = replace(longer, extensions_left=presence.extensions_left - 1)
    return stay(session, do.TellTechnician("presence_extended"), *_answer_clocks(session), presence=longer)


def _not_counted(session: Session, at: str) -> Outcome:
    presence = session.presence
    if presence.wants_own_press:
        # One line for a question: a flood of presses must not push anything else out of the record.
        return stay(session)
    noted = presence.noted(at, InputOrigin.INJECTED, PresenceAnswer.NOT_COUNTED)
    told = do.TellTechnician("presence_not_counted")
    return stay(session, told, presence=replace(noted, wants_own_press=True))


def _until_asked(session: Session) -> int:
    seconds = session.case.presence_seconds if session.case else PRESENCE_SECONDS
    # Behind a locked screen nobody watches: the question comes as soon as one could have been answered.
    return min(seconds, _answer_seconds(session)) if session.screen.is_away else seconds


def _answer_seconds(session: Session) -> int:
    return session.case.presence_answer_seconds if session.case else ANSWER_SECONDS


def _answer_clocks(session: Session) -> tuple[Effect, ...]:
    seconds = _answer_seconds(session)
    # A short time to answer (a company may choose one) is warned of in its middle.
    warn_in = max(seconds - WARNING_SECONDS, seconds // 2)
    return (
        do.StartClock(Clock.PRESENCE_WARNING, warn_in),
        do.StartClock(Clock.PRESENCE_ANSWER, seconds),
    )


# --- the screen ---------------------------------------------------------------------------------------------------


@row(OPEN_SESSION, ev.ScreenChanged)
def _screen_changed(session: Session, event: ev.ScreenChanged) -> Outcome:
    before, now = session.screen, event.state
    after = replace(session, screen=now)
    if now is ScreenState.LOGGED_OFF:
        closing, wanted = close(after, EndedBy.LOGGED_OFF)
        return closing, (*wanted, do.TellTechnician("logged_off"))
    if now.is_away == before.is_away:
        return stay(after)
    told = do.TellTechnician("screen_locked" if now.is_away else "screen_unlocked")
    if session.phase is not Phase.CONNECTED or session.presence.is_asked:
        return stay(after, told)
    # Back at the screen the question comes at once: whoever unlocked it, nobody watched meanwhile.
    return stay(after, told, do.StartClock(Clock.PRESENCE, _until_asked(after) if now.is_away else 0))


@row(tuple(phase for phase in Phase if phase not in OPEN_SESSION), ev.ScreenChanged)
def _screen_noted(session: Session, event: ev.ScreenChanged) -> Outcome:
    return stay(session, screen=event.state)


# --- AnyDesk's signals --------------------------------------------------------------------------------------------


@row(OPEN_SESSION, ev.SignalsDisagreed)
def _signals_disagreed(session: Session, event: ev.SignalsDisagreed) -> Outcome:
    told = () if session.signals_disagree else (do.TellTechnician("signals_disagree"),)
    after = replace(session, signals_disagree=True)
    if event.hides_peer and session.phase is Phase.CONNECTED:
        # Somebody was let in and AnyDesk's signals no longer say who it is.
        closing, wanted = close(after, EndedBy.UNKNOWN)
        return closing, (*wanted, *told)
    return stay(after, *told)


@row(OPEN_SESSION, ev.SignalsAgreed)
def _signals_agreed(session: Session, _event: ev.SignalsAgreed) -> Outcome:
    return stay(session, signals_disagree=False)


@row((Phase.WAITING, Phase.CONNECTED), ev.NetworkLost)
def _network_lost(session: Session, _event: ev.NetworkLost) -> Outcome:
    told = () if session.has_no_network else (do.TellTechnician("no_network"),)
    return stay(session, *told, has_no_network=True)


@row(Phase.STARTING, ev.NetworkLost)
def _no_number_yet(session: Session, _event: ev.NetworkLost) -> Outcome:
    return go(session, error=ErrorCode.ANYDESK_NO_NUMBER, has_no_network=True)


@row(OPEN_SESSION, ev.SettingsUnread)
def _settings_unread(session: Session, event: ev.SettingsUnread) -> Outcome:
    if not event.settings:
        return stay(session, unread_settings=())
    told = do.TellTechnician("settings_unknown", settings=event.settings)
    return stay(session, told, unread_settings=event.settings)
