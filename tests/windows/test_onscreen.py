"""The window on Qt's real "windows" platform: every page is drawn, and a photograph of the screen shows it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from client_app.core.config import Brand
from client_app.ui.i18n import Translator
from client_app.ui.wizard import HelpWizard
from demo.scenes import Scene, example_brand, scenes

pytestmark = pytest.mark.onscreen

FEWEST_COLOURS = 20
"""A page with text has more, because letters have soft edges; an empty window has one or two."""


@pytest.fixture(scope="module")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("example")


@pytest.fixture(scope="module")
def example(example_folder: Path) -> Brand:
    return example_brand(example_folder)


@pytest.fixture(scope="module")
def all_scenes(example_folder: Path, example: Brand) -> dict[str, Scene]:
    return scenes(example_folder, example, "pl")


@pytest.fixture
def wizard(qtbot: QtBot, example: Brand) -> HelpWizard:
    wizard = HelpWizard(example, Translator("pl"))
    qtbot.addWidget(wizard, before_close_func=lambda _: wizard.leave())
    wizard.resize(1080, 690)
    with qtbot.waitExposed(wizard, timeout=10_000):
        wizard.show()
    qtbot.waitUntil(lambda: wizard.is_at_rest, timeout=10_000)
    return wizard


def colours(image: QImage) -> int:
    """Return how many colours there are on every fourth pixel."""
    width, height = image.width(), image.height()
    return len({image.pixel(x, y) for x in range(0, width, 4) for y in range(0, height, 4)})


def test_it_is_the_real_platform() -> None:
    assert QGuiApplication.platformName() == "windows"


def test_the_screen_shows_the_first_page(wizard: HelpWizard, qtbot: QtBot) -> None:
    screen = wizard.screen()

    def is_drawn() -> bool:
        return colours(screen.grabWindow(wizard.winId()).toImage()) >= FEWEST_COLOURS

    qtbot.waitUntil(is_drawn, timeout=10_000)
    if (folder := os.environ.get("POMOC_PICTURES")) is not None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        assert screen.grabWindow(0).save(str(Path(folder) / "windows_first_page.png"))


def test_every_page_is_drawn(wizard: HelpWizard, qtbot: QtBot, all_scenes: dict[str, Scene]) -> None:
    for name, scene in all_scenes.items():
        wizard.render(scene.session)
        if scene.then is not None:
            scene.then(wizard)
        qtbot.waitUntil(_has_letters(wizard, name), timeout=5_000)
        wizard.close_overlay()


def _has_letters(wizard: HelpWizard, name: str) -> Callable[[], bool]:
    def check() -> bool:
        assert name
        return colours(wizard.grab().toImage()) >= FEWEST_COLOURS

    return check


def test_buttons_of_the_window_answer_the_mouse(wizard: HelpWizard, qtbot: QtBot) -> None:
    buttons = [one for one in wizard.findChildren(QPushButton) if one.isVisible() and one.isEnabled()]
    assert buttons
    with qtbot.waitSignal(buttons[0].pressed, timeout=5_000):
        QTest.mousePress(buttons[0], Qt.MouseButton.LeftButton)
