"""Before the first paint nothing heavy is loaded, and after it everything is done in small pieces."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from client_app.core.config import Brand
from client_app.ui import props
from client_app.ui.chores import Chores
from client_app.ui.i18n import Translator
from client_app.ui.wizard import HelpWizard
from tests.helpers.ui_watchdog import UiWatchdog
from tests.ui.table import KeptFiles

LOOK = """
import json, sys
import client_app.core.config, client_app.core.steps, client_app.ui.i18n
import PySide6.QtCore
from PySide6.QtWidgets import QApplication
from pathlib import Path
app = QApplication([])
from client_app.core.config import load_brand
from client_app.ui.i18n import Translator
from client_app.ui.wizard import HelpWizard
wizard = HelpWizard(load_brand(Path(sys.argv[1])), Translator("pl"))
def look():
    print(json.dumps({"modules": sorted(sys.modules), "Qt": "Qt" in vars(PySide6.QtCore)}))
    app.exit(0)
wizard.first_painted.connect(look)
wizard.show()
sys.exit(app.exec())
"""

HEAVY = (
    "requests", "urllib3", "msgspec", "nacl", "sqlite3", "psutil", "ssl", "asyncio", "subprocess", "segno", "stdnum",
    "PySide6.QtSvg", "PySide6.QtPrintSupport", "PySide6.QtNetwork",
    "client_app.core.session", "client_app.core.events", "client_app.core.flow", "client_app.core.view_state",
    "client_app.services", "client_app.workers", "client_app.joined",
)  # fmt: skip


@pytest.fixture(scope="module")
def first_look(example_folder: Path, example: Brand) -> dict[str, object]:
    """What a fresh program has loaded when its first page is painted."""
    assert example.example
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(example_folder / "brand.json")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).resolve().parent.parent.parent,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_nothing_heavy_is_loaded_before_the_first_paint(first_look: dict[str, object]) -> None:
    modules = first_look["modules"]
    assert isinstance(modules, list)
    loaded = [m for m in modules if any(m == heavy or m.startswith(f"{heavy}.") for heavy in HEAVY)]

    assert loaded == []


def test_the_enumerations_of_qt_wait_until_after_the_first_paint(first_look: dict[str, object]) -> None:
    assert first_look["Qt"] is False, "something before the first paint touches the name Qt: 14 ms (props.py)"


def test_the_numbers_stand_for_the_enumerations() -> None:
    align = Qt.AlignmentFlag
    assert (align.AlignLeft | align.AlignTop).value == props.ALIGN_LEFT_TOP
    assert (align.AlignLeft | align.AlignVCenter).value == props.ALIGN_LEFT_MIDDLE
    assert align.AlignCenter.value == props.ALIGN_CENTER
    assert Qt.TextFormat.PlainText.value == props.PLAIN_TEXT
    assert Qt.ScrollBarPolicy.ScrollBarAlwaysOff.value == props.SCROLLBAR_ALWAYS_OFF
    assert Qt.FocusPolicy.NoFocus.value == props.NO_FOCUS


def test_what_follows_the_first_paint_never_blocks(
    qtbot: object, example: Brand, ui_watchdog: UiWatchdog
) -> None:
    with ui_watchdog.paused():
        wizard = HelpWizard(example, Translator("pl"))
        wizard.show()
    qtbot.waitUntil(lambda: wizard.is_at_rest, timeout=20_000)  # type: ignore[attr-defined]  # QtBot is untyped

    assert len(wizard.pageIds()) == 8
    assert not wizard.windowFlags() & Qt.WindowType.WindowContextHelpButtonHint
    assert wizard.windowFlags() & Qt.WindowType.WindowMinimizeButtonHint
    wizard.leave()
    wizard.deleteLater()


def test_closing_before_the_flow_is_there_is_heard_later(qtbot: object, example: Brand) -> None:
    heard: list[object] = []
    wizard = HelpWizard(example, Translator("pl"))
    wizard.intent.connect(heard.append)
    wizard.show()
    wizard.close()

    assert [type(event).__name__ for event in heard] == ["WindowCloseConfirmed"]
    wizard.leave()
    assert not wizard.isVisible()
    wizard.deleteLater()


def test_what_is_typed_before_the_flow_is_there_is_not_lost(qtbot: object, example: Brand) -> None:
    heard: list[object] = []
    wizard = HelpWizard(example, Translator("pl"))
    wizard.intent.connect(heard.append)
    wizard.show()
    field = wizard.findChild(QWidget, "code")
    assert field is not None
    QTest.keyClicks(field, "123")

    assert [event.text_untrusted for event in heard] == ["1", "12", "123"]  # type: ignore[attr-defined]  # CodeTyped
    wizard.leave()
    wizard.deleteLater()


def test_a_failed_chore_does_not_stop_the_others(qtbot: object, qapp: object) -> None:
    done: list[str] = []
    chores = Chores(qapp)  # type: ignore[arg-type]  # the fixture is untyped

    def fail() -> None:
        done.append("failed")
        raise ValueError("on purpose")

    with qtbot.captureExceptions() as raised:  # type: ignore[attr-defined]  # QtBot is untyped
        chores.add(fail)
        chores.add(lambda: done.append("second"))
        qtbot.waitUntil(lambda: chores.is_idle)  # type: ignore[attr-defined]  # QtBot is untyped

    assert done == ["failed", "second"]
    assert len(raised) == 1


def test_the_stand_in_for_file_dialogs_fits_the_protocol(example: Brand, qapp: object) -> None:
    from client_app.ui.files import FileChooser, safe_name

    chooser: FileChooser = KeptFiles()
    assert chooser is not None
    assert safe_name("Regulamin: usługi / „pomoc”", "pdf") == "Regulamin usługi  pomoc.pdf"
    assert safe_name("../..", "pdf") == "dokument.pdf"
