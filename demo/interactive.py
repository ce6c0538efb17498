"""The demo on a screen: wizard and console open, and a small desk stands in for AnyDesk's window and the caller."""

import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from demo.anydesk.remote import NotRunningError, OrderError, StandInRemote
from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD
from demo.customer import AMOUNT, DETAILS, PROBLEM, WHAT_FOR
from demo.installation import install
from demo.world import STRANGER_NUMBER, TECHNICIAN_NUMBER, living_world

ROOT = Path(__file__).resolve().parent.parent
WATCH_MS = 500
CLIENT_LIMIT_SECONDS = 20


class AnyDeskDesk(QWidget):
    """What a person would do in AnyDesk itself, which the stand-in has no window for."""

    def __init__(self, remote: StandInRemote) -> None:
        super().__init__()
        self._remote = remote
        self.setWindowTitle("Demo: AnyDesk (stand-in)")
        column = QVBoxLayout(self)
        column.addWidget(QLabel("Technician's side"))
        self._add(column, "The technician calls", lambda: remote.incoming(TECHNICIAN_NUMBER, name="Anna"))
        self._add(column, "A stranger calls", lambda: remote.incoming(STRANGER_NUMBER, name="Bank"))
        self._add(column, "The technician disconnects", lambda: remote.disconnect("remote"))
        column.addWidget(QLabel("Customer's side, in AnyDesk's question"))
        self._add(column, "Accept", remote.accept)
        self._add(column, "Dismiss", remote.refuse)
        self._state = QLabel("AnyDesk is not running")
        column.addWidget(self._state)

    def _add(self, column: QVBoxLayout, text: str, act: Callable[[], None]) -> None:
        button = QPushButton(text)
        button.clicked.connect(lambda: self._do(text, act))
        column.addWidget(button)

    def _do(self, text: str, act: Callable[[], None]) -> None:
        try:
            act()
        except NotRunningError:
            self._state.setText("AnyDesk is not running: order help in the wizard first")
        except OrderError as error:
            self._state.setText(str(error))
        else:
            self._state.setText(text)


def run_with_screen(folder: Path, language: str) -> int:
    """Open everything and wait until the wizard is closed; returns its exit code."""
    qt = QApplication(["demo"])
    print("Setting up the backend, its documents, an AnyDesk stand-in and an installation ...", flush=True)
    with living_world(folder) as world:
        installation = install(world)
        case = world.technician.case(
            world.technician.open_case(PROBLEM[language], AMOUNT, WHAT_FOR[language], DETAILS, language)
        )
        _say(world.backend.url, case)
        webbrowser.open(f"{world.backend.url}/console/")
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith("XDG_") or k == "XDG_RUNTIME_DIR"
        }
        client = subprocess.Popen(
            [
                sys.executable, "-m", "client_app", "--language", language, "--company", str(world.company),
                "--installed", str(installation.list_file),
            ],
            cwd=ROOT, env={**environment, "HOME": str(world.home)},
        )  # fmt: skip
        desk = AnyDeskDesk(world.remote)
        desk.show()
        watch = QTimer()
        watch.timeout.connect(lambda: qt.quit() if client.poll() is not None else None)
        watch.start(WATCH_MS)
        try:
            qt.exec()
        finally:
            if client.poll() is None:
                client.terminate()
            code = client.wait(CLIENT_LIMIT_SECONDS)
    return code


def _say(url: str, case: dict[str, str]) -> None:
    print(
        f"""
The wizard, the technician's console ({url}/console/) and a small desk that plays AnyDesk are open.

  Console:  sign in as "{TECHNICIAN_NAME}" with "{TECHNICIAN_PASSWORD}"
  Code:     {case["code_grouped"]}        (type it into the wizard)
  Word:     {case["word"]}        (the technician says it; pick it)

Try: go through the seven steps; let the technician call and accept; press "End now"; let a stranger call;
kill the wizard with kill -9 while somebody is connected. Close the wizard to end the demo.
""",
        flush=True,
    )
