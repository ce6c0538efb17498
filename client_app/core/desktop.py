"""What the session asks of the desktop: who pressed, what covers the screen, whether the screen is locked. Protocols.

Rule: what a system cannot tell is UNKNOWN or None here, never a guess. Each half lives in client_app.platforms; what
needs the toolkit's event loop lives in client_app.workers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from client_app.core.presence import ScreenState
from client_app.core.session import InputOrigin


class Rect(NamedTuple):
    """A rectangle on the desktop; left and top may be negative on a second screen. Unit: as its maker says."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beside it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height

    def covers(self, other: Rect) -> bool:
        """Tell whether the two share a pixel; an empty rectangle shares none."""
        return (
            min(self.right, other.right) > max(self.left, other.left)
            and min(self.bottom, other.bottom) > max(self.top, other.top)
        )  # fmt: skip

    def holds(self, other: Rect) -> bool:
        """Tell whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True)
class SeenWindow:
    """A window that can be seen: whose process, and where, in the screen's own (unscaled) pixels."""

    pid: int
    place: Rect


class WindowsOnScreen(Protocol):
    """Looks at the windows of other programs; never at what is in them."""

    def seen(self) -> tuple[SeenWindow, ...] | None:
        """Return every window that can be seen; None where the system does not tell. At most some milliseconds."""
        ...


class InputMessages(Protocol):
    """Reads where an input came from out of the window system's own message."""

    @property
    def event_type(self) -> bytes:
        """The toolkit's name for the messages that this understands."""
        ...

    def origin_of(self, message: int) -> InputOrigin | None:
        """Return where a button or key came from; None for every other message.

        Args:
            message: address of the message; valid only during the call, which happens while it is handled.
        """
        ...


class KeySources(Protocol):
    """A system that tells only beside the window's messages which device made a key (X11).

    Rule: it knows when a key was pressed and by which device, never which key it was.
    """

    def open(self, *, has_keyboard: bool) -> None:
        """Begin, for a session that is open; `has_keyboard`: whether a window of this program has it now."""
        ...

    def close(self) -> None:
        """End, and forget everything."""
        ...


class ScreenMessages(Protocol):
    """A system that tells a window when its screen is locked (Windows)."""

    @property
    def event_type(self) -> bytes:
        """The toolkit's name for the messages that this understands."""
        ...

    def attach(self, window: int) -> bool:
        """Let a window be told; False when the system would not."""
        ...

    def detach(self, window: int) -> None:
        """Let it be told no more."""
        ...

    def state_of(self, message: int) -> ScreenState | None:
        """Return what a message means; None for every other message."""
        ...


class ScreenCalls(Protocol):
    """A system that calls back when its screen is locked (macOS)."""

    def start(self, on_change: Callable[[ScreenState], None]) -> bool:
        """Begin; the calls come on this thread. False when the system would not."""
        ...

    def stop(self) -> None:
        """End."""
        ...


class Bus(NamedTuple):
    """A signal with one truth value on a message bus, and what it means."""

    is_system: bool
    path: str
    interface: str
    signal: str
    on_true: ScreenState
    on_false: ScreenState | None


@dataclass(frozen=True)
class Desktop:
    """One system's half; None where it has no way to tell.

    Attributes:
        key_sources: is to be open while a session is; `input` knows nothing of keys without it.
        bus_signals: signals on message buses that tell of the screen (Linux).
        login_service: whether the system's log-in service (logind) is to be asked on the system bus.
    """

    input: InputMessages | None = None
    windows: WindowsOnScreen | None = None
    screen_messages: ScreenMessages | None = None
    screen_calls: ScreenCalls | None = None
    bus_signals: tuple[Bus, ...] = ()
    login_service: bool = False
    key_sources: KeySources | None = None


WindowsOfAnyDesk = Callable[[], tuple[Rect, ...] | None]
"""Returns where our AnyDesk's windows are, in the screen's own pixels; None where the system does not tell."""
