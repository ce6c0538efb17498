"""The company's signed list of programs: which AnyDesk may be started on this system, by hash."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from client_app.core.anydesk import (
    AnyDeskEvent,
    AnyDeskPort,
    ClosingFact,
    ClosingProof,
    Prepared,
    ProgramFile,
    ProgramRelease,
)
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import StartPermission
from client_app.core.session import EndedBy
from consent_record.canonical import decode_canonical
from consent_record.errors import RecordError
from consent_record.records import SystemFamily
from consent_record.release import PART, PROGRAM, SignedManifest, check_manifest

_log = logging.getLogger(__name__)

FILE_LIMIT_BYTES = 4 * 1024 * 1024


def load_release(
    file: Path, *, root_key: str, system: SystemFamily, now: datetime, least_sequence: int = 0
) -> ProgramRelease:
    """Return what the list says of AnyDesk for one system.

    Args:
        file: the signed list.
        root_key: the pinned root, hexadecimal; "" trusts nothing.
        system: this system.
        now: aware.
        least_sequence: newest list seen before.

    Raises:
        CustomerError: LIST_UNTRUSTED (missing, changed, expired, by another root), or ANYDESK_MISSING (not for this
            system).
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(FILE_LIMIT_BYTES + 1)
        signed = decode_canonical(data, SignedManifest)
        check_manifest(signed, root_key=root_key, now=now, least_sequence=least_sequence)
    except OSError as error:
        raise CustomerError(ErrorCode.LIST_UNTRUSTED, f"cannot be read: {type(error).__name__}") from error
    except RecordError as error:
        raise CustomerError(ErrorCode.LIST_UNTRUSTED, error.code) from error
    ours = [f for f in signed.manifest.files if f.system is system]
    programs = [f for f in ours if f.product == PROGRAM]
    if len(programs) != 1:
        raise CustomerError(ErrorCode.ANYDESK_MISSING, "the list names no AnyDesk for this system")
    parts = tuple(ProgramFile(f.name, f.sha256, f.size) for f in ours if f.product == PART)
    program = programs[0]
    return ProgramRelease(system.value, ProgramFile(program.name, program.sha256, program.size), parts)


class CompanyAnyDesk:
    """`AnyDeskPort` that reads the signed list when AnyDesk is first needed, and again after a failure.

    Args:
        load: returns the release of the list.
        open_session: makes the port for a release.
    """

    def __init__(
        self, load: Callable[[], ProgramRelease], open_session: Callable[[ProgramRelease], AnyDeskPort]
    ) -> None:
        self._load = load
        self._open = open_session
        self._session: AnyDeskPort | None = None

    def prepare(self, technician_numbers: frozenset[str]) -> Prepared:
        """Read the list, find and verify AnyDesk and read its settings."""
        if self._session is None:
            self._session = self._open(self._load())
        return self._session.prepare(technician_numbers)

    def start(
        self,
        permission: StartPermission,
        technician_numbers: frozenset[str],
        on_event: Callable[[AnyDeskEvent], None],
    ) -> None:
        """Start AnyDesk; `prepare` must have succeeded in this run."""
        if self._session is None:
            raise CustomerError(ErrorCode.ANYDESK_NOT_STARTED, "start before prepare")
        self._session.start(permission, technician_numbers, on_event)

    def number(self) -> str:
        """Return this computer's AnyDesk number, "" while unknown."""
        return "" if self._session is None else self._session.number()

    def end(
        self, by: EndedBy, on_first: Callable[[tuple[ClosingFact, ...]], None] | None = None
    ) -> ClosingProof:
        """Close AnyDesk and measure. Without a list nothing was started, and nothing can be measured either."""
        if self._session is None:
            _log.warning("end_before_prepare")
            return ClosingProof((), (), 0.0)
        return self._session.end(by, on_first)


def now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)
