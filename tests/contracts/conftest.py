"""Stand-ins for the tests of this folder: portable in a home of its own, and installed from that one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_app.platforms import anydesk_system
from demo.anydesk.remote import Faults, StandInRemote
from demo.anydesk.supervisor import Supervisor
from tests.contracts.client import IS_WINDOWS, Client, InstalledClient, home_variables
from tests.contracts.world import stand_in

ALLOWED = Faults(install_disallowed=False, elevated=True, remove_delay=0.2)
"""A client that may be installed, run by an administrator."""


@pytest.fixture(scope="session")
def program() -> Path:
    """The frozen stand-in."""
    return stand_in().program


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of the test's stand-in, for the product too."""
    for name, value in home_variables(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    return tmp_path


@pytest.fixture
def client(program: Path, home: Path) -> Iterator[Client]:
    """The stand-in as a portable client; it is not started yet."""
    client = Client(program, home, anydesk_system().data_places(program.name, ""))
    yield client
    client.close()


@pytest.fixture
def remote(client: Client) -> StandInRemote:
    """Drives the portable one."""
    return StandInRemote(client.program, client.home)


@pytest.fixture
def service_manager(home: Path) -> Iterator[Supervisor | None]:
    """A service manager: systemd's stand-in for this home; Windows has a real one."""
    with contextlib.nullcontext() if IS_WINDOWS else Supervisor(home) as manager:
        yield manager


@pytest.fixture
def installable(
    client: Client, remote: StandInRemote, service_manager: Supervisor | None
) -> Iterator[InstalledClient]:
    """An installed client that is not installed yet, and surely is not afterwards."""
    remote.prepare(ALLOWED)
    installed = InstalledClient(client, client.home / "Program Files" / client.program.stem)
    yield installed
    InstalledClient.close(installed)
    installed.remove()


@pytest.fixture
def installed_remote(installable: InstalledClient) -> StandInRemote:
    """Drives the installed one."""
    return StandInRemote(installable.program, installable.home, installed=True)


@pytest.fixture
def installed(installable: InstalledClient, installed_remote: StandInRemote) -> InstalledClient:
    """The stand-in, installed with a service and an entry for the log-in; its service answers."""
    assert installable.install("--start-with-win") == 0
    installed_remote.wait_until_online(30)
    return installable
