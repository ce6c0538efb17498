"""What AnyDesk's services need of the system, as Protocols; client_app.platforms has a half for each system."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from client_app.core.anydesk_signature import SignatureChecker


@dataclass(frozen=True)
class ProcessIdentity:
    """One process for good: pids are reused, a pid with its creation time is not.

    Attributes:
        created: the system's own creation time, in its own unit, only to be compared for equality.
        image: absolute path of the executable, "" when the system does not tell.
    """

    pid: int
    created: int
    image: str = ""


@dataclass(frozen=True)
class SeenProcess:
    """A process in one look at the table; zombies are not seen."""

    identity: ProcessIdentity
    parent: int


class ProcessTable(Protocol):
    """Looking at processes and ending them by identity."""

    def everything(self) -> tuple[SeenProcess, ...]:
        """Return all live processes that this user can see."""
        ...

    def identify(self, pid: int) -> ProcessIdentity | None:
        """Return the live process with this pid, None when there is none."""
        ...

    def end(self, identity: ProcessIdentity, *, force: bool) -> None:
        """Ask (or, with `force`, make) exactly this process end; nothing happens if it is gone or is another one."""
        ...

    def home_of(self, pid: int) -> str | None:
        """Return the folder in which a process keeps its user's files; None when the system does not tell."""
        ...

    def listening(self, of: Collection[int] | None = None) -> Mapping[int, int | None] | None:
        """Return TCP ports that are listened on, with the pid where known; None when the system does not tell.

        Args:
            of: only what these processes listen on, which is looked up far more quickly than the whole table.
        """
        ...


class HeldFile(Protocol):
    """A file opened so that what was read is what is executed."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    @property
    def stream(self) -> BinaryIO:
        """The open file."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class PrivateFiles(Protocol):
    """Folders that only this user can enter."""

    def make_folder(self, root: Path) -> Path:
        """Make a new folder `run-…` below `root` (made too if needed) that only this user can enter."""
        ...

    def is_private(self, folder: Path) -> bool:
        """Whether a folder belongs to this user and nobody else can enter it."""
        ...

    def hold(self, path: Path) -> HeldFile:
        """Open a regular file, never through a link, and keep it from being exchanged as far as the system can.

        Raises:
            OSError: it is not there, no regular file, or cannot be read.
        """
        ...

    def lock(self, folder: Path) -> BinaryIO | None:
        """Mark a folder as in use until the returned file is closed; None when another process holds it."""
        ...


@dataclass(frozen=True)
class PersistentEntry:
    """A service or an autostart entry.

    Attributes:
        name: of the service, or the path of the file that is the entry.
        command_untrusted: what it starts.
        place: where the system keeps it when `name` does not say that (a registry key), else "".
    """

    name: str
    command_untrusted: str
    place: str = ""


class Persistence(Protocol):
    """What starts programs without the customer."""

    def services(self) -> tuple[PersistentEntry, ...] | None:
        """Return system and user services; None when they cannot be listed."""
        ...

    def autostarts(self) -> tuple[PersistentEntry, ...] | None:
        """Return entries that start with the desktop or the log-in; None when they cannot be listed."""
        ...

    def disable(self, entry: PersistentEntry) -> bool:
        """Stop what an entry runs and take it out, as far as this user may; within 5 s.

        Nothing happens when what is there now is not exactly `entry` any more. The caller decides whose it is.

        Returns:
            Whether it was there and is gone now, as a new look says.
        """
        ...


@dataclass(frozen=True)
class DataPlaces:
    """Where our AnyDesk client keeps settings and traces: folders to look in and the names there."""

    folders: tuple[Path, ...]
    trace_names: tuple[str, ...]
    connection_names: tuple[str, ...] = ("connection_trace.txt",)
    settings_names: tuple[str, ...] = ("system.conf", "service.conf", "user.conf")


class ChangeWaiter(Protocol):
    """Sleeps until files change or processes end. `wait`, `follow` and `has_ended` belong to one thread."""

    def wait(self, seconds: float) -> None:
        """Return when something may have changed, when woken, or after `seconds`."""
        ...

    def wake(self) -> None:
        """End the present or next wait; from any thread."""
        ...

    def follow(self, identity: ProcessIdentity) -> None:
        """Let the end of a process end a wait too; nothing where the system cannot, or too many are followed."""
        ...

    def has_ended(self) -> bool:
        """Whether a followed process ended since this was asked last."""
        ...

    def close(self) -> None:
        """Release what the system gave."""
        ...


class SpawnedGuardian(Protocol):
    """The guardian's process as its client sees it."""

    @property
    def pid(self) -> int:
        """Its process id."""
        ...

    @property
    def stdin(self) -> BinaryIO:
        """The pipe to it: when this closes, it ends AnyDesk."""
        ...

    @property
    def stdout(self) -> BinaryIO:
        """The pipe from it."""
        ...

    def wait(self, seconds: float) -> bool:
        """Whether it ended within the time."""
        ...

    def kill(self) -> None:
        """End it by force."""
        ...


class AnyDeskSystem(Protocol):
    """All of a system that the client's side needs."""

    @property
    def name(self) -> str:
        """`windows`, `macos` or `linux`, as in the signed list of programs."""
        ...

    @property
    def home(self) -> str:
        """The folder in which this user's files are kept, in the spelling of `ProcessTable.home_of`."""
        ...

    @property
    def processes(self) -> ProcessTable:
        """The table of processes."""
        ...

    @property
    def files(self) -> PrivateFiles:
        """Private folders."""
        ...

    @property
    def persistence(self) -> Persistence:
        """Services and autostart."""
        ...

    @property
    def signatures(self) -> SignatureChecker:
        """Code signatures of programs."""
        ...

    def data_places(self, program: str, client: str) -> DataPlaces:
        """Return where the client `program`, with the custom client prefix `client` (or ""), keeps its files."""
        ...

    def watch(self, folders: Sequence[Path]) -> ChangeWaiter:
        """Return a waiter for changes in folders (those that exist now or appear beside them)."""
        ...

    def spawn_guardian(
        self, command: Sequence[str], environment: Mapping[str, str] | None
    ) -> SpawnedGuardian:
        """Start the guardian apart from this process's group, with private pipes."""
        ...


@dataclass(frozen=True)
class QueryAnswer:
    """What a program printed when it was asked: `code` is None when it did not end in time."""

    code: int | None
    output_untrusted: bytes


class Containment(Protocol):
    """The guardian's half: holding a program so that nothing it starts can outlive us."""

    def enter(self) -> None:
        """Take the role; the first thing that the guardian does, before any thread."""
        ...

    def wait_for_client(self) -> None:
        """Block until the process that started us is gone; for ever where the system cannot tell."""
        ...

    def hold(self, path: Path) -> HeldFile:
        """Open the program as `PrivateFiles.hold` does, after checking that its folder is private.

        Raises:
            OSError: it cannot be opened, or the folder is not private.
        """
        ...

    def start(self, program: HeldFile) -> ProcessIdentity:
        """Start the held program, exactly the file that is open; one at a time.

        Raises:
            OSError: the system would not, or what runs is not what is held.
        """
        ...

    def wait_for_main(self) -> int:
        """Block until the started process ends; return its exit code."""
        ...

    def ask(self, program: HeldFile, switch: str, seconds: float) -> QueryAnswer:
        """Run the held program once with a switch and return what it printed (at most 4 KiB)."""
        ...

    def members(self) -> tuple[ProcessIdentity, ...]:
        """Return every live process that was started from here or whose image is the held program's folder."""
        ...

    def loose(self) -> tuple[ProcessIdentity, ...]:
        """Return the members that the system itself would not end together with the guardian.

        They are ended as the others are while the guardian lives; this tells how strong the fence is.
        """
        ...

    def close_window(self, main: ProcessIdentity) -> None:
        """Ask the program to close as a person would."""
        ...

    def end(self, member: ProcessIdentity, *, force: bool) -> None:
        """Ask (or make) one member end."""
        ...
