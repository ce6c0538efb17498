"""The real frozen program: what is in it, that it runs, and that it installs and removes itself without a trace."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client_app import __version__
from client_app.platforms import anydesk_system
from client_app.services.guardian.client import GuardianClient
from installer.build import build_folder
from installer.elf import needed_libraries
from installer.folder import INTERNAL
from installer.pruning import DESKTOP_LIBRARIES
from tests.integration.installs import Home, listing

pytestmark = pytest.mark.timeout(600)

MOST_MEGABYTES = 130
START_SECONDS = 30
MAY_NOT_BE_INSIDE = (
    "demo",
    "tests",
    "tools",
    "installer",
    "consent_backend",
    "litestar",
    "sqlalchemy",
    "pytest",
    "hypothesis",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is handed out, put together anew; freezing itself is kept between runs."""
    return build_folder(tmp_path_factory.mktemp("dist")).parent


@contextmanager
def running(program: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the program without a screen until its services are there, which is after its first paint."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    with subprocess.Popen(
        [program], env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        try:
            deadline = time.monotonic() + START_SECONDS
            while not list(home.glob(".local/state/*/client.log")) or not _has_checked(home):
                assert process.poll() is None, process.stdout and process.stdout.read()
                assert time.monotonic() < deadline, "no first paint"
                time.sleep(0.02)
            yield process
        finally:
            process.terminate()
            said = process.communicate(timeout=10)[0]
        assert said == ""


def _has_checked(home: Path) -> bool:
    return any("check_done" in log.read_text() for log in home.glob(".local/state/*/client.log"))


def program_of(folder: Path) -> Path:
    return folder / folder.name


def test_it_says_its_version(folder: Path) -> None:
    run = subprocess.run(
        [program_of(folder), "--version"], capture_output=True, text=True, timeout=30, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert __version__ in run.stdout


def test_it_is_the_guardian_too(folder: Path) -> None:
    guardian = GuardianClient(anydesk_system(), [str(program_of(folder)), "--guardian"], lambda *_: None)
    try:
        assert guardian.is_alive()
        assert guardian.members() == ()
    finally:
        assert guardian.quit()


def test_its_window_opens(folder: Path, tmp_path: Path) -> None:
    with running(program_of(folder), tmp_path):
        pass


def test_another_companys_folder_cannot_be_given_to_it(folder: Path, tmp_path: Path) -> None:
    for option in ("--company", "--data"):
        run = subprocess.run(
            [program_of(folder), option, tmp_path], capture_output=True, text=True, timeout=30, check=False
        )
        assert run.returncode == 2
        assert "not for the frozen program" in run.stderr


def test_only_what_is_used_is_inside(folder: Path) -> None:
    names = listing(folder)
    megabytes = sum((folder / name).lstat().st_size for name in names if not name.endswith("/")) / 1e6
    assert megabytes < MOST_MEGABYTES
    assert not [
        name for name in names if "Qml" in name or "Quick" in name or "gtk" in name or name.endswith(".py")
    ]
    translations = {Path(name).name for name in names if name.endswith(".qm")}
    assert translations == {"qtbase_pl.qm", "qtbase_en.qm"}
    assert {f"{INTERNAL}/company/brand.json", f"{INTERNAL}/resources/styles/wizard.qss"} <= names
    # The words of the spoken check are the backend's; a client that has no list cannot be asked to guess.
    assert not [name for name in names if "/words/" in name]


def test_what_is_not_inside_is_on_every_desktop(folder: Path) -> None:
    """Every library that something inside asks for is inside as well, of the C library, or of an X11 desktop."""
    files = [folder / name for name in listing(folder) if not name.endswith("/")]
    inside = {file.name for file in files}
    programs = [file for file in files if not file.is_symlink() and file.read_bytes()[:4] == b"\x7fELF"]
    asked = {name for file in programs for name in needed_libraries(str(file))}
    c_library = re.compile(r"(lib(c|m|dl|rt|pthread|resolv|util)|ld-linux-x86-64)\.so\.[0-9]")
    outside = {name for name in asked - inside if not c_library.fullmatch(name)}
    assert {name for name in outside if not DESKTOP_LIBRARIES.fullmatch(name)} == set()


def test_licences_travel_with_it(folder: Path) -> None:
    notices = (folder / INTERNAL / "licences" / "third-party.md").read_text(encoding="utf-8")
    assert "PySide6" in notices
    assert (
        "GNU LESSER GENERAL PUBLIC LICENSE" in (folder / INTERNAL / "licences" / "LGPL-3.0.txt").read_text()
    )


def test_nothing_of_tests_tools_or_the_backend_is_inside(folder: Path) -> None:
    readers = pytest.importorskip("PyInstaller.archive.readers")
    archive = readers.CArchiveReader(str(program_of(folder)))
    (name,) = [name for name in archive.toc if name.endswith(".pyz")]
    modules = set(archive.open_embedded_archive(name).toc)
    assert "client_app.core.flow" in modules
    assert not {module for module in modules if module.split(".")[0] in MAY_NOT_BE_INSIDE}


def test_an_unchanged_program_is_not_built_again(folder: Path) -> None:
    before = program_of(folder).stat()
    began = time.monotonic()
    again = build_folder(folder.parent)
    assert time.monotonic() - began < 1.0
    assert (again.stat().st_ino, again.stat().st_ctime_ns) == (before.st_ino, before.st_ctime_ns)


def test_installed_run_and_removed_without_a_trace(folder: Path, tmp_path: Path) -> None:
    home = Home(tmp_path / "Zażółć gęślą jaźń").installed(folder)
    with running(home.command, home.path):
        assert home.install(folder).returncode == 75
    made = {str(home.path / name.rstrip("/")) for name in listing(home.path) - home.before}
    view = home.remove()
    assert view.left == ()
    assert set(view.removed) == made
    assert listing(home.path) == home.before
