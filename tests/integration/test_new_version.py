"""The company publishes new terms while a customer is on the way: read and ticked again, then ordered for real."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import Control, Document, Phase
from demo.world import World, living_world
from tests.integration.customer import LIMIT_MS, Customer
from tests.unit.core.sessions import act

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def own_world(tmp_path: Path) -> Iterator[World]:
    """A world of its own, because its documents change."""
    with living_world(tmp_path / "world") as made:
        yield made


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
def test_new_terms_at_the_moment_of_the_order(
    own_world: World, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    customer = Customer(own_world, qtbot, tmp_path).come_to(Phase.ORDER)
    terms = customer.session.document(Document.TERMS)
    assert terms is not None
    newer = tmp_path / "terms.md"
    newer.write_text(terms.markdown + "\n\nNowy punkt.\n", encoding="utf-8")
    own_world.backend.publish("terms", "pl", newer)
    customer.do(ev.Ticked(act(Control.AUTHORITY)), ev.Ticked(act(Control.EARLY_START)))
    customer.do(ev.OrderPressed(act(Control.ORDER)))
    customer.until(Phase.TERMS)
    qtbot.waitUntil(lambda: customer.session.document(Document.TERMS) != terms, timeout=LIMIT_MS)
    assert customer.session.error is ErrorCode.DOCUMENTS_CHANGED
    assert not customer.session.ticked(Control.ACCEPT_TERMS)
    shown = customer.session.document(Document.TERMS)
    assert shown is not None
    assert shown.markdown.endswith("Nowy punkt.\n")
    customer.do(ev.Ticked(act(Control.ACCEPT_TERMS)), ev.Ticked(act(Control.ACCEPT_PRICE)))

    def goes_on() -> bool:
        if customer.session.phase is Phase.TERMS:
            customer.do(ev.NextPressed())
        return customer.session.phase is Phase.COMPUTER

    qtbot.waitUntil(goes_on, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: not customer.session.checks_running, timeout=LIMIT_MS)
    customer.do(ev.NextPressed(), ev.OrderPressed(act(Control.ORDER)))
    customer.until(Phase.WAITING)
    customer.leave()
