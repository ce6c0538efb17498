"""Checks: bounded, never raising, and no worse than they must be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from client_app.core.brand_types import RightsPolicy
from client_app.core.computer import Display, Rights
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import ChecksPort
from client_app.core.session import CheckKind, CheckState
from client_app.services.bounded import LimitReachedError, run_bounded
from client_app.services.checks import Checks
from tests.unit.services.bench import Bench


class Computer:
    """A computer that answers as a test says."""

    def __init__(self, rights: Rights = Rights.CAN_ELEVATE, display: Display = Display.SHAREABLE) -> None:
        self._rights, self._display = rights, display

    def rights(self) -> Rights:
        return self._rights

    def display(self) -> Display:
        return self._display


def checks(
    *,
    health: Callable[[], None] = lambda: None,
    computer: Computer | None = None,
    anydesk: Callable[[], ErrorCode | None] = lambda: None,
    policy: RightsPolicy = RightsPolicy.ASK_TECHNICIAN,
    limit: float = 12.0,
) -> Checks:
    return Checks(
        health=health,
        computer=computer or Computer(),
        anydesk=anydesk,
        rights_policy=policy,
        limit_seconds=limit,
    )


def fails(code: ErrorCode) -> Callable[[], None]:
    def fail() -> None:
        raise CustomerError(code)

    return fail


# --- what goes wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(CheckKind))
def test_a_check_that_hangs_ends_with_a_code(kind: CheckKind) -> None:
    release = threading.Event()

    class Stuck(Computer):
        def rights(self) -> Rights:
            release.wait(20)
            return Rights.UNKNOWN

        def display(self) -> Display:
            release.wait(20)
            return Display.SHAREABLE

    def hang() -> None:
        release.wait(20)

    begun = time.monotonic()
    result = checks(health=hang, anydesk=hang, computer=Stuck(), limit=0.2).run(kind)
    took = time.monotonic() - begun
    release.set()
    assert result.code is ErrorCode.CHECK_TIMED_OUT
    assert took < 2
    assert 0.2 <= result.seconds < 2
    assert result.state is (CheckState.BLOCKING if kind is CheckKind.ANYDESK else CheckState.WARNING)


@pytest.mark.expect_log("client_app.services.checks", "check_crashed")
@pytest.mark.parametrize("kind", list(CheckKind))
def test_a_check_that_crashes_ends_with_a_code(kind: CheckKind) -> None:
    class Broken(Computer):
        def rights(self) -> Rights:
            raise ZeroDivisionError

        def display(self) -> Display:
            raise ZeroDivisionError

    def crash() -> None:
        raise ZeroDivisionError

    result = checks(health=crash, anydesk=crash, computer=Broken()).run(kind)
    assert result.code is ErrorCode.INTERNAL
    assert result.state is (CheckState.BLOCKING if kind is CheckKind.ANYDESK else CheckState.WARNING)


@pytest.mark.parametrize(
    "code", [ErrorCode.ANYDESK_MISSING, ErrorCode.ANYDESK_CHANGED, ErrorCode.LIST_UNTRUSTED]
)
def test_an_anydesk_that_may_not_be_started_blocks(code: ErrorCode) -> None:
    for anydesk in (lambda: code, fails(code)):
        result = checks(anydesk=anydesk).run(CheckKind.ANYDESK)
        assert (result.state, result.code) == (CheckState.BLOCKING, code)


@pytest.mark.parametrize(
    "code", [ErrorCode.NO_CONNECTION, ErrorCode.CONNECTION_INSPECTED, ErrorCode.SERVER_TROUBLE]
)
def test_a_backend_that_does_not_answer_is_a_warning(code: ErrorCode) -> None:
    result = checks(health=fails(code)).run(CheckKind.BACKEND)
    assert (result.state, result.code) == (CheckState.WARNING, code)


# --- the table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rights", "policy", "state", "code"),
    [
        (Rights.ADMINISTRATOR, RightsPolicy.STOP, CheckState.GOOD, None),
        (Rights.CAN_ELEVATE, RightsPolicy.STOP, CheckState.GOOD, None),
        (Rights.NONE, RightsPolicy.STOP, CheckState.BLOCKING, ErrorCode.RIGHTS_NONE),
        (Rights.NONE, RightsPolicy.ASK_TECHNICIAN, CheckState.WARNING, ErrorCode.RIGHTS_NONE),
        (Rights.UNKNOWN, RightsPolicy.STOP, CheckState.WARNING, ErrorCode.RIGHTS_UNKNOWN),
    ],
)
def test_rights(rights: Rights, policy: RightsPolicy, state: CheckState, code: ErrorCode | None) -> None:
    result = checks(computer=Computer(rights), policy=policy).run(CheckKind.RIGHTS)
    assert (result.state, result.code) == (state, code)


@pytest.mark.parametrize(
    ("display", "state", "code"),
    [
        (Display.SHAREABLE, CheckState.GOOD, None),
        (Display.WAYLAND, CheckState.WARNING, ErrorCode.DISPLAY_WAYLAND),
    ],
)
def test_display(display: Display, state: CheckState, code: ErrorCode | None) -> None:
    result = checks(computer=Computer(display=display)).run(CheckKind.DISPLAY)
    assert (result.state, result.code) == (state, code)


def test_the_backend_is_asked_for_real(bench: Bench) -> None:
    ours = checks(health=bench.backend.check_health)
    assert ours.run(CheckKind.BACKEND).state is CheckState.GOOD
    assert [asked.path for asked in bench.asked] == ["/v1/health"]
    bench.cut()
    result = ours.run(CheckKind.BACKEND)
    assert (result.state, result.code) == (CheckState.WARNING, ErrorCode.NO_CONNECTION)


def test_every_kind_has_its_moment() -> None:
    port: ChecksPort = checks()
    assert sorted((*port.local(), *port.after_terms()), key=lambda k: k.value) == sorted(
        CheckKind, key=lambda k: k.value
    )
    assert port.after_terms() == (CheckKind.ANYDESK,)


# --- the limit itself ---------------------------------------------------------------------------------------------


def test_bounded_work_returns_raises_and_is_told_of_its_limit() -> None:
    assert run_bounded(lambda: 7, seconds=5, name="t") == 7
    with pytest.raises(ZeroDivisionError):
        run_bounded(lambda: 1 // 0, seconds=5, name="t")
    told, release = threading.Event(), threading.Event()

    def limit() -> None:
        told.set()
        release.set()

    with pytest.raises(LimitReachedError):
        run_bounded(lambda: release.wait(20), seconds=0.05, name="t", on_limit=limit)
    assert told.is_set()
