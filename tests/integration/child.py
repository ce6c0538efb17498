"""A client as a process of its own, to be killed: `python -m tests.integration.child COMPANY DATA CODE WORD PHASE`.

Acts as a customer would until the phase, prints a line of JSON whenever something changes, and obeys the words `order`
and `end` on its standard input, whose end is its own.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from client_app.bootstrap import Company, build
from client_app.core import events as ev
from client_app.core.config import load_brand
from client_app.core.services import Services
from client_app.core.session import Phase, Session
from client_app.workers.controller import Controller
from tests.integration.customer import BACKUP, DETAILS, ORDER, TERMS

COMMANDS: dict[str, tuple[ev.Event, ...]] = {"order": ORDER, "end": (ev.EndPressed(),)}


class Child:
    """Plays the customer in one client."""

    def __init__(self, company: Path, data: Path, code: str, word: str, until: Phase) -> None:
        self._company, self._data, self._until = company, data, until
        self._acts: dict[Phase, tuple[ev.Event, ...]] = {
            Phase.CODE: (ev.CodeTyped(code),),
            Phase.WORD: (ev.WordPicked(word),),
            Phase.DETAILS: DETAILS,
            Phase.TERMS: TERMS,
            Phase.COMPUTER: BACKUP,
            Phase.ORDER: ORDER,
        }
        self._said = ""
        self._built: object = None
        self.controller = Controller(Session(), self._build)
        self.controller.session_changed.connect(self._on_changed)

    def listen(self) -> None:
        """Obey what comes on the standard input, and die with it."""
        for line in sys.stdin:
            events = COMMANDS[line.strip()]
            self.controller.runner.deliver(lambda events=events: self._do(events))  # type: ignore[misc]
        os._exit(0)

    def _build(self) -> Services:
        brand = load_brand(self._company / "brand.json")
        built = build(brand, Company(self._company), self._data, lambda _language: lambda text: text)
        self._built = built
        return built.services

    def _on_changed(self, session: Session) -> None:
        consent, error = session.consent, session.error
        line = json.dumps(
            {
                "phase": session.phase.value,
                "error": error.value if error is not None else "",
                "record_id": consent.record_id if consent is not None else "",
                "receipt_id": consent.receipt_id if consent is not None else None,
                "anydesk_running": session.anydesk_running,
            }
        )
        if line != self._said:
            self._said = line
            print(line, flush=True)
        QTimer.singleShot(0, self._act)

    def _act(self) -> None:
        session = self.controller.session
        if session.phase is self._until or session.checks_running or not session.documents:
            return
        self._do(self._acts.pop(session.phase, ()))

    def _do(self, events: tuple[ev.Event, ...]) -> None:
        for event in events:
            self.controller.dispatch(event)


def main(arguments: list[str]) -> int:
    """Run the client until it is killed or its standard input ends."""
    application = QCoreApplication(arguments[:1])
    company, data, code, word, phase = arguments[1:]
    child = Child(Path(company), Path(data), code, word, Phase(phase))
    threading.Thread(target=child.listen, daemon=True).start()
    child.controller.start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
