"""A session in any phase, with everything that the phase may need."""

from __future__ import annotations

from dataclasses import replace

from client_app.core.session import (
    BEFORE_ORDER,
    ORDERED_NOT_STARTED,
    Phase,
    Session,
    StopReason,
)
from demo.scenes import Stories


def in_phase(stories: Stories, phase: Phase) -> Session:
    """Return a session with everything that a phase may need."""
    full = replace(stories.over, error=None, connected_once=True)
    if phase in BEFORE_ORDER or phase in ORDERED_NOT_STARTED:
        full = replace(full, ended_by=None, closing=())
    stop = StopReason.REFUSED if phase is Phase.STOPPED else None
    return replace(full, phase=phase, stop_reason=stop, ended_by=None if stop else full.ended_by)
