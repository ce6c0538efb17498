"""Watching a running AnyDesk: one thread that sleeps until a log changes, the guardian speaks or an answer comes.

Rule: in steady state nothing is polled but the status, rarely; a question to AnyDesk never holds up the trace.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, HowAccepted
from client_app.core.anydesk_system import ChangeWaiter, DataPlaces, ProcessIdentity
from client_app.core.errors import ErrorCode
from client_app.services.anydesk.answers import Status, is_number, read_number, read_status
from client_app.services.anydesk.picture import (
    OwnNumber,
    Picture,
    ProcessSignal,
    Signal,
    StatusSignal,
    advance,
)
from client_app.services.anydesk.settings import UnreadableSettingsError, read_settings
from client_app.services.anydesk.settings_watch import SettingsWatch
from client_app.services.anydesk.tails import Tails
from client_app.services.guardian.client import GuardianClient
from client_app.services.guardian.protocol import Message, Question, Report

_log = logging.getLogger(__name__)

LATE_SECONDS = 10.0
"""After this time without a network AnyDesk is said to have none."""
HOPELESS_SECONDS = 45.0
"""An AnyDesk whose own service is still not running after this time is over; a slow computer needs up to half of it."""
ASK_AGAIN_SECONDS = 1.0
"""Until a service that is said not to run is asked for again."""
ASK_STARTING_SECONDS = 0.4
ASK_LATE_SECONDS = 3.0
ASK_READY_SECONDS = 20.0
ASK_CONNECTED_SECONDS = 120.0
_PASS_SECONDS = 0.05
_SETTLE_SECONDS = 1.0


class Watcher:
    """Follows one run of AnyDesk until it is stopped.

    Args:
        guardian: holds the run.
        tails: made before the start, so that old lines are not taken for new ones.
        places: where the settings are, for the number while AnyDesk does not answer.
        waiter: for changes in these places.
        technician_numbers: who may be connected.
        on_event: called from this thread.
        cut: ends AnyDesk at once; called from this thread before a stranger or the end of AnyDesk is reported.
        had_password: whether a password for access without the customer was set before; None: not known.
        members: looks which processes of AnyDesk there are; called when the state changes, never in between.
    """

    def __init__(
        self,
        guardian: GuardianClient,
        tails: Tails,
        places: DataPlaces,
        waiter: ChangeWaiter,
        technician_numbers: frozenset[str],
        on_event: Callable[[AnyDeskEvent], None],
        cut: Callable[[], None],
        had_password: bool | None = None,
        members: Callable[[], tuple[ProcessIdentity, ...]] = tuple,
    ) -> None:
        self._guardian, self._tails, self._places, self._waiter = guardian, tails, places, waiter
        self._technicians, self._on_event, self._cut = technician_numbers, on_event, cut
        self._members, self._settings = members, SettingsWatch(places, had_password)
        self._inbox: queue.SimpleQueue[Signal] = queue.SimpleQueue()
        self._picture = Picture()
        self._stopped = threading.Event()
        self._begun = time.monotonic()
        self._asking = False
        self._ask_at = self._begun
        self._thread = threading.Thread(target=self._run, name="anydesk-watch", daemon=True)

    @property
    def number(self) -> str:
        """This computer's number, "" while unknown."""
        return self._picture.number

    def begin(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Ends the thread; it delivers no event after this returns, unless it is called from an event."""
        self._stopped.set()
        self._waiter.wake()
        if threading.current_thread() is not self._thread:
            self._thread.join(seconds)

    def last_look(self) -> None:
        """Reads the logs once more when AnyDesk has ended and the thread too: who was in is told, however shortly."""
        before = self._picture
        self._picture, events = advance(before, self._gather())
        present = (
            AnyDeskEvent(AnyDeskState.CONNECTED, before.number, call.peer, conflict=call.conflict)
            for call in before.calls
            if call.is_connected
        )
        for event in (*present, *events):
            if event.state is AnyDeskState.CONNECTED and event.left_by is None:
                self._on_event(replace(event, is_stranger=self._is_stranger(event)))

    def guardian_said(self, report: Report | None, _message: Message) -> None:
        """Takes a report of the guardian, None for its death; from any thread."""
        if report in (None, Report.MAIN_ENDED, Report.ALL_ENDED):
            self._inbox.put(ProcessSignal(is_guardian_lost=report is None))
            self._waiter.wake()

    # --- the thread -----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._follow()
        except Exception as error:  # noqa: BLE001 - whatever it is: an AnyDesk that nobody watches must not go on
            _log.error("watch_failed", extra={"error_type": type(error).__name__})
            self._cut()
            if not self._stopped.is_set():
                code = ErrorCode.GUARDIAN_LOST
                self._on_event(AnyDeskEvent(AnyDeskState.UNGUARDED, self._picture.number, error=code))
        finally:
            self._waiter.close()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self._deliver(self._gather())
            if self._picture.gone is not None or self._is_cut_for_a_password():
                return
            self._ask_if_due()
            if not self._tails.has_more:
                self._waiter.wait(max(0.0, self._ask_at - time.monotonic()))
            if self._waiter.has_ended():
                # One of its helpers is gone: a session's own, which is normal, or the service that holds it all.
                self._ask_at = time.monotonic()
            # Several lines are written for one change: take them together.
            self._stopped.wait(_PASS_SECONDS)

    def _is_cut_for_a_password(self) -> bool:
        """End AnyDesk when somebody set a password for access without the customer: nothing good needs one."""
        if not self._settings.has_new_password() or self._stopped.is_set():
            return False
        self._cut()
        number, error = self._picture.number, ErrorCode.ANYDESK_UNSAFE
        self._on_event(AnyDeskEvent(AnyDeskState.GONE, number, conflict="a password was set", error=error))
        self._stopped.set()
        return True

    def _gather(self) -> list[Signal]:
        signals = self._tails.read()
        while not self._inbox.empty():
            signals.append(self._inbox.get())
        return signals

    def _deliver(self, signals: list[Signal]) -> None:
        if not signals:
            return
        picture, events = advance(self._picture, signals)
        deadline = time.monotonic() + _SETTLE_SECONDS
        # Somebody is in and the line with the number has not been seen yet: look a moment longer before judging.
        while _is_unnumbered(picture) and time.monotonic() < deadline and not self._stopped.is_set():
            self._waiter.wait(_PASS_SECONDS)
            signals += self._gather()
            picture, events = advance(self._picture, signals)
        is_other = picture.state is not self._picture.state
        self._picture = picture
        if is_other and picture.state in (AnyDeskState.READY, AnyDeskState.CONNECTED):
            for identity in self._members():
                self._waiter.follow(identity)
        for event in events:
            if self._stopped.is_set():
                return
            is_stranger = self._is_stranger(event)
            is_intruder = is_stranger and event.state is AnyDeskState.CONNECTED
            # Without its window a portable AnyDesk has ended; helpers that stay may still hold the connection.
            is_over = event.state in (AnyDeskState.GONE, AnyDeskState.UNGUARDED) or is_intruder
            if is_over:
                self._cut()
            self._on_event(replace(event, is_stranger=is_stranger))
            if is_over:
                self._stopped.set()

    def _is_stranger(self, event: AnyDeskEvent) -> bool:
        peer = event.peer
        if peer is None or event.left_by is not None:
            return False
        if peer.is_flagged or (peer.number and peer.number not in self._technicians):
            return event.state in (AnyDeskState.ASKING, AnyDeskState.CONNECTED)
        uninvited = peer.number not in self._technicians or peer.how in (
            HowAccepted.PASSWORD,
            HowAccepted.TOKEN,
        )
        # A contradiction about the peer leaves it without a number; one about AnyDesk's status is not about the peer.
        return event.state is AnyDeskState.CONNECTED and uninvited

    # --- questions ------------------------------------------------------------------------------------------------

    def _is_late(self) -> bool:
        return time.monotonic() - self._begun > LATE_SECONDS

    def _ask_if_due(self) -> None:
        if self._asking or time.monotonic() < self._ask_at:
            return
        self._asking = True
        if self._picture.number:
            self._guardian.ask_later(Question.STATUS, partial(self._answered, Question.STATUS))
        else:
            self._guardian.ask_later(Question.NUMBER, partial(self._answered, Question.NUMBER))
        self._ask_at = time.monotonic() + ASK_CONNECTED_SECONDS

    def _answered(self, question: Question, answer: Message | None) -> None:
        """An answer came, on the guardian's reading thread."""
        status = read_status(answer)
        if question is Question.NUMBER:
            number = read_number(answer)
            if not number and status is Status.NO_ANSWER:
                number = self._written_number()
            is_denied = status is Status.NOT_RUNNING
            unknown = self._status(status if is_denied else Status.NOT_YET)
            self._inbox.put(OwnNumber(number) if number else unknown)
        else:
            self._inbox.put(self._status(status))
        is_up = status is not Status.NOT_RUNNING
        self._ask_at = time.monotonic() + (self._pause() if is_up else ASK_AGAIN_SECONDS)
        self._asking = False
        self._waiter.wake()

    def _status(self, status: Status) -> StatusSignal:
        is_hopeless = time.monotonic() - self._begun > HOPELESS_SECONDS
        return StatusSignal(status, self._is_late(), is_hopeless)

    def _written_number(self) -> str:
        """AnyDesk does not answer: the number that it wrote into its settings serves."""
        try:
            settings = read_settings(self._places) or {}
        except UnreadableSettingsError:
            return ""
        number = settings.get("ad.anynet.id", "")
        return number if is_number(number) else ""

    def _pause(self) -> float:
        if self._picture.calls:
            return ASK_CONNECTED_SECONDS
        if self._picture.state is AnyDeskState.READY:
            return ASK_READY_SECONDS
        return ASK_LATE_SECONDS if self._is_late() else ASK_STARTING_SECONDS


def _is_unnumbered(picture: Picture) -> bool:
    return any(call.is_connected and not call.numbers for call in picture.calls)
