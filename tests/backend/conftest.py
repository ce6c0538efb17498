"""Fixtures: a running backend with documents, a technician's console, customers in each state of a case."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.backend_process import TECHNICIAN_NAME, TECHNICIAN_PASSWORD, BackendProcess, start
from tests.backend.actors import Client, Console
from tests.backend.browser import Browser

TEXTS = {
    ("terms", "pl"): "# Regulamin\n\nPłatna jest też sama diagnoza.\n",
    ("privacy", "pl"): "# Informacja o prywatności\n\nKto i po co.\n",
    ("price", "pl"): "# Cennik\n\nDiagnoza 120 zł.\n",
    ("terms", "en"): "# Terms\n\nDiagnosis is paid too.\n",
}


def publish_all(backend: BackendProcess, folder: Path) -> None:
    """Publish every document that a case needs."""
    for (kind, language), text in TEXTS.items():
        file = folder / f"{kind}.{language}.md"
        file.write_text(text, "utf-8")
        backend.publish(kind, language, file, translation=language != "pl")


@pytest.fixture(scope="session", autouse=True)
def _strict_children() -> Iterator[None]:
    """Warnings are errors in the backend's processes, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONWARNINGS", "error")
        yield


@pytest.fixture(scope="session")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """A running backend with documents, shared by every test that does not change them."""
    running = start(tmp_path_factory.mktemp("backend") / "data")
    try:
        publish_all(running, tmp_path_factory.mktemp("texts"))
        yield running
        assert running.process.poll() is None, running.log_path.read_text("utf-8")
    finally:
        running.stop()
    assert "unforeseen" not in running.log_path.read_text("utf-8")


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of a stopped backend with documents, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    running = start(folder / "data")
    try:
        publish_all(running, folder)
    finally:
        running.stop()
    (folder / "data" / "stderr.log").unlink()
    return folder / "data"


@pytest.fixture
def own_backend(prepared_data: Path, tmp_path: Path) -> Iterator[BackendProcess]:
    """A running backend with documents for one test alone."""
    shutil.copytree(prepared_data, tmp_path / "data")
    running = start(tmp_path / "data")
    try:
        yield running
    finally:
        running.stop()
    assert "unforeseen" not in running.log_path.read_text("utf-8")


@pytest.fixture(scope="session")
def console(backend: BackendProcess) -> Console:
    """A technician signed in at the shared backend."""
    return Console(backend.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)


@pytest.fixture
def joined(backend: BackendProcess, console: Console) -> Client:
    """A customer who joined a fresh case; the word was not asked yet."""
    return Client(backend.url).join(str(console.open_case()["code"]))


@pytest.fixture
def confirmed(console: Console, joined: Client) -> Client:
    """A customer whose word was confirmed."""
    return joined.confirm(console.case(joined.case.case_id)["word"])


@pytest.fixture
def confirm_at(tmp_path: Path) -> Callable[[BackendProcess], tuple[Console, Client]]:
    """Makes a console and a customer with a confirmed word at a backend of one's own."""

    def make(running: BackendProcess) -> tuple[Console, Client]:
        console = Console(running.url, TECHNICIAN_NAME, TECHNICIAN_PASSWORD)
        case = console.open_case()
        return console, Client(running.url).join(str(case["code"])).confirm(case["word"])

    return make


@pytest.fixture
def browser(backend: BackendProcess) -> Browser:
    """A signed-in browser."""
    return Browser(backend.url).sign_in()
