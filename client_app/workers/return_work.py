"""Tasks around a restart and around opening again: agreed, prepared, restarted, come back, asked, stored.

What is prepared and what is taken back go through the lane that stores: one thread keeps their order, and the program
does not end before it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer

from client_app.core import events as ev
from client_app.core.returning import Resumed
from client_app.core.services import Services
from client_app.core.session import Act, Phase, ReopenReason, Session
from client_app.workers.tasks import Lane, TaskRunner


class ReturnWork:
    """Between the returning port and the flow."""

    def __init__(
        self,
        runner: TaskRunner,
        dispatch: Callable[[ev.Event], None],
        session: Callable[[], Session],
        record_stored: Callable[[Services], None],
        parent: QObject,
    ) -> None:
        """Prepare.

        Args:
            runner: of the tasks.
            dispatch: lets an event happen.
            session: the present state.
            record_stored: called when a record lies in the outbox and can be sent.
            parent: Qt parent of the timer.
        """
        self._runner = runner
        self._dispatch = dispatch
        self._session = session
        self._record_stored = record_stored
        self._over = QTimer(parent)
        self._over.setSingleShot(True)
        self._over.setTimerType(Qt.TimerType.CoarseTimer)
        self._over.timeout.connect(lambda: self._dispatch(ev.ReopenOver()))

    def prepare(self, services: Services, act: Act) -> None:
        """Store the agreement and prepare the return."""
        session = self._session()

        def done(_none: None) -> None:
            self._record_stored(services)
            self._dispatch(ev.RestartReady())

        self._runner.submit(
            Lane.STORING,
            lambda: services.returning.prepare(session, act),
            done,
            lambda error: self._dispatch(ev.RestartNotReady(error.code)),
        )

    def note_press(self, services: Services, act: Act) -> None:
        """Store a press that does not count."""
        session = self._session()
        self._runner.submit(
            Lane.STORING,
            lambda: services.returning.note_press(session, act),
            lambda _none: self._record_stored(services),
            lambda error: self._dispatch(ev.ActionFailed(error.code)),
        )

    def cancel(self, services: Services) -> None:
        """The program must not come back."""
        self._runner.submit(Lane.STORING, services.returning.cancel)

    def restart(self, services: Services) -> None:
        """Restart the computer, after everything that is being stored is stored."""
        self._runner.submit(
            Lane.STORING,
            services.returning.restart,
            None,
            lambda error: self._dispatch(ev.RestartFailed(error.code)),
        )

    def resume(self, services: Services) -> None:
        """Read and check what was written before the restart."""

        def done(found: Resumed) -> None:
            self._dispatch(
                ev.Returned(
                    found.case, found.consent, found.language, found.connected_before, found.seconds_left
                )
            )

        self._runner.submit(
            Lane.STORING,
            services.returning.resume,
            done,
            lambda error: self._dispatch(ev.ReturnFailed(error.code)),
        )

    def offer(self, seconds: int) -> None:
        """Let the session be opened again for so long."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._over.start(seconds * 1000)
        self._dispatch(ev.ReopenOffered(until.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))

    def ask(self, services: Services) -> None:
        """Ask for a new round of the word, after the end of the session is known to the backend."""
        ticket = self._session().ticket

        def work() -> tuple[str, ...]:
            services.consent.send_due()
            return services.backend.ask_reopening(*services.consent.last_end())

        self._runner.submit(
            Lane.RECORDS,
            work,
            lambda words: self._dispatch(ev.ReopenWordsCame(ticket, words)),
            lambda error: self._dispatch(ev.TaskFailed(ticket, error.code)),
        )

    def store_reopening(self, services: Services, act: Act, reason: ReopenReason) -> None:
        """Store durably that AnyDesk is to be started once more; nothing is sent by this."""
        session = self._session()
        self._runner.submit(
            Lane.STORING,
            lambda: services.consent.store_reopening(session, act, reason),
            lambda view: self._dispatch(ev.ReopeningStored(session.ticket, view)),
            lambda error: self._dispatch(ev.TaskFailed(session.ticket, error.code)),
        )

    def shut_down(self, services: Services) -> None:
        """Any end of the program but the one that waits for the restart is an end of the return as well."""
        self._over.stop()
        if self._session().phase is not Phase.RESTARTING:
            self.cancel(services)
