"""Carries out the flow's effects: one session, events in, effects out, answers back as events.

The controller decides nothing. It turns each effect into a task or a timer and each outcome into an event; what follows
from it stands in the flow's table.
"""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from client_app.core import effects as do
from client_app.core import events as ev
from client_app.core.errors import CustomerError
from client_app.core.flow import advance
from client_app.core.services import Services
from client_app.core.session import CheckKind, CheckResult, CheckState, Phase, Session
from client_app.workers.anydesk_work import AnyDeskWork, now
from client_app.workers.clocks import Clocks
from client_app.workers.consent_work import ConsentWork
from client_app.workers.reporter import Reporter
from client_app.workers.return_work import ReturnWork
from client_app.workers.tasks import Lane, TaskRunner

_log = logging.getLogger(__name__)

QUIET_PHASES = frozenset(
    {Phase.CODE, Phase.JOINING, Phase.FINISHED, Phase.REMOVING, Phase.REMOVED, Phase.STOPPED}
)
"""Phases in which the technician's side has nothing to decide."""

LEAVE_LIMIT_SECONDS = 5.0


class Controller(QObject):
    """Owns the session. All public methods belong to the window's thread."""

    session_changed = Signal(object)
    services_ready = Signal()
    leave_requested = Signal()

    def __init__(
        self, session: Session, build_services: Callable[[], Services], parent: QObject | None = None
    ) -> None:
        """Prepare; nothing is started before `start`.

        Args:
            session: the first state.
            build_services: builds the ports; runs on a worker thread, because it loads the heavy libraries.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.session = session
        self.services: Services | None = None
        self.runner = TaskRunner(self)
        self.reporter = Reporter(self.runner, self._on_status, self)
        self._build_services = build_services
        self._waiting: list[Callable[[Services], None]] = []
        self._checking: set[CheckKind] = set()
        self._clocks = Clocks(lambda clock: self.dispatch(ev.ClockRanOut(clock, now())), self)
        self._consent = ConsentWork(self.runner, self.dispatch, self)
        self._anydesk = AnyDeskWork(self.runner, self.dispatch, lambda: self.session, self._consent.pump)
        self._returning = ReturnWork(
            self.runner, self.dispatch, lambda: self.session, self._consent.pump, self
        )
        self._handlers: dict[type[do.Effect], Callable[[do.Effect], None]] = {
            do.LoadDocuments: lambda e: self._with_services(self._load_documents),
            do.StartLocalChecks: lambda e: self._with_services(
                lambda s: self._run_checks(s, s.checks.local())
            ),
            do.StartAnyDeskChecks: lambda e: self._with_services(
                lambda s: self._run_checks(s, s.checks.after_terms())
            ),
            do.JoinCase: self._join,
            do.CheckWord: self._check_word,
            do.StoreConsent: lambda e: self._with_services(lambda s: self._consent.store(s, self.session)),
            do.SendConsent: self._send_consent,
            do.CheckOfflineAnswer: self._check_answer,
            do.StartAnyDesk: self._start_anydesk,
            do.CloseAnyDesk: self._close_anydesk,
            do.RecordRefusal: self._record_refusal,
            do.RecordSession: lambda e: self._with_services(
                lambda s: self._consent.store_end(s, self.session)
            ),
            do.PrepareRestart: self._prepare_restart,
            do.NoteRestartPress: self._note_restart_press,
            do.RestartComputer: lambda e: self._with_services(self._returning.restart),
            do.CancelReturn: lambda e: self._with_services(self._returning.cancel),
            do.ResumeSession: lambda e: self._with_services(self._returning.resume),
            do.OfferReopening: self._offer_reopening,
            do.AskReopening: lambda e: self._with_services(self._returning.ask),
            do.StoreReopening: self._store_reopening,
            do.StartClock: self._start_clock,
            do.StopClock: self._stop_clock,
            do.PlanRemoval: lambda e: self._with_services(self._plan_removal),
            do.Remove: self._remove,
            do.SendRating: lambda e: self.reporter.tell(
                do.TellTechnician("rating"), getattr(e, "stars", None)
            ),
            do.TellTechnician: self._tell,
            do.ReportStep: self._report,
            do.Leave: lambda e: self.leave_requested.emit(),
        }

    # --- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the heavy half on a worker thread; call it after the first paint."""
        self.dispatch(ev.Started())
        self.runner.submit(Lane.GENERAL, self._build_services, self._on_services, self._on_services_failed)

    def dispatch(self, event: ev.Event) -> None:
        """Let an event happen: the flow says what the session becomes and what is to be done."""
        before = self.session
        self.session, effects = advance(before, event)
        if self.session.phase is not before.phase:
            _log.info("phase", extra={"phase": self.session.phase.value})
        self.reporter.poll(self.session.phase not in QUIET_PHASES and self.session.word_confirmed)
        for effect in effects:
            self._handlers[type(effect)](effect)
        if self.session != before:
            self.session_changed.emit(self.session)

    def shut_down(self) -> bool:
        """End AnyDesk if it may still run, send what is due for a moment, stop the threads. True when all ended."""
        self._clocks.stop_all()
        self._consent.stop()
        if self.services is not None:
            self.services.checks.stop()
            self._anydesk.end_now(self.services)
            self._returning.shut_down(self.services)
            self._consent.send_last(self.services)
        return self.runner.shut_down(LEAVE_LIMIT_SECONDS)

    def _on_services(self, services: Services) -> None:
        self.services = services
        self.reporter.connect_backend(services.backend)
        self._consent.pump(services)
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call(services)
        self.services_ready.emit()

    def _on_services_failed(self, error: CustomerError) -> None:
        self.dispatch(ev.ActionFailed(error.code))

    def _with_services(self, call: Callable[[Services], None]) -> None:
        if self.services is None:
            self._waiting.append(call)
        else:
            call(self.services)

    # --- before the order ---------------------------------------------------------------------------------------

    def _load_documents(self, services: Services) -> None:
        self.runner.submit(
            Lane.GENERAL,
            services.backend.load_documents,
            lambda documents: self.dispatch(ev.DocumentsLoaded(documents)),
            lambda error: self.dispatch(ev.DocumentsFailed(error.code)),
        )

    def _run_checks(self, services: Services, kinds: tuple[CheckKind, ...]) -> None:
        for kind in kinds:
            # One that still runs (AnyDesk on a slow network, say) is not started a second time.
            if kind not in self._checking:
                self._run_check(services, kind)

    def _run_check(self, services: Services, kind: CheckKind) -> None:
        def show_progress(fetched: int, to_fetch: int) -> None:
            result = CheckResult(kind, CheckState.RUNNING, fetched=fetched, to_fetch=to_fetch)
            self.runner.deliver(lambda: self.dispatch(ev.CheckFinished(result)))

        def finish(result: CheckResult) -> None:
            self._checking.discard(kind)
            self.dispatch(ev.CheckFinished(result))

        self._checking.add(kind)
        self.dispatch(ev.CheckFinished(CheckResult(kind, CheckState.RUNNING)))
        self.runner.submit(
            Lane.GENERAL,
            lambda: services.checks.run(kind, show_progress),
            finish,
            lambda error: finish(CheckResult(kind, CheckState.BLOCKING, error.code)),
        )

    def _join(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.JoinCase)
        code, ticket, language = effect.code, self.session.ticket, self.session.language
        self._with_services(
            lambda s: self.runner.submit(
                Lane.GENERAL,
                lambda: s.backend.join(code, language),
                lambda case: self.dispatch(ev.CaseJoined(ticket, case)),
                lambda error: self.dispatch(ev.TaskFailed(ticket, error.code)),
            )
        )

    def _check_word(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.CheckWord)
        word, ticket = effect.word, self.session.ticket
        self._with_services(
            lambda s: self.runner.submit(
                Lane.GENERAL,
                lambda: s.backend.check_word(word),
                lambda r: self.dispatch(
                    ev.WordConfirmed(ticket, r.details) if r.right else ev.WordWrong(ticket)
                ),
                lambda error: self.dispatch(ev.TaskFailed(ticket, error.code)),
            )
        )

    # --- order, session, end ------------------------------------------------------------------------------------

    def _send_consent(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.SendConsent)
        self._with_services(lambda s: self._consent.send(s, effect.record_id, self.session.ticket))

    def _check_answer(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.CheckOfflineAnswer)
        self._with_services(lambda s: self._consent.check_answer(s, self.session, effect.text_untrusted))

    def _start_anydesk(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.StartAnyDesk)
        self._with_services(lambda s: self._anydesk.start(s, effect.record_id))

    def _close_anydesk(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.CloseAnyDesk)
        self._with_services(lambda s: self._anydesk.close(s, effect.by))

    def _record_refusal(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.RecordRefusal)
        session = self.session
        self._with_services(lambda s: self._consent.store_refusal(s, session, effect.reason))

    # --- once more ----------------------------------------------------------------------------------------------

    def _prepare_restart(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.PrepareRestart)
        self._with_services(lambda s: self._returning.prepare(s, effect.act))

    def _note_restart_press(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.NoteRestartPress)
        self._with_services(lambda s: self._returning.note_press(s, effect.act))

    def _offer_reopening(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.OfferReopening)
        self._returning.offer(effect.seconds)

    def _store_reopening(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.StoreReopening)
        self._with_services(lambda s: self._returning.store_reopening(s, effect.act, effect.reason))

    def _start_clock(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.StartClock)
        self._clocks.start(effect.clock, effect.seconds)

    def _stop_clock(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.StopClock)
        self._clocks.stop(effect.clock)

    # --- removal ------------------------------------------------------------------------------------------------

    def _plan_removal(self, services: Services) -> None:
        self.runner.submit(
            Lane.GENERAL,
            services.removal.plan,
            lambda removal: self.dispatch(ev.RemovalPlanned(removal)),
            lambda error: self.dispatch(ev.ActionFailed(error.code)),
        )

    def _remove(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.Remove)
        ticket = self.session.ticket
        self._with_services(lambda s: self._consent.remove(s, effect.export_folder, ticket))

    # --- the console --------------------------------------------------------------------------------------------

    def _tell(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.TellTechnician)
        self.reporter.tell(effect)

    def _report(self, effect: do.Effect) -> None:
        assert isinstance(effect, do.ReportStep)
        self.reporter.report(effect)

    def _on_status(self, status: object) -> None:
        frozen = getattr(status, "frozen", False)
        ended = getattr(status, "end_requested", False)
        agreed = getattr(status, "no_backup_agreed", False)
        self.dispatch(ev.StatusReceived(agreed, ended, frozen))
        asked_at = getattr(status, "restart_requested", "")
        if asked_at:
            self.dispatch(ev.RestartRequested(asked_at))
