"""Events that the customer makes, and the base of all events. Past tense, frozen, without behaviour."""

from dataclasses import dataclass
from datetime import date

from client_app.core.person import Person
from client_app.core.session import (
    Act,
    BackupChoice,
    Control,
    InputOrigin,
    Reading,
)


class Event:
    """Base of all events."""


# --- what the customer does -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Started(Event):
    """The window was painted; background work may begin."""


@dataclass(frozen=True)
class LanguageChosen(Event):
    """Another language was chosen; nothing that was typed changes."""

    language: str


@dataclass(frozen=True)
class CodeTyped(Event):
    """The code field changed (raw text)."""

    text_untrusted: str


@dataclass(frozen=True)
class WordPicked(Event):
    """The customer picked the word that the technician said."""

    word: str


@dataclass(frozen=True)
class PersonEdited(Event):
    """A field of the details changed."""

    person: Person


@dataclass(frozen=True)
class Ticked(Event):
    """A box was ticked; the act carries the exact texts that it covered."""

    act: Act


@dataclass(frozen=True)
class Unticked(Event):
    """A box was cleared."""

    control: Control


@dataclass(frozen=True)
class DocumentRead(Event):
    """A document was shown, scrolled, saved or printed (replaces the earlier reading of the same text)."""

    reading: Reading


@dataclass(frozen=True)
class BackupChosen(Event):
    """An answer on the backup; `made_on` is what the customer said."""

    choice: BackupChoice
    made_on: date | None = None
    act: Act | None = None


@dataclass(frozen=True)
class NextPressed(Event):
    """The page's primary button."""


@dataclass(frozen=True)
class BackPressed(Event):
    """The back button."""


@dataclass(frozen=True)
class OrderPressed(Event):
    """The order button; the act carries its label."""

    act: Act


@dataclass(frozen=True)
class AnswerTyped(Event):
    """Eight digits for an offline acceptance were typed."""

    text_untrusted: str


@dataclass(frozen=True)
class RetryPressed(Event):
    """Try again, whatever failed last."""


@dataclass(frozen=True)
class RefusePressed(Event):
    """The customer does not want help on these terms."""


@dataclass(frozen=True)
class PostponePressed(Event):
    """Finish later with the same code."""


@dataclass(frozen=True)
class NotThemPressed(Event):
    """'This is not them' or 'I already let someone in'."""


@dataclass(frozen=True)
class EndPressed(Event):
    """'End now' in the session panel or on the help page."""


@dataclass(frozen=True)
class WindowCloseConfirmed(Event):
    """The customer closed the window and confirmed what that means."""


@dataclass(frozen=True)
class RemovalAsked(Event):
    """The customer wants the program removed; unsent records are first saved in `export_folder` when one is given."""

    export_folder: str = ""


@dataclass(frozen=True)
class Rated(Event):
    """Optional rating, 1 to 5."""

    stars: int


@dataclass(frozen=True)
class PresenceConfirmed(Event):
    """“I am here” in the panel; `at` is a UTC time in RFC 3339 form."""

    origin: InputOrigin
    at: str


@dataclass(frozen=True)
class PresenceExtended(Event):
    """“More time” in the panel: the whole time to answer again."""

    origin: InputOrigin
    at: str


@dataclass(frozen=True)
class RestartAskedHere(Event):
    """The customer pressed "The technician asks to restart the computer" in the panel: the question is shown."""


@dataclass(frozen=True)
class RestartAgreed(Event):
    """“Restart now”: the act carries the question and the button as shown."""

    act: Act


@dataclass(frozen=True)
class RestartDeclined(Event):
    """“Not now”."""


@dataclass(frozen=True)
class ContinuePressed(Event):
    """“Continue help” on the page after a restart; the act carries the texts as shown."""

    act: Act


@dataclass(frozen=True)
class ReopenPressed(Event):
    """“Open help again” on the last page; nothing is opened by it, the word comes first."""


@dataclass(frozen=True)
class ReopenWordPicked(Event):
    """The customer picked the word that the technician said for opening the session again."""

    word: str


@dataclass(frozen=True)
class ReopenOrderPressed(Event):
    """The button that opens the session again; the act carries the texts as shown."""

    act: Act
