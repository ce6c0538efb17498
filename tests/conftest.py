"""The strict harness: warnings, Qt messages and log records fail, the network ends at this machine.

Its parts are plugins in tests/helpers. The rest is in pyproject.toml under [tool.pytest].
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = (
    "tests.helpers.garbage",
    "tests.helpers.last_words",
    "tests.helpers.logfail",
    "tests.helpers.network_guard",
    "tests.helpers.watchdog_plugin",
    "tests.helpers.wine",
)

# Whatever the machine of a developer says, tests see the same language, colours and configuration.
_NEUTRAL_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "LANGUAGE": "", "TZ": "Europe/Warsaw", "QT_SCALE_FACTOR": "1"}
_UNSET = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "QT_STYLE_OVERRIDE",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --onscreen; without it the tests need no screen and disturb none."""
    parser.addoption("--onscreen", action="store_true", help="use the real screen (or Xvfb), not offscreen")


def pytest_configure(config: pytest.Config) -> None:
    """Fixes the surroundings before any module of Qt or of the product is imported."""
    if not config.getoption("--onscreen"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.update(_NEUTRAL_ENVIRONMENT)
    for name in _UNSET:
        os.environ.pop(name, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the long matrices and the tests of a real screen out unless they are asked for."""
    skip_long = pytest.mark.skip(reason="long matrix: set CI_LONG=1")
    skip_onscreen = pytest.mark.skip(reason="needs a screen: run with --onscreen")
    for item in items:
        if item.get_closest_marker("long") and os.environ.get("CI_LONG") != "1":
            item.add_marker(skip_long)
        if item.get_closest_marker("onscreen") and not config.getoption("--onscreen"):
            item.add_marker(skip_onscreen)


@pytest.fixture(scope="session")
def _new_homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are not there yet; pytest's own numbering looks through all earlier ones for every new one."""
    folder = tmp_path_factory.mktemp("home", numbered=False)
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_home(_new_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives every test a home folder of its own, so that none reads or writes the developer's."""
    home = next(_new_homes)
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    # The same on Windows.
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("APPDATA", str(home / "AppData" / "Roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(home / "AppData" / "Local"))
    for name, folder in (
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("STATE", ".local/state"),
        ("CACHE", ".cache"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder that holds pyproject.toml."""
    return Path(__file__).resolve().parent.parent
