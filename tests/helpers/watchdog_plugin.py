"""The fixture `ui_watchdog`: fails a test in which product code held up the UI thread for more than 50 ms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.helpers.ui_watchdog import UiWatchdog

_ROOT = Path(__file__).resolve().parent.parent.parent
WINE_LIMIT_SECONDS = 0.5
"""Wine draws many times slower than Windows and tells nobody how long a thread stood in the system's queue."""
PRODUCT = (_ROOT / "client_app", _ROOT / "consent_record")


@pytest.fixture
def ui_watchdog(qapp: QApplication) -> Iterator[UiWatchdog]:
    """Watches from here to the end of the test; `with ui_watchdog.paused():` excepts a part.

    Ask for it after the fixture that builds the window, or build the window inside `paused()`: what the
    first window may cost is a row of the benchmarks, not of this rule.
    """
    from tests.helpers.ui_watchdog import LIMIT_SECONDS, UiWatchdog
    from tests.helpers.wine import is_wine

    limit = WINE_LIMIT_SECONDS if is_wine() else LIMIT_SECONDS
    with UiWatchdog(watched=PRODUCT, limit_seconds=limit) as watchdog:
        yield watchdog
    blocks = "\n".join(str(block) for block in watchdog.blocks)
    if blocks:
        pytest.fail(blocks, pytrace=False)
