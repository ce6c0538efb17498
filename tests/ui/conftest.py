"""A real wizard with the example company's brand, joined to the real flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app.core.config import Brand
from client_app.ui.i18n import Translator
from client_app.ui.wizard import HelpWizard
from demo.scenes import Scene, Stories, example_brand, example_documents, scenes
from tests.ui.table import Table
from tools.compile_catalogues import LOCALE_DIR, compile_catalogue, stale_catalogues

WIDE = (1080, 690)
SMALL = (640, 360)
"""A screen of 1280x800 at 200 %, less the task bar and the window's frame."""

MakeTable = Callable[..., Table]


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogues() -> None:
    for catalogue in stale_catalogues(LOCALE_DIR):
        compile_catalogue(catalogue)


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("example")


@pytest.fixture(scope="session")
def example(example_folder: Path) -> Brand:
    return example_brand(example_folder)


@pytest.fixture(scope="session")
def stories(example_folder: Path, example: Brand) -> Stories:
    return Stories("pl", example_documents(example_folder, example))


@pytest.fixture(scope="session")
def all_scenes(example_folder: Path, example: Brand) -> dict[str, dict[str, Scene]]:
    return {language: scenes(example_folder, example, language) for language in ("pl", "en")}


@pytest.fixture
def make_table(qtbot: QtBot, example: Brand) -> Iterator[MakeTable]:
    """Makes a shown wizard that has done all that follows the first paint."""
    made: list[HelpWizard] = []

    def make(language: str = "pl", size: tuple[int, int] = WIDE, **options: object) -> Table:
        wizard = HelpWizard(example, Translator(language), **options)  # type: ignore[arg-type]  # passed through
        made.append(wizard)
        wizard.resize(*size)
        wizard.show()
        qtbot.waitUntil(lambda: wizard.is_at_rest, timeout=10_000)
        table = Table(wizard, qtbot)
        wizard.render(table.session)
        wizard.activateWindow()
        table.live()
        return table

    yield make
    for wizard in made:
        wizard.leave()
        if wizard.panel is not None:
            wizard.panel.deleteLater()
        wizard.deleteLater()


@pytest.fixture
def table(make_table: MakeTable) -> Table:
    """A Polish wizard on its first page."""
    return make_table()
