"""The session as its panel shows it, and what lies between two sessions: scenes for pictures and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from client_app.core.presence import Presence, ScreenState
from client_app.core.session import EndedBy, Phase, RestartStage, Session

if TYPE_CHECKING:
    from demo.scene_sessions import Sessions


def panel_sessions(stories: Sessions) -> dict[str, Session]:
    """Return a session for every state of the panel, by name."""
    connected = replace(
        stories.waiting,
        phase=Phase.CONNECTED,
        peer=stories.peer,
        connected_once=True,
        screen=ScreenState.ACTIVE,
    )

    def asked(seconds: int, **more: object) -> Session:
        presence = Presence(ends_at=_in(seconds), **more)  # type: ignore[arg-type]  # passed through
        return replace(connected, presence=presence)

    return {
        "panel_waiting": stories.waiting,
        "panel_no_network": replace(stories.waiting, has_no_network=True),
        "panel_asking": replace(stories.waiting, asking=stories.peer),
        "panel_connected": connected,
        "panel_long_name": replace(connected, peer=replace(stories.peer, name_untrusted="W" * 100)),
        "panel_presence": asked(290),
        "panel_presence_last": asked(38, extensions_left=0),
        "panel_presence_own_press": asked(200, wants_own_press=True),
        "panel_restart": replace(connected, restart=RestartStage.ASKED),
        "panel_restart_own_press": replace(connected, restart=RestartStage.INJECTED),
        "panel_locked": replace(connected, screen=ScreenState.LOCKED),
        "panel_disagree": replace(connected, signals_disagree=True),
    }


def between_sessions(stories: Sessions) -> dict[str, Session]:
    """Return what a customer meets after a restart and on the way to open a session again."""
    over = replace(stories.over, reopen_until=_in(25 * 60))
    words = replace(over, phase=Phase.REOPEN_WORD, reopen_words=stories.case.words, ended_by=EndedBy.CUSTOMER)
    restarting = replace(stories.over, phase=Phase.RESTARTING, ended_by=EndedBy.RESTART)
    return {
        "help_restarting": restarting,
        "help_returning": replace(restarting, phase=Phase.RETURNING),
        "help_returned": replace(restarting, phase=Phase.RETURNED, closing=(), ended_by=None),
        "finish_reopen": over,
        "help_reopen_asking": replace(words, phase=Phase.REOPEN_ASKING, reopen_words=()),
        "help_reopen_word": words,
        "help_reopen_checking": replace(words, phase=Phase.REOPEN_CHECKING),
        "help_reopen_order": replace(words, phase=Phase.REOPEN_ORDER),
        "help_reopen_sending": replace(words, phase=Phase.REOPEN_SENDING, reopening=stories.consent),
        "help_reopen_offline": replace(words, phase=Phase.REOPEN_OFFLINE, reopening=stories.consent),
    }


def _in(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
