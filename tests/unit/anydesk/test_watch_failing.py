"""A watcher that breaks does not leave an AnyDesk behind that nobody watches."""

from __future__ import annotations

from typing import cast

import pytest

from client_app.core.anydesk import AnyDeskEvent, AnyDeskState
from client_app.core.anydesk_system import DataPlaces, ProcessIdentity
from client_app.core.errors import ErrorCode
from client_app.platforms.shared.polling import PollingWaiter
from client_app.services.anydesk.answers import Status
from client_app.services.anydesk.picture import OwnNumber, StatusSignal
from client_app.services.anydesk.tails import Tails
from client_app.services.anydesk.watch import Watcher
from client_app.services.guardian.client import GuardianClient

PLACES = DataPlaces((), ())


class SilentGuardian:
    """Never answers a question."""

    def ask_later(self, *_: object) -> None:
        return


def no_table() -> tuple[ProcessIdentity, ...]:
    raise OSError("too many open files")


@pytest.mark.expect_log("client_app.services.anydesk.watch", "watch_failed")
def test_a_watcher_that_breaks_ends_anydesk_first_and_then_says_so() -> None:
    told: list[object] = []
    waiter = PollingWaiter()
    guardian = cast("GuardianClient", SilentGuardian())
    watcher = Watcher(
        guardian,
        Tails(PLACES),
        PLACES,
        waiter,
        frozenset(("111222333",)),
        told.append,
        lambda: told.append("cut"),
        members=no_table,
    )
    watcher._inbox.put(OwnNumber("123456789"))
    watcher._inbox.put(StatusSignal(Status.ONLINE))
    watcher.begin()
    watcher._thread.join(10)
    assert not watcher._thread.is_alive()
    first, second = told
    assert first == "cut"
    assert isinstance(second, AnyDeskEvent)
    assert (second.state, second.error) == (AnyDeskState.UNGUARDED, ErrorCode.GUARDIAN_LOST)
