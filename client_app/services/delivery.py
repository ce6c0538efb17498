"""Sending stored records: one PUT each, in the order they were made, until a receipt checks out.

Rules: the bytes sent are the bytes stored; a case's records arrive in the order they were made, because the later ones
name the earlier; a receipt counts only after `receipts.verify`; a final refusal parks the
record, everything else is tried again later, never earlier than the backend's Retry-After.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import random
import time
from collections.abc import Callable

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import VerifiedReceipt
from client_app.services import receipts
from client_app.services.http import Door, Method
from client_app.services.outbox import Outbox, Row, RowState
from client_app.services.problems import BackendProblemError
from client_app.services.retry import wait_seconds
from consent_record.wire import ProblemCode

_log = logging.getLogger(__name__)

DUE_LIMIT_SECONDS = 30.0
"""No further record is begun after this time in one call of `send_due`."""

_ALL_WAIT = frozenset({ErrorCode.NO_CONNECTION, ErrorCode.CONNECTION_INSPECTED, ErrorCode.NO_BACKEND_SET})
"""Failures that every other record would meet as well."""


class Delivery:
    """Takes records from the outbox to the backend and brings receipts back."""

    def __init__(
        self,
        door: Door,
        outbox: Outbox,
        *,
        root_key: str,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Prepare.

        Args:
            door: to the backend.
            outbox: the stored records.
            root_key: the pinned root, hexadecimal.
            clock: seconds since 1970; the times of the next tries are written with it.
            monotonic: for limits.
            chance: random number, 0 <= x < 1, for the jitter.
        """
        self._door = door
        self._outbox = outbox
        self._root_key = root_key
        self._clock = clock
        self._monotonic = monotonic
        self._chance = chance

    def send(self, record_id: str) -> VerifiedReceipt:
        """Send one record now and verify its receipt; a verified one is only read and verified again.

        Our own backoff does not stop a person who presses "try again"; the backend's Retry-After does.

        Raises:
            CustomerError: CANNOT_STORE (no such record), RECEIPT_WRONG, what the backend or the way to it said.
        """
        row = self._outbox.get(record_id)
        if row is None:
            raise CustomerError(ErrorCode.CANNOT_STORE, "the record is not in the outbox")
        if row.state is RowState.VERIFIED:
            return receipts.short(receipts.verify(row.receipt or b"", row, root_key=self._root_key))
        if row.state is RowState.REFUSED:
            raise CustomerError(ErrorCode.RECORD_REFUSED, row.reason)
        wait = row.server_wait_seconds(self._clock())
        if wait > 0:
            limited = row.reason == ProblemCode.RATE_LIMITED.value
            code = ErrorCode.TOO_MANY_TRIES if limited else ErrorCode.SERVER_TROUBLE
            raise CustomerError(code, "the backend asked to wait", wait)
        return self._try(row)

    def send_due(self) -> tuple[tuple[VerifiedReceipt, ...], float | None]:
        """Send what is due, oldest first.

        Returns:
            The receipts that came, and the seconds until something is due again (None: nothing waits).

        Raises:
            CustomerError: CANNOT_STORE, ALREADY_RUNNING.
        """
        if self._outbox.is_closed:
            return (), None
        came: list[VerifiedReceipt] = []
        held: set[str] = set()
        least = 0.0
        end = self._monotonic() + DUE_LIMIT_SECONDS
        for row in self._outbox.unsent():
            if row.case_id in held:
                continue
            if self._monotonic() > end:
                break
            if row.seconds_until_due(self._clock()) > 0:
                held.add(row.case_id)
                continue
            try:
                came.append(self._try(row))
            except BackendProblemError as error:
                if not error.is_final:
                    held.add(row.case_id)
            except CustomerError as error:
                if error.code in (ErrorCode.CANNOT_STORE, ErrorCode.ALREADY_RUNNING):
                    raise
                held.add(row.case_id)
                if error.code in _ALL_WAIT:
                    # What stops this one stops all: nothing is due before it.
                    least = self._first_due(only_case=row.case_id) or 0.0
                    break
        due = self._first_due()
        return tuple(came), None if due is None else max(due, least)

    def _first_due(self, only_case: str | None = None) -> float | None:
        """Return the seconds until the first record that waits for nothing but its time."""
        now = self._clock()
        first: dict[str, float] = {}
        for row in self._outbox.unsent():
            if only_case in (None, row.case_id):
                first.setdefault(row.case_id, row.seconds_until_due(now))
        return min(first.values(), default=None)

    def _try(self, row: Row) -> VerifiedReceipt:
        digest = base64.b64encode(hashlib.sha256(row.record).digest()).decode("ascii")
        try:
            answer = self._door.call(
                Method.PUT,
                f"/v1/records/{row.record_id}",
                body=row.record,
                token=row.token,
                headers={"Content-Digest": f"sha-256=:{digest}:"},
            )
            receipt = receipts.verify(answer, row, root_key=self._root_key)
        except BackendProblemError as error:
            if error.is_final:
                self._outbox.note_refusal(row.record_id, error.problem.value)
                _log.warning("record_refused", extra={"record_kind": row.kind, "reason": error.problem.value})
            else:
                self._put_off(row, error, error.problem.value)
            raise
        except CustomerError as error:
            self._put_off(row, error, error.code.value)
            raise
        short = receipts.short(receipt)
        self._outbox.note_receipt(
            row.record_id, answer, receipt_id=short.receipt_id, server_time=short.server_time
        )
        _log.info("receipt_verified", extra={"record_kind": row.kind, "record_id": row.record_id})
        return short

    def _put_off(self, row: Row, error: CustomerError, reason: str) -> None:
        now, server = self._clock(), error.retry_after_seconds
        wait = wait_seconds(row.tries + 1, chance=self._chance(), server_seconds=server)
        self._outbox.note_failure(
            row.record_id, reason, next_try_at=now + wait, not_before=now + server if server else 0.0
        )
        _log.info(
            "record_waits", extra={"record_kind": row.kind, "code": error.code, "seconds": round(wait, 1)}
        )
