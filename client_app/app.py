"""The client's start: a painted window first, everything heavy after it on another thread, then the two are joined.

Rule: until the first paint only PySide6, the brand and the first page are loaded.
"""

from __future__ import annotations

import builtins
import sys
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from client_app.options import Options, UsageError, parse

if TYPE_CHECKING:
    from types import TracebackType

    from client_app.core.brand_types import Brand
    from client_app.core.events import Event
    from client_app.joined import Joined
    from client_app.ui.wizard import HelpWizard

EXIT_USAGE = 2
EXIT_BRAND = 3


class Application(QObject):
    """One window of the client. Made by `make_application`; nothing runs before `open`.

    Signals:
        ready: the flow and the services are there; the window answers.
        left: the customer has left; the window is closed.
    """

    ready = Signal()
    left = Signal()
    _loaded = Signal(object)

    def __init__(self, options: Options, brand: Brand, wizard: HelpWizard) -> None:
        super().__init__()
        self.options = options
        self.brand = brand
        self.wizard = wizard
        self.joined: Joined | None = None
        self._early: list[Event] = []
        self._loaded.connect(self._on_loaded)
        wizard.first_painted.connect(self._on_first_painted)
        wizard.intent.connect(self._on_early_intent)

    def open(self) -> None:
        """Show the window."""
        self.wizard.show()

    def _on_first_painted(self) -> None:
        # Importing takes longer than a frame; on another thread the window stays alive meanwhile.
        threading.Thread(target=self._load, name="load", daemon=True).start()

    def _load(self) -> None:
        # First what the window asks for next, which it would else load itself and stand still meanwhile.
        from client_app.core import view_state  # noqa: F401
        from client_app import joined  # isort: skip

        self._loaded.emit(joined)

    def _on_loaded(self, module: Any) -> None:
        self.wizard.intent.disconnect(self._on_early_intent)
        self.joined = module.Joined(self.options, self.brand, self.wizard)
        self.joined.left.connect(self.left)
        self.joined.ready.connect(self.ready)
        self.joined.start(self._early)

    def _on_early_intent(self, event: Event) -> None:
        # Typed before the flow was there: kept, and played when it is.
        self._early.append(event)

    def shut_down(self) -> bool:
        """End what runs; True when everything ended in time."""
        return self.joined is None or self.joined.shut_down()


def make_application(options: Options) -> Application:
    """Build the application with its first page; needs a QApplication.

    Raises:
        ConfigError: the brand is missing or damaged.
    """
    from client_app.core.config import load_brand
    from client_app.ui.i18n import Translator
    from client_app.ui.wizard import HelpWizard

    brand = load_brand(options.company / "brand.json")
    return Application(options, brand, HelpWizard(brand, Translator(options.language)))


def main(argv: list[str]) -> int:
    """Run the client and return the exit code."""
    try:
        options = parse(argv[1:])
    except UsageError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    if options.show_version or options.show_help:
        return _print_and_end(options)
    _import_plainly()
    qt = QApplication(argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    from client_app.core.brand_reader import ConfigError

    try:
        application = make_application(options)
    except ConfigError as error:
        return _say_broken(str(error))
    application.left.connect(qt.quit)
    sys.excepthook = _hook(application)
    application.open()
    code = qt.exec()
    application.shut_down()
    return code


def _import_plainly() -> None:
    """Import as Python does. PySide reads the source of each module for a syntax of its own that is not used here."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _print_and_end(options: Options) -> int:
    from client_app import __version__
    from client_app.options import USAGE

    print(f"pomoc-zdalna {__version__}" if options.show_version else USAGE)
    return 0


def _say_broken(detail: str) -> int:
    """Without a brand there is no page to say it on: a message box with the code and what to do."""
    from PySide6.QtWidgets import QMessageBox

    from client_app.core.errors import ErrorCode

    code = ErrorCode.BRAND_BROKEN
    print(f"{code.value}: {detail}", file=sys.stderr)
    QMessageBox.critical(None, code.value, f"{code.info.title}\n{code.info.advice}\n\n{code.value}")
    return EXIT_BRAND


def _hook(application: Application) -> Any:
    """Return an excepthook: a traceback goes to the log, the customer sees a code."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if application.joined is None:
            sys.__excepthook__(kind, error, trace)
            return
        application.joined.report_crash(kind, error, trace)

    return hook
