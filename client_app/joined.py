"""Joins window and controller: intents to the flow, sessions to the window, papers to files. Loaded after the paint."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from client_app import bootstrap
from client_app.core import events as ev
from client_app.core.config import Brand
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.receipt_text import Closing
from client_app.core.services import Services
from client_app.core.session import DocumentText, Phase, Session
from client_app.desk import Desk
from client_app.options import Options
from client_app.services.saving import save
from client_app.workers.controller import Controller
from client_app.workers.garbage import WindowThreadCollector
from client_app.workers.tasks import Lane

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard

_log = logging.getLogger(__name__)


class Joined(QObject):
    """Window and controller of one run.

    Signals:
        ready: the services are there. left: the flow has ended and the window is closed.
    """

    ready = Signal()
    left = Signal()

    def __init__(self, options: Options, brand: Brand, wizard: HelpWizard) -> None:
        super().__init__()
        self._options = options
        self._brand = brand
        self._wizard = wizard
        self._built: bootstrap.Built | None = None
        self._desk: Desk | None = None
        self._collector = WindowThreadCollector(self)
        self.controller = Controller(self._first_session(), self._build, self)
        self.controller.session_changed.connect(wizard.render)
        self.controller.services_ready.connect(self._on_services_ready)
        self.controller.services_ready.connect(self.ready)
        self.controller.leave_requested.connect(self._on_leave)
        wizard.intent.connect(self.controller.dispatch)
        wizard.save_document_requested.connect(self._on_save_document)
        wizard.print_document_requested.connect(self._on_print_document)
        wizard.save_receipt_requested.connect(self._on_save_receipt)

    def _first_session(self) -> Session:
        phase = Phase.RETURNING if self._options.is_return else Phase.CODE
        return Session(language=self._wizard.translator.language, phase=phase)

    def start(self, early: list[ev.Event]) -> None:
        """Show the flow's first state, play what was done before it was there, and start the work."""
        self._wizard.render(self.controller.session)
        self.controller.start()
        for event in early:
            self.controller.dispatch(event)

    def shut_down(self) -> bool:
        """End what runs and let go of log and lock; True when everything ended in time."""
        if self._desk is not None:
            self._desk.leave()
        ended = self.controller.shut_down()
        if self._built is not None:
            self._built.let_go()
        self._collector.stop()
        return ended

    def report_crash(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log where it happened and show a code; nothing of the error's text is written or shown."""
        _log.error("crash", exc_info=(kind, error, trace))
        self.controller.dispatch(ev.ActionFailed(ErrorCode.INTERNAL))

    def _build(self) -> Services:
        company = bootstrap.Company(self._options.company)
        options = self._options
        self._built = bootstrap.build(
            self._brand, company, options.data, self._translators, options.installed
        )
        return self._built.services

    def _on_services_ready(self) -> None:
        if self._built is not None:
            self._desk = Desk(self._wizard, self.controller, self._built.anydesk_folder, self)

    def _translators(self, language: str) -> Callable[[str], str]:
        from client_app.ui.i18n import Translator

        return Translator(language)

    def _on_leave(self) -> None:
        self._wizard.leave()
        self.left.emit()

    # --- papers -------------------------------------------------------------------------------------------------

    def _on_save_document(self, document: DocumentText, path: str) -> None:
        language = self.controller.session.language

        def work() -> Path:
            from client_app.ui.document_pdf import document_pdf

            return save(Path(path), document_pdf(document, self._brand, language))

        self.controller.runner.submit(
            Lane.GENERAL,
            work,
            lambda saved: self._wizard.document_saved(document, str(saved)),
            self._on_failed,
        )

    def _on_print_document(self, document: DocumentText) -> None:
        from client_app.ui.printing import print_document

        try:
            language = self.controller.session.language
            print_document(
                self._wizard,
                document,
                self._brand,
                language,
                self._on_failed,
                lambda: self._wizard.document_printed(document),
            )
        except CustomerError as error:
            self._on_failed(error)

    def _on_save_receipt(self, path: str, form: str) -> None:
        consent, services = self.controller.session.consent, self.controller.services
        if consent is None or services is None:
            return self.controller.dispatch(ev.ActionFailed(ErrorCode.RECEIPT_WRONG))
        record_id, session = consent.record_id, self.controller.session

        def work() -> str:
            if form == "json":
                return str(services.receipts.save_json(record_id, Path(path)))
            from client_app.ui.receipt_document import receipt_pdf

            closing = Closing(session.ended_by, session.past_peers, session.closing)
            text = services.receipts.text(record_id, session.language, closing if session.closing else None)
            return str(save(Path(path), receipt_pdf(text)))

        return self.controller.runner.submit(
            Lane.GENERAL,
            work,
            lambda saved: self.controller.dispatch(ev.ReceiptSaved(saved)),
            self._on_failed,
        )

    def _on_failed(self, error: CustomerError) -> None:
        self.controller.dispatch(ev.ActionFailed(error.code))
