"""Tasks around records: store, send, offline answer, the outbox's retries, and removing only when nothing is lost."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from client_app.core import events as ev
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import VerifiedReceipt
from client_app.core.services import Services
from client_app.core.session import RemovalView, Session, StopReason
from client_app.workers.tasks import Lane, TaskRunner

FIRST_TRY_SECONDS = 1.0


class ConsentWork:
    """Keeps the outbox moving. One lane stores, one sends: each keeps its order, and storing waits for no network."""

    def __init__(self, runner: TaskRunner, dispatch: Callable[[ev.Event], None], parent: QObject) -> None:
        self._runner = runner
        self._dispatch = dispatch
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._services: Services | None = None
        self._timer.timeout.connect(self._send_due)

    def stop(self) -> None:
        """No more retries; what is unsent stays in the outbox."""
        self._timer.stop()
        self._services = None

    def send_last(self, services: Services) -> None:
        """Send what is due before the program goes: it may never be started on this computer again.

        In the lane that stores, because that one is finished when the program ends and comes after what it stores.
        """
        self._runner.submit(Lane.STORING, services.consent.send_due)

    def pump(self, services: Services, seconds: float = 0.0) -> None:
        """Send what is due after `seconds`, and again for as long as something waits."""
        self._services = services
        self._timer.start(int(seconds * 1000))

    def store(self, services: Services, session: Session) -> None:
        """Store the order durably; nothing is sent by this."""
        self._runner.submit(
            Lane.STORING,
            lambda: services.consent.store_consent(session),
            lambda consent: self._dispatch(ev.ConsentStored(session.ticket, consent)),
            lambda error: self._dispatch(ev.TaskFailed(session.ticket, error.code)),
        )

    def send(self, services: Services, record_id: str, ticket: int) -> None:
        """Send the order now; later tries follow by themselves."""

        def failed(error: CustomerError) -> None:
            self._dispatch(ev.SendingFailed(ticket, error.code))
            self.pump(services, error.retry_after_seconds or FIRST_TRY_SECONDS)

        self._runner.submit(Lane.RECORDS, lambda: services.consent.send(record_id), self._received, failed)

    def check_answer(self, services: Services, session: Session, text_untrusted: str) -> None:
        """Check the eight digits of an offline acceptance."""
        record = session.reopening or session.consent
        if record is None:
            return
        record_id, ticket = record.record_id, session.ticket
        self._runner.submit(
            Lane.STORING,
            lambda: services.consent.check_answer(record_id, text_untrusted),
            lambda r: self._dispatch(
                ev.OfflineAccepted(ticket) if r.accepted else ev.OfflineRejected(ticket, r.tries_left)
            ),
            lambda error: self._dispatch(ev.ActionFailed(error.code)),
        )

    def store_refusal(self, services: Services, session: Session, reason: StopReason) -> None:
        """Store a refusal and send it when possible."""
        self._store(services, lambda: services.consent.store_refusal(session, reason))

    def store_end(self, services: Services, session: Session) -> None:
        """Store the end of the session with the closing facts, and send it when possible."""
        self._store(services, lambda: services.consent.store_session_end(session))

    def remove(self, services: Services, export_folder: str, ticket: int) -> None:
        """Remove the program when no record can be lost by it.

        Unsent records are sent first; what cannot be sent is saved in `export_folder`; without one nothing is
        removed.
        """

        def work() -> RemovalView:
            if services.consent.unsent():
                services.consent.send_due()
            if services.consent.unsent():
                if not export_folder:
                    raise CustomerError(ErrorCode.UNSENT_RECORDS)
                services.consent.export_unsent(Path(export_folder))
            services.returning.cancel()
            return services.removal.remove()

        def begin() -> None:
            self._timer.stop()
            self._runner.submit(
                Lane.RECORDS,
                work,
                lambda removal: self._dispatch(ev.Removed(removal)),
                lambda error: self._not_removed(services, error, ticket),
            )

        # What is still being stored counts among what is unsent.
        self._runner.submit(Lane.STORING, lambda: None, lambda _none: begin())

    def _not_removed(self, services: Services, error: CustomerError, ticket: int) -> None:
        self._dispatch(ev.TaskFailed(ticket, error.code))
        self.pump(services, FIRST_TRY_SECONDS)

    def _store(self, services: Services, work: Callable[[], None]) -> None:
        self._runner.submit(
            Lane.STORING,
            work,
            lambda _none: self.pump(services),
            lambda error: self._dispatch(ev.ActionFailed(error.code)),
        )

    def _send_due(self) -> None:
        services = self._services
        if services is not None:
            self._runner.submit(Lane.RECORDS, services.consent.send_due, self._on_sent, self._on_not_sent)

    def _on_sent(self, outcome: tuple[tuple[VerifiedReceipt, ...], float | None]) -> None:
        receipts, next_try = outcome
        for receipt in receipts:
            self._received(receipt)
        if next_try is not None and self._services is not None:
            self.pump(self._services, max(next_try, FIRST_TRY_SECONDS))

    def _on_not_sent(self, error: CustomerError) -> None:
        if self._services is not None and error.code.info.retryable:
            self.pump(self._services, error.retry_after_seconds or 10 * FIRST_TRY_SECONDS)

    def _received(self, receipt: VerifiedReceipt) -> None:
        self._dispatch(ev.ReceiptVerified(receipt.record_id, receipt.receipt_id, receipt.server_time))
