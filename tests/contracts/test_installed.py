"""The installed stand-in, beyond the contract: rights, codes, what is refused, and a second one beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_app.platforms import anydesk_system
from client_app.platforms.linux.persistence import LinuxPersistence
from demo.anydesk.places import ROOT
from demo.anydesk.remote import Faults, StandInRemote
from demo.anydesk.supervisor import Supervisor
from tests.contracts.client import IS_WINDOWS, NOT_RUNNING, Client, InstalledClient, seen_code
from tests.contracts.conftest import ALLOWED
from tests.contracts.waiting import wait_for
from tests.helpers.wine import wine_limit

RIGHTS = (
    *("--install", "--remove", "--uninstall", "--start", "--stop-service", "--restart-service"),
    *(
        "--set-password",
        "--remove-password",
        "--add-profile",
        "--register-license",
        "--admin-settings:security",
    ),
)


@pytest.mark.parametrize("switch", RIGHTS)
def test_without_rights_nothing_is_done(client: Client, remote: StandInRemote, switch: str) -> None:
    """Fact 1.4: 8000."""
    remote.prepare(Faults(install_disallowed=False))
    target = client.home / "installed"
    assert client.ask(switch, str(target), standard_input="secret-enough\n")[0] == seen_code(8000)
    assert not target.exists()
    assert {path.name for path in remote.places.folder.iterdir()} == {"faults.json"}


def test_a_custom_client_may_be_forbidden_to_install(
    installable: InstalledClient, remote: StandInRemote
) -> None:
    """Facts 1.4 and 4: 0xAD1006, even for an administrator."""
    remote.prepare(ALLOWED._replace(install_disallowed=True))
    assert installable.install("--start-with-win") == seen_code(0xAD1006)
    assert not installable.folder.exists()
    assert installable.service() is None
    assert installable.autostart() is None


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--no-such-option",), 7002),
        # Not to be had for custom clients (fact 4).
        (("--update-auto",), 0xAD1005),
    ],
)
def test_wrong_options_install_nothing(
    installable: InstalledClient, options: tuple[str, ...], code: int
) -> None:
    """Fact 1.4."""
    assert installable.install(*options) == seen_code(code)
    assert not installable.folder.exists()
    assert installable.portable.ask("--install")[0] == seen_code(0xAD1005)


@pytest.mark.skipif(IS_WINDOWS, reason="not on Windows: its service manager is always there")
def test_without_a_service_manager_nothing_stays(client: Client, remote: StandInRemote) -> None:
    """Fact 1.4: 0xAD1003."""
    remote.prepare(ALLOWED)
    assert client.ask("--install", str(client.home / "there"), "--silent")[0] == seen_code(0xAD1003)
    assert not (client.home / "there").exists()


def test_the_number_is_carried_over_and_stays_after_removal(
    installable: InstalledClient, remote: StandInRemote, installed_remote: StandInRemote
) -> None:
    """Facts 1.1 and 2.1: settings go along; the data folder stays."""
    remote.set_setting("system.conf", {"ad.anynet.id": "345678901"})
    assert installable.install() == 0
    installed_remote.wait_until_online(30)
    assert installable.ask("--get-id") == (0, "345678901")
    # Without --start-with-win there is no entry for the log-in.
    assert installable.autostart() is None
    installable.remove()
    assert installed_remote.setting("system.conf", "ad.anynet.id") == "345678901"


def test_removal_is_not_over_when_the_switch_returns(
    installed: InstalledClient, installed_remote: StandInRemote
) -> None:
    """Fact 1.4: scripts poll for up to 90 s."""
    installed_remote.prepare(ALLOWED._replace(remove_delay=3))
    assert installed.ask("--silent", "--remove")[0] == 0
    assert installed.program.exists()
    assert installed.service() is not None
    wait_for(lambda: not installed.folder.exists(), 30)
    assert installed.service() is None


@pytest.mark.parametrize("yes", [False, True], ids=["no", "yes"])
def test_uninstall_asks_first(installed: InstalledClient, installed_remote: StandInRemote, yes: bool) -> None:
    """Fact 1.1: --uninstall has a prompt, --remove has none."""
    question = installed.start_with("--uninstall")
    installed_remote.answer_uninstall(yes)
    assert question.wait(30) == 0
    if yes:
        wait_for(lambda: not installed.folder.exists(), 30)
    else:
        assert installed.ask("--get-status")[1] == "online"
        assert installed.service() is not None


def test_a_second_window_is_refused(installed: InstalledClient, installed_remote: StandInRemote) -> None:
    """Fact 1.4: 7003."""
    installed.start()
    wait_for(lambda: installed_remote.has_window(), 15)
    assert installed.ask()[0] == seen_code(7003)


def test_killing_the_window_leaves_service_and_tray(
    installed: InstalledClient, installed_remote: StandInRemote
) -> None:
    """Fact 3: and a session does not depend on the window."""
    wait_for(lambda: installed.images() == 2)
    window = installed.start()
    wait_for(lambda: installed_remote.has_window(), 15)
    installed_remote.incoming("221436813")
    installed_remote.accept()
    window.kill()
    window.wait(10)
    assert installed_remote.session() == "running"
    wait_for(lambda: installed.images() == 3)


@wine_limit("service-restart")
def test_a_killed_service_comes_back(installed: InstalledClient, installed_remote: StandInRemote) -> None:
    """Fact 3: the service manager starts it again, and the tray process finds the new one."""
    wait_for(lambda: installed.images() == 2)
    service, control = sorted(installed.own_processes(), key=lambda one: one.created)
    installed.kill(service.pid)
    wait_for(lambda: installed.table.identify(service.pid) != service)
    installed_remote.wait_until_online(30)
    now = installed.own_processes()
    assert service not in now
    assert control in now
    assert len(now) == 2


def test_it_cannot_be_stopped_twice(installed: InstalledClient) -> None:
    """Fact 1.4: 9010."""
    assert installed.ask("--stop-service")[0] == 0
    assert installed.ask("--get-id") == (seen_code(9010), NOT_RUNNING)
    assert installed.ask("--stop-service")[0] == seen_code(9010)
    wait_for(lambda: installed.images() == 0)
    # The entry is still there, and with it the way back in.
    assert installed.service() is not None


def test_removing_needs_rights_too(installed: InstalledClient, installed_remote: StandInRemote) -> None:
    """Fact 1.4."""
    installed_remote.prepare(ALLOWED._replace(elevated=False))
    for switch in ("--remove", "--uninstall", "--stop-service"):
        assert installed.ask("--silent", switch)[0] == seen_code(8000)
    assert installed.ask("--get-status")[1] == "online"
    installed_remote.prepare(ALLOWED)


def test_installed_over_an_older_one(installed: InstalledClient, installed_remote: StandInRemote) -> None:
    """Fact 1.4 (0xAD1001), and --remove-first of fact 1.1."""
    assert installed.install() == seen_code(0xAD1001)
    assert installed.ask("--get-status")[1] == "online"
    assert installed.install("--remove-first") == 0
    installed_remote.wait_until_online(30)
    assert installed.autostart() is None


def test_links_of_the_programs_menu_and_the_desktop(installable: InstalledClient) -> None:
    """Fact 1.1."""
    assert installable.install("--create-shortcuts", "--create-desktop-icon") == 0
    from demo.anydesk.places import installation_of

    installation = installation_of(installable.program)
    assert installation is not None
    links = [Path(entry) for entry in installation.entries if not entry.endswith(".service")]
    assert [link.is_file() for link in links] == [True, True]
    installable.remove()
    assert [link.exists() for link in links] == [False, False]


@pytest.mark.skipif(IS_WINDOWS, reason="not on Windows: units are systemd's")
def test_its_unit_may_be_the_systems(
    installable: InstalledClient, remote: StandInRemote, installed_remote: StandInRemote
) -> None:
    """Fact 3: anydesk.service of the .deb is a system unit; here below the stand-in's own root."""
    remote.prepare(ALLOWED._replace(system_unit=True))
    assert installable.install() == 0
    installed_remote.wait_until_online()
    assert installable.service() is None
    found = LinuxPersistence(installable.home / ROOT).services()
    assert installable.entry(found) is not None


@pytest.mark.skipif(not IS_WINDOWS, reason="only Windows has a list of installed programs")
def test_it_stands_in_the_list_of_programs(installed: InstalledClient) -> None:
    """Fact 3: the uninstall key."""
    import importlib
    from typing import Any

    winreg: Any = importlib.import_module("winreg")
    key = rf"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\{installed.name}"
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
        assert winreg.QueryValueEx(opened, "UninstallString")[0] == f'"{installed.program}" --uninstall'
    installed.remove()

    def is_gone() -> bool:
        try:
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key).Close()
        except FileNotFoundError:
            return True
        return False

    wait_for(is_gone)


def test_the_product_can_take_it_out(installed: InstalledClient, service_manager: Supervisor | None) -> None:
    """What it does with the entries of a client of ours that was installed meanwhile: stopped, and neither is left."""
    wait_for(lambda: installed.images() == 2)
    persistence = anydesk_system().persistence
    if service_manager is not None:
        persistence = LinuxPersistence(systemctl=service_manager.systemctl)
    service, autostart = installed.service(), installed.autostart()
    assert service is not None
    assert autostart is not None
    assert persistence.disable(service)
    assert persistence.disable(autostart)
    wait_for(lambda: installed.images() == 0, 20)
    assert (installed.service(), installed.autostart()) == (None, None)


def test_two_firms_clients_live_side_by_side(
    installed: InstalledClient, installed_remote: StandInRemote, home: Path
) -> None:
    """Fact 3: several on one computer are normal; stopping one leaves the other alone."""
    from tests.contracts.world import stand_in

    program = stand_in("AnyDesk-ad_deadbeef").program
    other = InstalledClient(
        Client(program, home, anydesk_system().data_places(program.name, "")), home / "Other"
    )
    StandInRemote(program, home).prepare(ALLOWED)
    other_remote = StandInRemote(program, home, installed=True)
    assert other.install() == 0
    try:
        other_remote.wait_until_online(30)
        assert installed.ask("--stop-service")[0] == 0
        assert other.ask("--get-status")[1] == "online"
        assert {other.name, installed.name} <= _service_names()
    finally:
        other.remove()
    assert installed.service() is not None


def _service_names() -> set[str]:
    services = anydesk_system().persistence.services()
    assert services is not None
    return {Path(one.name).name.removesuffix(".service") for one in services}
