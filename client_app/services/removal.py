"""Removing this program behind `RemovalPort`: by the list of what is ours, shown first, looked at afterwards.

Rules: the outbox is closed and the log stopped before their files go; records without a receipt are kept until they
were sent or saved elsewhere; files that the customer saved are in no list of ours and are never touched; an
interrupted removal can be repeated, because the installer's list goes last.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import RemovalView
from client_app.services.consent import is_exported
from client_app.services.outbox import Outbox
from client_app.services.owned import Installation, read_list
from client_app.services.paths import SQLITE_SUFFIXES, Folders
from client_app.services.removal_plan import Plan, execute, make_plan, texts

_log = logging.getLogger(__name__)


class RemovalService:
    """`RemovalPort` for an installation below a home folder (Linux, per user)."""

    def __init__(
        self,
        list_file: Path | None,
        folders: Folders,
        outbox: Outbox,
        *,
        send_due: Callable[[], object],
        stop_log: Callable[[], None],
        before_delete: Callable[[], None] | None = None,
    ) -> None:
        """Prepare; nothing is read.

        Args:
            list_file: from `owned.find_list`; None when this copy was not installed: then nothing is ever removed.
            folders: of this user.
            outbox: of this user.
            send_due: sends the records that wait (`ConsentPort.send_due`).
            stop_log: closes the log file for good.
            before_delete: called once nothing can be refused any more, before the first file goes.
        """
        self._list_file = list_file
        self._folders = folders
        self._outbox = outbox
        self._send_due = send_due
        self._stop_log = stop_log
        self._before_delete = before_delete
        self._spared: frozenset[Path] = frozenset()

    def plan(self) -> RemovalView:
        """Return what would be deleted and what would be left; empty when this copy was not installed.

        Raises:
            CustomerError: REMOVED_PARTLY: the list cannot be used.
        """
        if self._list_file is None:
            return RemovalView()
        plan = self._plan(read_list(self._list_file), self._kept())
        return RemovalView(planned=texts(step.place for step in plan.steps), left=texts(sorted(plan.left)))

    def remove(self) -> RemovalView:
        """Delete by the list and return what a look afterwards found.

        Raises:
            CustomerError: UNSENT_RECORDS: a record has no receipt and was not saved elsewhere; REMOVED_PARTLY: the
                list cannot be used. Nothing was deleted then.
        """
        if self._list_file is None:
            return RemovalView()
        installation = read_list(self._list_file)
        self._demand_records_safe()
        # Planned while everything is there: closing the outbox deletes files of ours too, and they are named as well.
        plan = self._plan(installation, self._kept())
        self._outbox.close()
        _log.info("removal_begins")
        self._stop_log()
        removed, left = execute(plan)
        return RemovalView(
            planned=texts(step.place for step in plan.steps), removed=texts(removed), left=texts(left)
        )

    def _plan(self, installation: Installation, kept: frozenset[Path]) -> Plan:
        try:
            return make_plan(installation, self._folders, keep=kept)
        except OSError as error:
            raise CustomerError(ErrorCode.REMOVED_PARTLY, type(error).__name__) from error

    def _demand_records_safe(self) -> None:
        if self._outbox.is_there and not self._are_records_safe():
            self._send_due()
            if not self._are_records_safe():
                raise CustomerError(ErrorCode.UNSENT_RECORDS, "records wait and were not saved elsewhere")

    def _are_records_safe(self) -> bool:
        return self._is_damaged() or all(is_exported(row) for row in self._outbox.without_receipt())

    def _kept(self) -> frozenset[Path]:
        """Return the outbox's files when nobody can tell what is in them: they do not hold removal up, and stay."""
        if self._outbox.is_there and self._is_damaged():
            # Remembered: a second try finds the outbox closed and could not tell any more.
            file = self._folders.outbox_file
            self._spared = frozenset(file.with_name(f"{file.name}{suffix}") for suffix in SQLITE_SUFFIXES)
        return self._spared

    def _is_damaged(self) -> bool:
        try:
            self._outbox.without_receipt()
        except CustomerError as error:
            if error.code is not ErrorCode.CANNOT_STORE:
                raise
            _log.warning("outbox_damaged")
            return True
        return False
