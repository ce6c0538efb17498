"""The company's signed list of programs: which AnyDesk may be started on this system, by hash."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import UNSET

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
from client_app.services.anydesk.download import OnProgress, no_progress
from client_app.services.anydesk.source import Located
from client_app.services.seen_lists import SeenLists
from consent_record.canonical import decode_canonical
from consent_record.errors import RecordError
from consent_record.records import SystemFamily
from consent_record.release import PART, PROGRAM, ReleaseFile, SignedManifest, check_manifest

_log = logging.getLogger(__name__)

FILE_LIMIT_BYTES = 4 * 1024 * 1024


def load_release(
    file: Path, *, root_key: str, system: SystemFamily, now: datetime, seen: SeenLists | None = None
) -> ProgramRelease:
    """Return what the list says of AnyDesk for one system.

    Args:
        file: the signed list.
        root_key: the pinned root, hexadecimal; "" trusts nothing.
        system: this system.
        now: aware.
        seen: the newest list seen before; this one is remembered if it holds. None for a look that starts nothing.

    Raises:
        CustomerError: LIST_UNTRUSTED (missing, changed, expired, by another root, older than one seen before),
            ANYDESK_MISSING (not for this system), or FOLDER_NOT_WRITABLE (it cannot be remembered).
    """
    least_sequence = seen.newest(root_key) if seen is not None else 0
    try:
        with file.open("rb") as stream:
            data = stream.read(FILE_LIMIT_BYTES + 1)
        signed = decode_canonical(data, SignedManifest)
        check_manifest(signed, root_key=root_key, now=now, least_sequence=least_sequence)
    except OSError as error:
        raise CustomerError(ErrorCode.LIST_UNTRUSTED, f"cannot be read: {type(error).__name__}") from error
    except RecordError as error:
        raise CustomerError(ErrorCode.LIST_UNTRUSTED, error.code) from error
    if seen is not None:
        seen.note(root_key, signed.manifest.sequence)
    ours = [f for f in signed.manifest.files if f.system is system]
    programs = [f for f in ours if f.product == PROGRAM]
    if len(programs) != 1:
        raise CustomerError(ErrorCode.ANYDESK_MISSING, "the list names no AnyDesk for this system")
    parts = tuple(_program_file(f) for f in ours if f.product == PART)
    return ProgramRelease(system.value, _program_file(programs[0]), parts)


def _program_file(file: ReleaseFile) -> ProgramFile:
    return ProgramFile(
        file.name,
        file.sha256,
        file.size,
        urls=() if file.urls is UNSET else file.urls,
        signer=None if file.signer is UNSET else file.signer,
    )


class CompanyAnyDesk:
    """`AnyDeskPort` that reads the signed list when AnyDesk is first needed, and again after a failure.

    Args:
        load: returns the release of the list.
        locate: returns where its files lie; fetches them when they are nowhere.
        open_session: makes the port for what was located.
        stop: ends fetching, for good.
    """

    def __init__(
        self,
        load: Callable[[], ProgramRelease],
        locate: Callable[[ProgramRelease, OnProgress], Located],
        open_session: Callable[[Located], AnyDeskPort],
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._load = load
        self._locate = locate
        self._open = open_session
        self.stop_fetching = stop
        self._release: ProgramRelease | None = None
        self._session: AnyDeskPort | None = None
        # One fetches at a time. Ending takes no part in this: it must not wait for a slow network.
        self._lock = threading.Lock()

    def fetch(self, on_progress: OnProgress = no_progress) -> None:
        """Read the list and have AnyDesk on this computer: found, or fetched within the fetching's own limit.

        Raises:
            CustomerError: the list is not to be trusted, or AnyDesk is neither here nor to be had.
        """
        self._ready(on_progress)

    def prepare(self, technician_numbers: frozenset[str]) -> Prepared:
        """Do as `fetch`, then verify AnyDesk and read its settings."""
        return self._ready(no_progress).prepare(technician_numbers)

    def _ready(self, on_progress: OnProgress) -> AnyDeskPort:
        with self._lock:
            release = self._release or self._load()
            # Each time: what was fetched may have been deleted since, and lies in the same place when it is back.
            located = self._locate(release, on_progress)
            if self._session is None:
                self._release, self._session = release, self._open(located)
            return self._session

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
