"""The window without a world behind it: how long page changes and language switches take until they are painted.

Prints one JSON object: lists of milliseconds by name. A time runs from the new state to the end of the painting.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from client_app.core.session import Session
from client_app.ui.i18n import Translator
from client_app.ui.wizard import HelpWizard
from demo.scenes import example_brand, scenes

PATH = (
    "caller_code",
    "caller_word",
    "details_consumer",
    "terms",
    "computer",
    "order",
    "help_waiting",
    "finish",
)
LIMIT_SECONDS = 10.0


def main(rounds: int) -> None:
    """Walk the path some times, and change the language on every page."""
    application = QApplication([])
    found: dict[str, list[float]] = {"first_change": [], "change": [], "language": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        brand = example_brand(folder)
        sessions = {
            name: scene.session for name, scene in scenes(folder, brand, "pl").items() if name in PATH
        }
    wizard = HelpWizard(brand, Translator("pl"))
    wizard.show()
    deadline = time.monotonic() + LIMIT_SECONDS
    while not wizard.is_at_rest:
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not come to rest")
        application.processEvents()

    def shown(session: Session) -> float:
        started = time.perf_counter()
        wizard.render(session)
        application.processEvents()
        return (time.perf_counter() - started) * 1000

    for turn in range(rounds):
        for name in PATH:
            found["change" if turn else "first_change"].append(shown(sessions[name]))
            if turn:
                for language in ("en", "pl"):
                    found["language"].append(shown(replace(sessions[name], language=language)))
    print(json.dumps(found))
    wizard.leave()


if __name__ == "__main__":
    main(int(sys.argv[1]))
