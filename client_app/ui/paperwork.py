"""What was read, and where documents and the receipt shall go. Made with the first page that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_app.core import events as ev
from client_app.ui.files import FileChooser, SystemFileChooser, safe_name
from client_app.ui.reading import ReadingLog

if TYPE_CHECKING:
    from client_app.core.session import DocumentText
    from client_app.ui.wizard import HelpWizard


class Paperwork:
    """Belongs to one wizard. `files` may be replaced (tests, demo)."""

    def __init__(self, wizard: HelpWizard) -> None:
        self._wizard = wizard
        self.log = ReadingLog()
        self.files: FileChooser = SystemFileChooser()

    def report(self) -> None:
        """Tell the flow how long which document stood on the screen."""
        for reading in self.log.changed():
            self._wizard.intent.emit(ev.DocumentRead(reading))

    def saved(self, document: DocumentText, path: str) -> None:
        """A document was saved: say where, and note it."""
        self.log.saved(document.sha256)
        self.report()
        self._say(self._wizard.translator("Saved: {path}").format(path=path))

    def printed(self, document: DocumentText) -> None:
        """A document was printed: note it."""
        self.log.printed(document.sha256)
        self.report()
        self._say(self._wizard.translator("Sent to the printer."))

    def _say(self, text: str) -> None:
        self._wizard.current_page().show_done(text)

    def ask_save_document(self, document: DocumentText) -> None:
        """Ask where a document shall be saved as PDF: the one that stands on the screen."""
        wizard = self._wizard
        title, name = wizard.translator("Save as PDF"), safe_name(document.title, "pdf")

        def done(path: str) -> None:
            wizard.save_document_requested.emit(document, path)

        self.files.save(wizard, title, name, "PDF (*.pdf)", done)

    def ask_save_receipt(self, form: str) -> None:
        """Ask where the receipt shall be saved, as `pdf` or `json`."""
        wizard = self._wizard
        _ = wizard.translator
        name = safe_name(_("Confirmation of remote help"), form)

        def done(path: str) -> None:
            wizard.save_receipt_requested.emit(path, form)

        self.files.save(wizard, _("Save the confirmation"), name, f"{form.upper()} (*.{form})", done)
