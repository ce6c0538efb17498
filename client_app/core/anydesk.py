"""AnyDesk as the rest of the program knows it: states, who is connected, the closing proof, and the port.

Rule: every word that AnyDesk says is one member of a closed vocabulary here; what is not understood is UNEXPECTED.
Ids of peers are digits that AnyDesk itself made; names are text from outside (`*_untrusted`).
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.messages import N_
from client_app.core.ports import StartPermission
from client_app.core.session import EndedBy


class AnyDeskState(enum.Enum):
    """What AnyDesk is doing, from all signals together."""

    STARTING = "starting"
    NO_NETWORK = "no_network"
    READY = "ready"
    ASKING = "asking"
    CONNECTED = "connected"
    ENDED = "ended"
    """Closed by us."""
    GONE = "gone"
    """Ended without us: crashed, or its window was closed."""
    UNGUARDED = "unguarded"
    """The guardian died; what it held has been ended."""
    UNEXPECTED = "unexpected"
    """The signals contradict each other."""


class HowAccepted(enum.Enum):
    """How a connection was let in; values as in the session record."""

    CLICK = "user"
    PASSWORD = "password"
    TOKEN = "token"
    REFUSED = "refused"
    UNEXPECTED = "unknown"


@dataclass(frozen=True)
class Peer:
    """Who asks or is connected.

    Attributes:
        number: AnyDesk's number of the other side, digits only; "" when the signals name none or several.
        name_untrusted: the name the other side gave itself, cut to 100 characters.
        how: how the connection was accepted; UNEXPECTED while it is only asked for.
        is_flagged: AnyDesk itself marks this caller as a known fraud.
    """

    number: str
    name_untrusted: str = ""
    how: HowAccepted = HowAccepted.UNEXPECTED
    is_flagged: bool = False


@dataclass(frozen=True)
class AnyDeskEvent:
    """Something changed. Delivered from a background thread, in order.

    Attributes:
        state: the state from now on.
        number: this computer's AnyDesk number, "" while unknown.
        peer: who asks, is connected, or has just left.
        left_by: set when a request or connection has just ended: which side ended it.
        is_stranger: the peer must not be here (not on the case's list, no click of the customer, or flagged);
            if it was connected, AnyDesk has already been ended when this arrives.
        conflict: English words for the log when signals contradict each other.
        error: the code to show, when this is a failure.
    """

    state: AnyDeskState
    number: str = ""
    peer: Peer | None = None
    left_by: EndedBy | None = None
    is_stranger: bool = False
    conflict: str = ""
    error: ErrorCode | None = None


# --- what may be started ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProgramFile:
    """One file of the program: name relative to its folder with "/" between parts, SHA-256 (hex), size in bytes.

    Attributes:
        urls: where it may be fetched, in order; https only.
        signer: who must have signed it, None for the system's usual rule, "" when nobody need have.
        stored_as: its name where it was put after fetching, "" when that is `name`.
    """

    name: str
    sha256: str
    size: int
    urls: tuple[str, ...] = ()
    signer: str | None = None
    stored_as: str = ""


@dataclass(frozen=True)
class ProgramRelease:
    """What the signed list says of AnyDesk for one system: the executed file and the files it needs beside it."""

    system: str
    program: ProgramFile
    companions: tuple[ProgramFile, ...] = ()

    @property
    def files(self) -> tuple[ProgramFile, ...]:
        """All files, the program first."""
        return (self.program, *self.companions)


class Setting(enum.Enum):
    """Settings of our AnyDesk that decide whether a session is safe."""

    ACCESS_LIST = "anydesk.access_list"
    UNATTENDED_PASSWORD = "anydesk.unattended_password"
    ASKS_ALWAYS = "anydesk.asks_always"
    BLOCK_INPUT = "anydesk.block_input"
    PRIVACY_FEATURE = "anydesk.privacy_feature"
    RECORD_SESSION = "anydesk.record_session"
    TCP_TUNNEL = "anydesk.tcp_tunnel"
    VPN = "anydesk.vpn"
    FILE_MANAGER = "anydesk.file_manager"


@dataclass(frozen=True)
class SettingFinding:
    """What was read of one setting; `is_safe` is None when it could not be read. `detail` never holds a value."""

    setting: Setting
    is_safe: bool | None
    detail: str = ""


@dataclass(frozen=True)
class Prepared:
    """AnyDesk was found and verified and may be started."""

    sha256: str
    settings: tuple[SettingFinding, ...]

    @property
    def unknown(self) -> tuple[Setting, ...]:
        """Settings that could not be read: both sides are told, the number is enforced while connected."""
        return tuple(finding.setting for finding in self.settings if finding.is_safe is None)


class AnyDeskRefusedError(CustomerError):
    """AnyDesk must not be started. `reason` is a stable id for the log and the console ("anydesk.wrong_hash")."""

    def __init__(self, code: ErrorCode, reason: str, detail: str = "") -> None:
        super().__init__(code, f"{reason} {detail}".strip())
        self.reason = reason


# --- closing ------------------------------------------------------------------------------------------------------


class Fact(enum.Enum):
    """The facts that together mean: nobody can come back. Values are the names in the record."""

    NO_PROCESS = "no_process_of_ours"
    NO_CHILD = "no_child_left"
    WINDOW_GONE = "window_gone"
    NOT_RUNNING = "status_not_running"
    NO_SERVICE = "no_service_of_ours"
    NO_AUTOSTART = "no_autostart_of_ours"
    NO_PASSWORD = "no_unattended_password"
    NO_PROFILE = "no_new_permission_profile"
    PORT_CLOSED = "listening_port_closed"
    FOREIGN_UNTOUCHED = "foreign_anydesk_untouched"
    COPY_REMOVED = "private_copy_removed"
    GUARDIAN_ENDED = "guardian_ended"

    @property
    def text(self) -> str:
        """The sentence for the customer (message id)."""
        return _FACT_TEXTS[self]

    @property
    def failed_text(self) -> str:
        """The sentence for the customer when the fact does not hold (message id)."""
        return _FAILED_TEXTS[self]

    @property
    def survives_restart(self) -> bool:
        """Tell whether AnyDesk could be there again after a restart of the computer when this does not hold."""
        return self in (Fact.NO_SERVICE, Fact.NO_AUTOSTART, Fact.NO_PASSWORD, Fact.NO_PROFILE)


_FACT_TEXTS = {
    Fact.NO_PROCESS: N_("No process of our AnyDesk is running."),
    Fact.NO_CHILD: N_("Nothing that AnyDesk started is running."),
    Fact.WINDOW_GONE: N_("AnyDesk's window is closed."),
    Fact.NOT_RUNNING: N_("AnyDesk itself answers that it is not running."),
    Fact.NO_SERVICE: N_("No system service of our AnyDesk is installed."),
    Fact.NO_AUTOSTART: N_("Our AnyDesk does not start with the computer."),
    Fact.NO_PASSWORD: N_("No password for access without you is set."),
    Fact.NO_PROFILE: N_("No new permission was added in AnyDesk."),
    Fact.PORT_CLOSED: N_("AnyDesk's network port is closed."),
    Fact.FOREIGN_UNTOUCHED: N_("Any other AnyDesk on this computer was left alone."),
    Fact.COPY_REMOVED: N_("The copy of AnyDesk that was used is deleted."),
    Fact.GUARDIAN_ENDED: N_("The watcher of this session has ended."),
}

_FAILED_TEXTS = {
    Fact.NO_PROCESS: N_("Our AnyDesk is still running."),
    Fact.NO_CHILD: N_("Something that AnyDesk started is still running."),
    Fact.WINDOW_GONE: N_("AnyDesk's window is still open."),
    Fact.NOT_RUNNING: N_("AnyDesk itself answers that it is still running."),
    Fact.NO_SERVICE: N_("A system service of our AnyDesk is still installed."),
    Fact.NO_AUTOSTART: N_("Our AnyDesk would start again with the computer."),
    Fact.NO_PASSWORD: N_("A password for access without you is still set."),
    Fact.NO_PROFILE: N_("A permission that was added in AnyDesk is still there."),
    Fact.PORT_CLOSED: N_("AnyDesk's network port is still open."),
    Fact.FOREIGN_UNTOUCHED: N_("Another AnyDesk on this computer is not as it was before."),
    Fact.COPY_REMOVED: N_("The copy of AnyDesk that was used is still on this computer."),
    Fact.GUARDIAN_ENDED: N_("The watcher of this session is still running."),
}


@dataclass(frozen=True)
class ClosingFact:
    """One fact, measured. `holds` is None where it could not be measured; `measured_at` is UTC in RFC 3339 form."""

    fact: Fact
    holds: bool | None
    detail: str
    measured_at: str


@dataclass(frozen=True)
class ClosingProof:
    """The facts at once after closing, and again 5 s later. `facts` is the later measurement and counts.

    The last three are for the customer's eyes on this computer: no record holds them and nothing sends them.

    Attributes:
        ended: names of services and autostarts of ours that appeared during the session and were taken out.
        new_entries: names of services and autostarts of other programs that appeared since the start.
        remote_tools: other programs for remote access that run now (TeamViewer, say); they are left alone.
    """

    at_once: tuple[ClosingFact, ...]
    facts: tuple[ClosingFact, ...]
    seconds_to_close: float
    ended: tuple[str, ...] = ()
    new_entries: tuple[str, ...] = ()
    remote_tools: tuple[str, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether no fact is known not to hold."""
        return bool(self.facts) and all(fact.holds is not False for fact in self.facts)


class AnyDeskPort(Protocol):
    """AnyDesk for one run of the client. Blocking, bounded, safe from any worker thread."""

    def prepare(self, technician_numbers: frozenset[str]) -> Prepared:
        """Find and verify AnyDesk and read its settings; within 15 s, if it need not be fetched first.

        Raises:
            AnyDeskRefusedError: it is missing, changed, already running or has unsafe settings.
        """
        ...

    def start(
        self,
        permission: StartPermission,
        technician_numbers: frozenset[str],
        on_event: Callable[[AnyDeskEvent], None],
    ) -> None:
        """Prepare if that was not done, and start AnyDesk under the guardian; within 25 s. Returns when it runs.

        Raises:
            AnyDeskRefusedError: as `prepare`, or it did not start.
        """
        ...

    def number(self) -> str:
        """Return this computer's AnyDesk number, "" while unknown."""
        ...

    def end(
        self, by: EndedBy, on_first: Callable[[tuple[ClosingFact, ...]], None] | None = None
    ) -> ClosingProof:
        """Close AnyDesk and measure the facts twice; within 15 s. Safe to call at any time and again.

        Before it returns, whoever AnyDesk's logs name as connected is delivered once more: the end may have come
        between two looks at them.

        Args:
            by: who ended it; for the log.
            on_first: called with the first measurement, 5 s before the second.
        """
        ...
