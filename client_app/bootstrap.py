"""Builds the services of one run. Imports the heavy libraries, so it runs on a worker thread after the first paint."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

import resources
from client_app import __version__
from client_app.core.anydesk import AnyDeskPort, ProgramRelease
from client_app.core.config import Brand
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.returning import RETURN_OPTION, RestartSystem, ReturnStart
from client_app.core.services import Services
from client_app.guardian_entry import ELEVATED
from client_app.holding import hold_program
from client_app.options import is_frozen
from client_app.platforms import anydesk_system, current_system, elevated_starter, restart_system
from client_app.platforms.computer import computer_probe
from client_app.services.anydesk.config import AnyDeskConfig
from client_app.services.anydesk.download import Downloads
from client_app.services.anydesk.fetch import Web
from client_app.services.anydesk.session import AnyDeskSession
from client_app.services.anydesk.source import ClientSource, Located
from client_app.services.backend import Backend
from client_app.services.checks import Checks
from client_app.services.consent import ConsentService
from client_app.services.delivery import Delivery
from client_app.services.files import make_private_folder
from client_app.services.guardian.elevation import ElevationService
from client_app.services.http import Door
from client_app.services.log import start_log
from client_app.services.outbox import Outbox
from client_app.services.owned import find_list
from client_app.services.paths import Folders, user_folders
from client_app.services.receipt_text import ReceiptService
from client_app.services.records import Maker
from client_app.services.release import CompanyAnyDesk, load_release, now
from client_app.services.removal import RemovalService
from client_app.services.returning import Own, ReturningService
from client_app.services.run import Run
from client_app.services.seen_lists import SeenLists
from client_app.workers.proxy import find_proxies
from consent_record.case import CaseRules
from consent_record.records import SystemFamily

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Company:
    """Files that the company added to this program."""

    folder: Path

    @property
    def documents(self) -> Path:
        """Signed copies of the documents, for when the backend cannot be reached."""
        return self.folder / "documents.json"

    @property
    def release(self) -> Path:
        """The signed list of programs."""
        return self.folder / "release.json"

    @property
    def anydesk(self) -> Path:
        """The bundled AnyDesk."""
        return self.folder / "anydesk"


class Built:
    """The services of a run with what must be let go of at its end."""

    def __init__(
        self,
        services: Services,
        lock: QLockFile,
        outbox: Outbox,
        stop_log: Callable[[], None],
        anydesk_folder: Path,
    ) -> None:
        self.services = services
        self.anydesk_folder = anydesk_folder
        """Where copies of AnyDesk lie that this program starts."""
        self._lock = lock
        self._outbox = outbox
        self._stop_log = stop_log

    def let_go(self) -> None:
        """Close outbox and log and let another copy start."""
        self._outbox.close()
        self._stop_log()
        self._lock.unlock()


def build(
    brand: Brand,
    company: Company,
    data: Path | None,
    translators: Callable[[str], Translate],
    installed: Path | None = None,
    restart: RestartSystem | None = None,
) -> Built:
    """Build everything; nothing is sent and nothing of AnyDesk is touched.

    Args:
        brand: the company's settings.
        company: its files.
        data: folder for records, settings and logs; None means the user's own folders.
        translators: from a language to its translator, for the receipt in words.
        installed: list of the installation that may be removed; None means this very program, if it was installed.
        restart: what restarts the computer; None means this system's own.

    Raises:
        CustomerError: FOLDER_NOT_WRITABLE, ALREADY_RUNNING.
    """
    folders = user_folders(brand.product.package, data)
    lock = _only_one(folders)
    try:
        stop_log = start_log(folders.log_file)
    except OSError as error:
        raise CustomerError(ErrorCode.FOLDER_NOT_WRITABLE, type(error).__name__) from error
    root = brand.backend.root_public_key
    run = Run(system=_family(), client_version=__version__)
    door = Door(brand.backend.url, agent=f"{brand.product.package}/{__version__}", proxies=find_proxies)
    outbox = Outbox(folders.outbox_file)
    delivery = Delivery(door, outbox, root_key=root)
    consent = ConsentService(run, Maker(run, brand.seller.name), outbox, delivery, root_key=root)
    rules = CaseRules(
        session_seconds=brand.clocks.session_seconds,
        no_connection_seconds=brand.clocks.no_connection_seconds,
        reopen_seconds=brand.clocks.reopen_seconds,
        presence_seconds=brand.clocks.presence_seconds,
        presence_answer_seconds=brand.clocks.presence_answer_seconds,
    )
    backend = Backend(door, run, root_key=root, own_rules=rules, bundled_documents=company.documents)
    elevation = ElevationService(elevated_starter(elevated_command()) if is_frozen() else None)
    anydesk = _anydesk(brand, company, folders, elevation)
    checks = Checks(
        health=backend.check_health,
        computer=computer_probe(),
        anydesk=lambda: _check_anydesk(anydesk, run),
        fetch_anydesk=anydesk.fetch,
        stop_fetching=anydesk.stop_fetching,
        rights_policy=brand.rights_policy,
    )
    removal = RemovalService(
        installed or (find_list(Path(sys.executable)) if is_frozen() else None),
        folders,
        outbox,
        send_due=consent.send_due,
        stop_log=stop_log,
        before_delete=hold_program if is_frozen() else None,
    )
    receipts = ReceiptService(consent.receipt_bytes, translators, brand=brand, root_key=root)
    own = Own(root, rules, brand.clocks.return_seconds, _return_start(company, data))
    system = restart or restart_system(brand.product.package, brand.product.name.pl)
    returning = ReturningService(run, consent, outbox, folders.return_file, system, own)
    returning.tidy()
    return Built(
        Services(backend, consent, checks, anydesk, removal, receipts, returning, elevation=elevation),
        lock,
        outbox,
        stop_log,
        folders.anydesk_folder,
    )


def guardian_command() -> tuple[str, ...]:
    """Return the command that starts the guardian: this very program, without its window."""
    return (
        (sys.executable, "--guardian") if is_frozen() else (sys.executable, "-m", "client_app", "--guardian")
    )


def _return_start(company: Company, data: Path | None) -> ReturnStart:
    """Return what is started once after a restart: this very program, on its page for coming back."""
    if is_frozen():
        return ReturnStart((sys.executable, RETURN_OPTION))
    tree = Path(resources.__file__).resolve().parent.parent
    places = ["--company", str(company.folder.resolve())]
    if data is not None:
        places += ["--data", str(data.resolve())]
    return ReturnStart((sys.executable, "-m", "client_app", RETURN_OPTION, *places), tree)


def elevated_command() -> tuple[str, ...]:
    """Return the command that starts a guardian with more rights, but for the name of its pipe."""
    return (sys.executable, "--guardian", ELEVATED)


def _only_one(folders: Folders) -> QLockFile:
    try:
        make_private_folder(folders.lock_file.parent)
    except OSError as error:
        raise CustomerError(ErrorCode.FOLDER_NOT_WRITABLE, type(error).__name__) from error
    lock = QLockFile(str(folders.lock_file))
    # A lock of a process that died is known by its pid; none is too old while its process lives.
    lock.setStaleLockTime(0)
    if lock.tryLock(0):
        return lock
    if lock.error() is QLockFile.LockError.LockFailedError:
        raise CustomerError(ErrorCode.ALREADY_RUNNING)
    raise CustomerError(ErrorCode.FOLDER_NOT_WRITABLE, "lock file")


def _anydesk(brand: Brand, company: Company, folders: Folders, elevation: ElevationService) -> CompanyAnyDesk:
    def load() -> ProgramRelease:
        return load_release(
            company.release,
            root_key=brand.backend.root_public_key,
            system=_family(),
            now=now(),
            seen=SeenLists(folders.list_file),
        )

    # Says which program asks and nothing else: these addresses are not the company's backend.
    web = Web(brand.product.package, find_proxies)
    source = ClientSource(company.anydesk, folders.fetched_folder, Downloads(folders.fetched_folder, web))

    def open_session(located: Located) -> AnyDeskPort:
        return AnyDeskSession(
            anydesk_system(),
            AnyDeskConfig(
                source_folder=located.folder,
                release=located.release,
                private_root=folders.anydesk_folder,
                guardian_command=guardian_command(),
                prefix=brand.anydesk.prefix,
                namespace=brand.anydesk.namespace,
                allowed_features=frozenset(f.value for f in brand.anydesk.allowed_features),
                guardian_environment=None if is_frozen() else _with_this_tree(),
                take_guardian=elevation.take,
            ),
        )

    return CompanyAnyDesk(load, source.locate, open_session, web.stop)


def _with_this_tree() -> dict[str, str]:
    # From source the guardian must find these packages from whatever folder the client was started in.
    tree = str(Path(resources.__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([tree, known] if known else [tree])}


def _check_anydesk(anydesk: AnyDeskPort, run: Run) -> ErrorCode | None:
    anydesk.prepare(frozenset(run.case().statement.anydesk_numbers))
    return None


def _family() -> SystemFamily:
    return SystemFamily(current_system().value)
