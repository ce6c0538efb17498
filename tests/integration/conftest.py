"""One real world for the tests of this folder, and customers who act through the flow without a window."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app.services.anydesk import session as anydesk_session
from demo.world import World, living_world, make_company
from tests.integration.customer import Customer
from tests.integration.evidence import assert_no_crash
from tests.integration.relay import Relay


@pytest.fixture(scope="session")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Backend, technician, company's folder and stand-in, shared by the tests; each opens cases of its own."""
    with living_world(tmp_path_factory.mktemp("world") / "world") as made:
        yield made


@pytest.fixture(scope="session")
def world(direct: World) -> World:
    """The world that a module's customers live in; a module may put another one here."""
    return direct


MakeCustomer = Callable[..., Customer]
"""`make_customer(company=None)`: another company's folder than the world's may be given."""


@pytest.fixture
def make_customer(
    world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeCustomer]:
    """Makes customers, each with a data folder of their own, all with one home; ends whatever still runs."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    made: list[Customer] = []

    def make(company: Path | None = None) -> Customer:
        around = replace(world, company=company or world.company)
        made.append(Customer(around, qtbot, tmp_path / f"customer-{len(made)}"))
        return made[-1]

    yield make
    for customer in reversed(made):
        customer.leave()
        assert_no_crash(customer.data)


@pytest.fixture
def customer(make_customer: MakeCustomer) -> Customer:
    """One customer."""
    return make_customer()


@pytest.fixture(scope="session")
def _relay(direct: World) -> Iterator[Relay]:
    with Relay(direct.backend.port) as relay:
        yield relay


@pytest.fixture(scope="session")
def relayed(direct: World, _relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The same world for clients that reach the backend only through the relay; the technician sits beside it."""
    company = tmp_path_factory.mktemp("relayed") / "company"
    make_company(company, direct.backend, direct.standin, _relay.url)
    return replace(direct, company=company)


@pytest.fixture
def relay(_relay: Relay) -> Iterator[Relay]:
    """The relay, whole at the beginning and at the end."""
    _relay.heal()
    yield _relay
    _relay.heal()


@pytest.fixture
def quick_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure the closing facts a second time almost at once; for tests that are not about them."""
    monkeypatch.setattr(anydesk_session, "SECOND_LOOK_SECONDS", 0.2)
