"""The table behind the flow: one row for each phase and event that mean something together."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from client_app.core.effects import Effect
from client_app.core.events import Event
from client_app.core.session import Phase, Session

Outcome = tuple[Session, tuple[Effect, ...]]
Handler = Callable[[Session, Any], Outcome]
H = TypeVar("H", bound=Callable[[Session, Any], Outcome])

ROWS: dict[tuple[Phase, type[Event]], Handler] = {}


def row(phases: Phase | Iterable[Phase], *events: type[Event]) -> Callable[[H], H]:
    """Enter a handler into the table for every pair of the given phases and events.

    Raises:
        ValueError: the pair has a handler already (a mistake in the program, found at import).
    """
    wanted = (phases,) if isinstance(phases, Phase) else tuple(phases)

    def enter(handler: H) -> H:
        for phase in wanted:
            for event in events:
                if (phase, event) in ROWS:
                    raise ValueError(f"two rows for {phase} and {event.__name__}")
                ROWS[phase, event] = handler
        return handler

    return enter


def go(session: Session, phase: Phase | None = None, *effects: Effect, **changes: Any) -> Outcome:
    """Return the session in another phase, without its old error unless a new one is given, and the effects."""
    changes.setdefault("error", None)
    if phase is not None:
        changes["phase"] = phase
    return replace(session, **changes), effects


def stay(session: Session, *effects: Effect, **changes: Any) -> Outcome:
    """Return the session in the same phase; what is not named, the error included, stays."""
    return replace(session, **changes), effects
