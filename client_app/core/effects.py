"""Effects: what the flow wants done. Verbs, frozen, without behaviour; the controller carries them out."""

from dataclasses import dataclass

from client_app.core.session import Act, Clock, EndedBy, ReopenReason, StopReason


class Effect:
    """Base of all effects."""


@dataclass(frozen=True)
class LoadDocuments(Effect):
    """Fetch the documents in force, or fall back on the bundled ones."""


@dataclass(frozen=True)
class StartLocalChecks(Effect):
    """Start the checks that need only this computer and the backend."""


@dataclass(frozen=True)
class StartAnyDeskChecks(Effect):
    """Start the checks that concern AnyDesk; only after the terms were accepted."""


@dataclass(frozen=True)
class JoinCase(Effect):
    """Exchange the code for a case."""

    code: str


@dataclass(frozen=True)
class CheckWord(Effect):
    """Let the backend check the word."""

    word: str


@dataclass(frozen=True)
class StoreConsent(Effect):
    """Write the order durably, before any try to send it."""


@dataclass(frozen=True)
class SendConsent(Effect):
    """Send the stored order and verify the receipt."""

    record_id: str


@dataclass(frozen=True)
class CheckOfflineAnswer(Effect):
    """Check the eight digits."""

    text_untrusted: str


@dataclass(frozen=True)
class StartAnyDesk(Effect):
    """Start AnyDesk under the stored consent; the service demands the receipt or the right answer once more."""

    record_id: str


@dataclass(frozen=True)
class CloseAnyDesk(Effect):
    """Close AnyDesk and measure the closing facts."""

    by: EndedBy


@dataclass(frozen=True)
class RecordRefusal(Effect):
    """Store a refusal, without name and e-mail."""

    reason: StopReason


@dataclass(frozen=True)
class RecordSession(Effect):
    """Store who was connected, how it ended and the closing facts."""


@dataclass(frozen=True)
class PrepareRestart(Effect):
    """Store the agreement durably, then write what coming back needs and have the program started once at log-in."""

    act: Act


@dataclass(frozen=True)
class NoteRestartPress(Effect):
    """Store a press that does not count, because it was injected."""

    act: Act


@dataclass(frozen=True)
class RestartComputer(Effect):
    """Restart the computer; only after AnyDesk was closed and the end is in the outbox."""


@dataclass(frozen=True)
class CancelReturn(Effect):
    """The program must not come back: delete what was written for it and the entry at log-in."""


@dataclass(frozen=True)
class ResumeSession(Effect):
    """Read and check what was written before the restart."""


@dataclass(frozen=True)
class OfferReopening(Effect):
    """Let the session be opened again for a while."""

    seconds: int


@dataclass(frozen=True)
class AskReopening(Effect):
    """Ask the backend for a new round of the word."""


@dataclass(frozen=True)
class StoreReopening(Effect):
    """Write durably that the customer opens the session once more, before any try to send it."""

    act: Act
    reason: ReopenReason


@dataclass(frozen=True)
class StartClock(Effect):
    """Start a limit, or start it anew; when it runs out the controller says `ClockRanOut(clock, at)`."""

    clock: Clock
    seconds: int


@dataclass(frozen=True)
class StopClock(Effect):
    """Stop a limit."""

    clock: Clock


@dataclass(frozen=True)
class PlanRemoval(Effect):
    """Find out what removing would delete."""


@dataclass(frozen=True)
class Remove(Effect):
    """Remove the program by its list; unsent records go to `export_folder` first, if there are any."""

    export_folder: str = ""


@dataclass(frozen=True)
class SendRating(Effect):
    """Send the rating."""

    stars: int


@dataclass(frozen=True)
class TellTechnician(Effect):
    """Send an event to the console; `kind` is an `EventKind` of the wire, `settings` are `Setting` values."""

    kind: str
    anydesk_number: str = ""
    peer_number: str = ""
    code: str = ""
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportStep(Effect):
    """Tell the console which step is shown and what is missing."""

    step: str
    state: str
    code: str = ""
    missing: tuple[str, ...] = ()
    asks_no_backup: bool = False


@dataclass(frozen=True)
class Leave(Effect):
    """Close the window and end the program."""
