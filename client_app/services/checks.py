"""Checks of this computer and its connection behind `ChecksPort`: each bounded, none raises, none changes anything."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from client_app.core.brand_types import RightsPolicy
from client_app.core.computer import ComputerProbe, Display, Rights
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import CheckKind, CheckResult, CheckState
from client_app.services.bounded import LimitReachedError, run_bounded

_log = logging.getLogger(__name__)

LIMIT_SECONDS = 12.0

OnProgress = Callable[[int, int], None]
"""Told bytes fetched and bytes in all."""

Finding = tuple[CheckState, ErrorCode | None]
GOOD: Finding = (CheckState.GOOD, None)


class Checks:
    """`ChecksPort`. Safe from several worker threads."""

    def __init__(
        self,
        *,
        health: Callable[[], None],
        computer: ComputerProbe,
        anydesk: Callable[[], ErrorCode | None],
        rights_policy: RightsPolicy,
        fetch_anydesk: Callable[[OnProgress], None] | None = None,
        stop_fetching: Callable[[], None] = lambda: None,
        limit_seconds: float = LIMIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is asked.

        Args:
            health: asks the backend; raises `CustomerError` when it does not answer well.
            computer: this system's half.
            anydesk: checks AnyDesk; returns None when it may be started, or the code that forbids it, or raises
                `CustomerError` with that code.
            rights_policy: what a customer without rights is told.
            fetch_anydesk: sees to it that AnyDesk is on this computer, before it is checked. It has a limit of its
                own, because a slow network may need minutes; raises `CustomerError`.
            stop_fetching: ends that.
            limit_seconds: of one check.
            clock: for the time that a check took.
        """
        self._rights_policy = rights_policy
        self._limit_seconds = limit_seconds
        self._clock = clock
        self._health = health
        self._computer = computer
        self._anydesk = anydesk
        self._fetch_anydesk = fetch_anydesk
        self.stop = stop_fetching
        self._checks: dict[CheckKind, Callable[[], Finding]] = {
            CheckKind.BACKEND: self._check_backend,
            CheckKind.RIGHTS: self._check_rights,
            CheckKind.DISPLAY: self._check_display,
            CheckKind.ANYDESK: self._check_anydesk,
        }

    def local(self) -> tuple[CheckKind, ...]:
        """Checks that need only this computer and the backend."""
        return (CheckKind.BACKEND, CheckKind.RIGHTS, CheckKind.DISPLAY)

    def after_terms(self) -> tuple[CheckKind, ...]:
        """Checks that concern AnyDesk."""
        return (CheckKind.ANYDESK,)

    def run(self, kind: CheckKind, on_progress: OnProgress | None = None) -> CheckResult:
        """Run one check; a fault of the check itself is a result too, and a check of AnyDesk that failed blocks."""
        begun = self._clock()
        try:
            if kind is CheckKind.ANYDESK and self._fetch_anydesk is not None:
                self._fetch_anydesk(on_progress or _nobody)
            state, code = run_bounded(
                self._checks[kind], seconds=self._limit_seconds, name=f"check-{kind.value}"
            )
            result = CheckResult(kind, state, code)
        except LimitReachedError:
            result = CheckResult(kind, _failed(kind), ErrorCode.CHECK_TIMED_OUT)
        except CustomerError as error:
            result = CheckResult(kind, _failed(kind), error.code)
        except Exception:  # noqa: BLE001 - whatever a check meets is a finding, logged and shown with a code
            _log.exception("check_crashed", extra={"kind": kind})
            result = CheckResult(kind, _failed(kind), ErrorCode.INTERNAL)
        result = replace(result, seconds=self._clock() - begun)
        _log.info(
            "check_done",
            extra={"kind": kind, "state": result.state, "code": result.code, "seconds": result.seconds},
        )
        return result

    def _check_backend(self) -> Finding:
        self._health()
        return GOOD

    def _check_rights(self) -> Finding:
        match self._computer.rights():
            case Rights.ADMINISTRATOR | Rights.CAN_ELEVATE:
                return GOOD
            case Rights.NONE:
                stops = self._rights_policy is RightsPolicy.STOP
                return (CheckState.BLOCKING if stops else CheckState.WARNING, ErrorCode.RIGHTS_NONE)
            case Rights.UNKNOWN:
                return (CheckState.WARNING, ErrorCode.RIGHTS_UNKNOWN)

    def _check_display(self) -> Finding:
        if self._computer.display() is Display.WAYLAND:
            return (CheckState.WARNING, ErrorCode.DISPLAY_WAYLAND)
        return GOOD

    def _check_anydesk(self) -> Finding:
        code = self._anydesk()
        return GOOD if code is None else (CheckState.BLOCKING, code)


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody."""


def _failed(kind: CheckKind) -> CheckState:
    """Return how bad it is that a check could not be done.

    Without a verified AnyDesk nothing can be started. A backend that did not answer once is only a warning: joining
    and sending find out for themselves, and an acceptance by phone stays possible.
    """
    return CheckState.BLOCKING if kind is CheckKind.ANYDESK else CheckState.WARNING
