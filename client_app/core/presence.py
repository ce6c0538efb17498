"""Whether somebody is at the computer while help runs: the limits, the question, the screen, and who pressed.

Rule: only a press that was made here, or one of which the system cannot tell, is an answer; a press that another
program made is written down and changes nothing (docs/decisions/0014-who-is-at-the-computer.md).
"""

import enum
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

PRESENCE_SECONDS = 1800
ANSWER_SECONDS = 300
"""How often it is asked, and how long an answer is waited for, where neither brand nor backend says it."""

EXTENSIONS = 3
"""How often the time to answer can be had again before only "I am here" is left."""

WARNING_SECONDS = 60
"""How long before the end the technician's side is told that nobody answers."""


class Clock(enum.Enum):
    """Limits of a session. Several run at once; each is started, restarted and stopped on its own."""

    NO_CONNECTION = "no_connection"
    SESSION = "session"
    PRESENCE = "presence"
    """Until it is asked whether somebody is here."""
    PRESENCE_WARNING = "presence_warning"
    """Until the technician's side is told that nobody answers."""
    PRESENCE_ANSWER = "presence_answer"


class ScreenState(enum.Enum):
    """What the system says of the customer's screen."""

    ACTIVE = "active"
    LOCKED = "locked"
    LOGGED_OFF = "logged_off"
    SWITCHED_AWAY = "switched_away"
    """Somebody else uses the computer at the moment (another user was switched to)."""
    UNKNOWN = "unknown"

    @property
    def is_away(self) -> bool:
        """Tell whether the customer cannot see what happens."""
        return self in (ScreenState.LOCKED, ScreenState.SWITCHED_AWAY)


class InputOrigin(enum.Enum):
    """Whether the system says that the input came from a device at this computer."""

    LOCAL = "local"
    INJECTED = "injected"
    UNKNOWN = "unknown"


class PresenceAnswer(enum.Enum):
    """What became of a question; the value is the record's."""

    CONFIRMED = "confirmed"
    EXTENDED = "extended"
    NOT_COUNTED = "not_counted"
    """A press that another program made."""
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class PresenceEntry:
    """One answer as it is recorded; `at` is a UTC time in RFC 3339 form."""

    at: str
    origin: InputOrigin
    answer: PresenceAnswer


@dataclass(frozen=True)
class Presence:
    """Where the question stands.

    Attributes:
        ends_at: UTC time (RFC 3339) at which the session ends unless it is answered; "" while nothing is asked.
        extensions_left: how often the time can still be had again for this question.
        wants_own_press: the last press was not made here; the question says so.
        entries: every answer of this session, oldest first.
    """

    ends_at: str = ""
    extensions_left: int = EXTENSIONS
    wants_own_press: bool = False
    entries: tuple[PresenceEntry, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Tell whether an answer is waited for."""
        return bool(self.ends_at)

    def asked(self, at: str, seconds: int) -> "Presence":
        """Return the state in which the question has just been put and `seconds` are given for it."""
        return replace(self, ends_at=later(at, seconds), extensions_left=EXTENSIONS, wants_own_press=False)

    def noted(self, at: str, origin: InputOrigin, answer: PresenceAnswer) -> "Presence":
        """Return the state with one more line for the record; of more than fit, the newest stay."""
        kept = self.entries[-(ENTRIES_LIMIT - 1) :]
        return replace(self, entries=(*kept, PresenceEntry(at, origin, answer)))

    def settled(self) -> "Presence":
        """Return the state in which nothing is asked."""
        return replace(self, ends_at="", extensions_left=EXTENSIONS, wants_own_press=False)


ENTRIES_LIMIT = 256
"""Lines of a record; eight hours of questions every half an hour, each put off as often as can be, make 80."""


def later(at: str, seconds: int) -> str:
    """Return the UTC time `seconds` after `at` (RFC 3339, capital Z)."""
    moment = datetime.fromisoformat(at.removesuffix("Z") + "+00:00") + timedelta(seconds=seconds)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
