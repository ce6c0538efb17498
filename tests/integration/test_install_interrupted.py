"""An installation that is killed, at each of its steps: the old program or the new one runs, and all can be mended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from client_app.services.owned import LIST_NAME
from tests.integration.installs import Home, listing, make_program

CHANGING = ("mkdir", "mv", "cp", "ln", "rm", "rmdir", "sync", "chmod")
"""The programs with which the installer changes anything; the redirections between them are covered by their order."""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_program(tmp_path_factory.mktemp("first"), "1", only_here="old-only.so")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_program(tmp_path_factory.mktemp("second"), "2")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Programs in place of the real ones that count their calls, and kill the installation at the wanted one."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in CHANGING:
        real = shutil.which(name)
        assert real
        # The installation has a process group of its own; 0 is that group.
        (folder / name).write_text(
            "#!/bin/sh\n"
            f'echo {name} >>"{folder}/calls"\n'
            f'[ $(wc -l <"{folder}/calls") != "$STRIKE_AT" ] || kill -s "$STRIKE_WITH" 0\n'
            f'exec {real} "$@"\n'
        )
        (folder / name).chmod(0o755)
    return folder


def strike(home: Home, folder: Path, tools: Path, at: int, sign: str = "KILL") -> int:
    """Install and strike at one call; returns the exit code."""
    (tools / "calls").write_text("")
    run = home.install(folder, PATH=f"{tools}:{os.environ['PATH']}", STRIKE_AT=str(at), STRIKE_WITH=sign)
    return run.returncode


def steps(home: Home, folder: Path, tools: Path) -> list[int]:
    """The calls to strike at: those that put something in its place; with CI_LONG=1 every one."""
    assert strike(home, folder, tools, 0) == 0
    calls = list(enumerate((tools / "calls").read_text().split(), start=1))
    if os.environ.get("CI_LONG") == "1":
        return [number for number, _ in calls]
    deleting = [number for number, name in calls if name == "rm"]
    telling = [number for number, name in calls if name in ("cp", "mv", "ln", "sync")]
    return sorted({*telling, calls[0][0], deleting[0], deleting[len(deleting) // 2], deleting[-1]})


def runs(home: Home) -> bool:
    """Whether the installed program can be started."""
    return (
        home.program.exists() and not subprocess.run([home.program, "0"], timeout=10, check=False).returncode
    )


def assert_list_names_everything(home: Home) -> None:
    """At every moment the list names at least what is there, but for the place where things are made ready."""
    named = {entry["path"] for entry in json.loads((home.root / LIST_NAME).read_text())["files"]}
    named.add(str((home.root / LIST_NAME).relative_to(home.path)))
    made = {name for name in listing(home.path) - home.before if "/.staging/" not in name}
    assert {name for name in made if not name.endswith("/")} <= named


@pytest.mark.timeout(300)
def test_update_killed_at_each_step(tmp_path: Path, first: Path, second: Path, tools: Path) -> None:
    seen = set()
    before = Home(tmp_path / "before").installed(first)
    for at in steps(Home(tmp_path / "whole").installed(first), second, tools):
        home = before.copy(tmp_path / f"home {at}")
        assert strike(home, second, tools, at) == -signal.SIGKILL
        assert runs(home)
        assert home.version() in ("1", "2")
        assert_list_names_everything(home)
        seen.add(home.version())

        # Removal of what is there leaves nothing behind but what it names.
        removed = home.copy(tmp_path / f"removed {at}")
        left = set(removed.remove().left)
        files = {
            removed.path / name for name in listing(removed.path) - home.before if not name.endswith("/")
        }
        assert {str(path) for path in files} <= left
        assert all("/.staging/" in path for path in left)

        # Trying again mends it.
        home.installed(second)
        assert (runs(home), home.version()) == (True, "2")
        assert home.remove().left == ()
        assert listing(home.path) == home.before
    assert seen == {"1", "2"}


@pytest.mark.timeout(300)
def test_first_installation_killed_at_each_step(tmp_path: Path, first: Path, tools: Path) -> None:
    for at in steps(Home(tmp_path / "whole"), first, tools):
        home = Home(tmp_path / f"home {at}")
        assert strike(home, first, tools, at) == -signal.SIGKILL
        assert runs(home) or not home.command.is_symlink()
        home.installed(first)
        assert runs(home)
        assert home.remove().left == ()
        assert {name.rstrip("/") for name in listing(home.path) - home.before} <= {
            # Folders that the killed installation made are known to nobody; they are the desktop's usual ones.
            ".local", ".local/share", ".local/bin", ".local/share/applications", ".local/share/icons",
            ".local/share/icons/hicolor", ".local/share/icons/hicolor/scalable", ".local/share/icons/hicolor/256x256",
            ".local/share/icons/hicolor/scalable/apps", ".local/share/icons/hicolor/256x256/apps",
            ".config", ".local/state",
        }  # fmt: skip


@pytest.mark.parametrize("sign", ["TERM", "INT", "HUP"])
def test_an_interrupted_installation_tidies_up(
    tmp_path: Path, first: Path, second: Path, tools: Path, sign: str
) -> None:
    fresh = Home(tmp_path / "fresh")
    assert strike(fresh, first, tools, 6, sign) != 0
    assert listing(fresh.path) == fresh.before
    home = Home(tmp_path / "home").installed(first)
    before = listing(home.path)
    assert strike(home, second, tools, 4, sign) != 0
    assert listing(home.path) == before
    assert home.version() == "1"


def test_two_installations_at_once(tmp_path: Path, first: Path) -> None:
    """The second one waits for nobody: it says that the first is at work, and changes nothing."""
    home = Home(tmp_path / "home")
    blocker = home.root / ".staging"
    blocker.mkdir(parents=True)
    script = tmp_path / "install.sh"
    script.write_text("read -r wait\n")
    with subprocess.Popen(["/bin/sh", script], stdin=subprocess.PIPE) as other:
        (blocker / "pid").write_text(f"{other.pid}\n")
        run = home.install(first)
        assert run.returncode == 75
        assert (blocker / "pid").exists()
        other.kill()
    home.installed(first)
    assert not blocker.exists()
