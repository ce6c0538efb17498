"""The switches that change settings: what they write is what the product judges."""

from __future__ import annotations

import pytest

from client_app.core.anydesk import Setting
from client_app.services.anydesk.settings import has_password, judge_settings, profile_names, read_settings
from demo.anydesk.remote import Faults, StandInRemote
from tests.contracts.client import Client, seen_code

PASSWORD = "long-enough\n"


@pytest.fixture
def client(client: Client, remote: StandInRemote) -> Client:
    """Run by an administrator."""
    remote.prepare(Faults(elevated=True))
    return client


@pytest.mark.parametrize("profile", ["", "_full_access"])
def test_a_password_is_set_and_removed(client: Client, profile: str) -> None:
    """Facts 1.3 and 2.2; the password itself stands nowhere."""
    more = (profile,) if profile else ()
    assert client.ask("--set-password", *more, standard_input=PASSWORD)[0] == 0
    settings = read_settings(client.places)
    assert settings is not None
    assert has_password(settings)
    assert not any(PASSWORD.strip() in value for value in settings.values())
    assert client.ask("--remove-password", *more)[0] == 0
    assert not has_password(read_settings(client.places) or {})


@pytest.mark.parametrize(("given", "code"), [("short\n", 9006), ("", 9005)], ids=["short", "none"])
def test_a_password_that_does_not_do(client: Client, given: str, code: int) -> None:
    """Facts 1.3 and 1.4: 9006 below eight characters, 9005 without input."""
    assert client.ask("--set-password", standard_input=given)[0] == seen_code(code)
    assert not has_password(read_settings(client.places) or {})


def test_a_profile_is_added(client: Client) -> None:
    """Facts 1.3 and 2.2: the names of AnyDesk 7."""
    assert client.ask("--add-profile", "helper", "+file_manager", "-vpn", "+tcp_tunnel")[0] == 0
    settings = read_settings(client.places)
    assert settings is not None
    assert profile_names(settings) == {"helper"}
    safe = {one.setting: one.is_safe for one in judge_settings(settings, technician_numbers=())}
    assert safe[Setting.FILE_MANAGER] is False
    assert safe[Setting.TCP_TUNNEL] is False
    assert safe[Setting.VPN] is True


@pytest.mark.parametrize("arguments", [(), ("helper", "+fly"), ("helper", "input"), ("a b",)])
def test_a_profile_that_is_not_one(client: Client, arguments: tuple[str, ...]) -> None:
    """Fact 1.4: 7002."""
    assert client.ask("--add-profile", *arguments)[0] == seen_code(7002)
    assert read_settings(client.places) is None


@pytest.mark.parametrize(
    "switches",
    [
        ("--settings",),
        ("--settings:security",),
        ("--admin-settings",),
        ("--proxy", "--set-host", "never"),
        ("--proxy", "--set-host", "http", "proxy.example", "3128", "--reconnect"),
        ("--proxy", "--set-auth", "auto"),
        ("--remove-license",),
    ],
)
def test_what_is_taken(client: Client, switches: tuple[str, ...]) -> None:
    """Fact 1.3."""
    assert client.ask(*switches)[0] == 0


@pytest.mark.parametrize(
    "switches",
    [("--proxy",), ("--proxy", "--set-host", "maybe"), ("--disclaimer",), ("--quit",), ("--elevate",)],
)
def test_what_is_not_known(client: Client, switches: tuple[str, ...]) -> None:
    """Facts 1.3 and 1.4: --quit and --elevate do not exist; --disclaimer only with a text."""
    assert client.ask(*switches)[0] == seen_code(7002)


def test_a_custom_client_with_a_text_of_its_own(client: Client, remote: StandInRemote) -> None:
    """Fact 1.3."""
    remote.prepare(Faults(disclaimer="You are helped by Example."))
    assert client.ask("--disclaimer")[0] == 0
