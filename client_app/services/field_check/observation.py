"""What the field check has seen of one AnyDesk, from before its start to after its end. Holds no names and no texts.

Rule: of a log line only the word that was understood is kept, or that it was not understood; of a command line only the
switches; of settings only whether a key is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client_app.services.anydesk.trace_words import Word


@dataclass(frozen=True)
class Asked:
    """One answer to one switch: exit code (None: no answer in time) and the kind of text, or digits, that came."""

    code: int | None
    text: str
    seconds: float


@dataclass(frozen=True)
class SeenProgram:
    """One process of AnyDesk's file: its switches ("" is the window), whether it is elevated and held by a guardian.

    `is_elevated` and `is_held` are None where the system does not tell.
    """

    pid: int
    switches: str
    is_elevated: bool | None = None
    is_held: bool | None = None


@dataclass
class Observation:
    """Everything that was seen; what was not reached stays None or empty.

    Attributes:
        system: `windows`, `macos` or `linux`.
        assumed_folders: where the program expects AnyDesk's files; `found_folders` is where they were written.
        before: answers per switch while nothing ran. `unknown_switch` is the exit code of a switch that is none.
        version: what `--version` printed, its letters and digits.
        numbers: different answers of `--get-id` from the start on, in order; `statuses` those of `--get-status`.
        number_seconds: from the first process to the first number.
        processes: every process seen, by pid.
        left_after: number of processes 1 s and 5 s after the window's process had ended.
        main_code_known: whether the window's process was seen to end while others stayed.
        helpers_alone: whether a helper process ended while the window stayed.
        words: how often each word was understood; `lines` and `strange_lines` count all lines and those not in the
            format. `trace_files` and `connection_files` are file names with their encoding.
        connection_lines: how many lines of the list of connections were understood, of `connection_total`.
        connection_clock: `utc`, `local`, `same` (this computer's clock is at UTC) or "".
        settings: keys of interest and whether they are there.
        written_number: whether the number in the settings was the one that was answered.
        ports: number of TCP ports that were listened on; None where the system does not tell.
        new_services, new_autostarts: that appeared while it ran; None where they cannot be listed.
        beside: files that it wrote beside its executable.
        accept_window: whether a window of its processes appeared while someone asked; None where not known.
        hash_fits, signature: of the file that the signed list names.
        is_ended: whether everything had ended when the check did.
    """

    system: str
    assumed_folders: tuple[str, ...] = ()
    found_folders: tuple[str, ...] = ()
    before: dict[str, Asked] = field(default_factory=dict)
    unknown_switch: int | None = None
    version: str = ""
    numbers: list[Asked] = field(default_factory=list)
    statuses: list[Asked] = field(default_factory=list)
    number_seconds: float | None = None
    processes: dict[int, SeenProgram] = field(default_factory=dict)
    most_at_once: int = 0
    left_after: dict[int, int] = field(default_factory=dict)
    helpers_alone: bool = False
    words: dict[Word, int] = field(default_factory=dict)
    lines: int = 0
    strange_lines: int = 0
    trace_files: dict[str, str] = field(default_factory=dict)
    connection_files: dict[str, str] = field(default_factory=dict)
    connection_lines: int = 0
    connection_total: int = 0
    connection_clock: str = ""
    settings: dict[str, bool] = field(default_factory=dict)
    written_number: bool | None = None
    ports: int | None = None
    new_services: int | None = None
    new_autostarts: int | None = None
    beside: tuple[str, ...] = ()
    accept_window: bool | None = None
    hash_fits: bool | None = None
    signature: str = ""
    is_ended: bool = False

    @property
    def was_seen(self) -> bool:
        """Whether AnyDesk was seen running at all."""
        return bool(self.processes)

    @property
    def was_connected(self) -> bool:
        """Whether somebody was connected, as far as any log says."""
        return self.words.get(Word.RUNNING, 0) > 0 or self.connection_lines > 0
