"""The demo's customer walks from the first window to the finish while the watchdog looks on.

The argument is the folder for the world. The last line printed is a JSON object: longest_ms, stack, blocks, actions.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from client_app.app import Application, make_application
from client_app.options import Options
from demo import customer as demo_customer
from demo.customer import Customer
from demo.report import Report
from demo.world import living_world
from tests.helpers.ui_watchdog import UiWatchdog

ROOT = Path(__file__).resolve().parent.parent.parent.parent
NOTED_SECONDS = 0.010
"""The stack of a longer stay is kept; what counts as too long is the row's goal."""
PRODUCT = (ROOT / "client_app", ROOT / "consent_record")


def walk(folder: Path) -> tuple[UiWatchdog, Report]:
    """Walk the whole path in a new world below a folder."""
    report = Report()
    with living_world(folder) as world:
        os.environ["HOME"] = str(world.home)
        options = Options(company=world.company, data=folder / "data", language="pl")
        with UiWatchdog(PRODUCT, NOTED_SECONDS) as watchdog:

            def make_unwatched(options: Options) -> Application:
                # Before there is a window nothing can stand still; what this takes is start.first_window_ratio.
                with watchdog.paused():
                    return make_application(options)

            demo_customer.make_application = make_unwatched  # type: ignore[attr-defined]  # imported there
            customer = Customer(world, report, options)
            try:
                customer.identify_caller()
                customer.confirm_details()
                customer.accept_terms()
                customer.answer_backup()
                customer.order()
                customer.be_helped()
                customer.end()
                customer.save_receipt(folder)
            finally:
                customer.application.shut_down()
        customer.window.close()
    return watchdog, report


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    watched, walked = walk(Path(sys.argv[1]))
    longest = max(watched.blocks, key=lambda block: block.seconds, default=None)
    print(
        json.dumps(
            {
                "longest_ms": round(watched.longest_seconds * 1000, 1),
                "stack": longest.stack if longest else "",
                "blocks": [str(block) for block in watched.blocks],
                "actions": len(walked.actions),
            }
        )
    )
