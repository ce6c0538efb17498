"""The small panel, and the calm lines of the help page: what is asked, and what is not as it should be.

Rule: one question at a time, presence first; one warning at a time, the one that matters most.
"""

from client_app.core.messages import N_
from client_app.core.session import Phase, RestartStage, Session
from client_app.core.view_state_types import HelpStage, PanelQuestion, PanelView, Say

_SETTING_WORDS = {
    "anydesk.access_list": N_("who may ask to connect"),
    "anydesk.unattended_password": N_("password for access without you"),
    "anydesk.asks_always": N_("whether it always asks you"),
    "anydesk.block_input": N_("blocking your mouse and keyboard"),
    "anydesk.privacy_feature": N_("hiding your screen"),
    "anydesk.record_session": N_("recording"),
    "anydesk.tcp_tunnel": N_("tunnels into your network"),
    "anydesk.vpn": N_("private network"),
    "anydesk.file_manager": N_("file manager"),
}

_ASKED = (RestartStage.ASKED, RestartStage.INJECTED)
_OWN_PRESS = N_("Please press it yourself, at this computer. The last press came from another program.")
_OWN_RESTART = N_(
    "Please press it yourself, at this computer. Do you use an on-screen keyboard? Then press “End now”, restart the"
    " computer and start this program again; the technician gives you a new code."
)
"""A press through an on-screen keyboard cannot be told from the technician's: what leads on without agreeing here."""


def stage_of(session: Session) -> HelpStage:
    """Return what step 6 shows while AnyDesk may run."""
    stages = {
        Phase.STARTING: HelpStage.STARTING,
        Phase.WAITING: HelpStage.WAITING,
        Phase.CONNECTED: HelpStage.CONNECTED,
        Phase.CLOSING: HelpStage.CLOSING,
    }
    stage = stages[session.phase]
    return HelpStage.ASKING if stage is HelpStage.WAITING and session.asking is not None else stage


def panel_of(session: Session) -> PanelView | None:
    """Return what the panel shows, None while there is none."""
    if session.phase not in (Phase.WAITING, Phase.CONNECTED):
        return None
    peer = session.peer
    question = _question(session)
    presence = session.presence
    is_presence = question is PanelQuestion.PRESENCE
    own_press = presence.wants_own_press if is_presence else session.restart is RestartStage.INJECTED
    return PanelView(
        technician=session.case.technician_name if session.case else "",
        peer=peer.name_untrusted if peer else "",
        peer_number=peer.number if peer else "",
        since=peer.since if peer else "",
        stage=stage_of(session),
        own_number=session.anydesk_number,
        question=question,
        question_ends_at=presence.ends_at if is_presence else "",
        can_extend=is_presence and presence.extensions_left > 0,
        wants_own_press=own_press,
        hint=Say(_OWN_PRESS if is_presence else _OWN_RESTART) if own_press else None,
        can_ask_restart=session.restart is RestartStage.NONE and question is PanelQuestion.NONE,
        is_screen_locked=session.screen.is_away,
        shows_bank_reminder=session.phase is Phase.CONNECTED,
        warning=warning_of(session),
    )


def notes_of(session: Session) -> tuple[Say, ...]:
    """Return the calm lines of the help page."""
    notes = []
    if session.phase is Phase.WAITING:
        notes.append(Say(N_("Close your bank's pages now and leave them closed until the help has ended.")))
    if session.unread_settings:
        words = [Say(_SETTING_WORDS[name]) for name in session.unread_settings if name in _SETTING_WORDS]
        notes.append(_listed(words))
    return tuple(notes)


def _question(session: Session) -> PanelQuestion:
    if session.presence.is_asked and session.phase is Phase.CONNECTED:
        return PanelQuestion.PRESENCE
    return PanelQuestion.RESTART if session.restart in _ASKED else PanelQuestion.NONE


def warning_of(session: Session) -> Say | None:
    """Return what is not as it should be at the moment, None while AnyDesk may not run or all is well."""
    if session.phase not in (Phase.WAITING, Phase.CONNECTED):
        return None
    if session.signals_disagree:
        return Say(
            N_(
                "AnyDesk's signs contradict each other at the moment. Look at its window; if in doubt, press “End now”."
            )
        )
    if session.has_no_network:
        return Say(N_("AnyDesk has no connection at the moment. Check the Internet on this computer."))
    return None


def _listed(words: list[Say]) -> Say:
    """Return the line on settings that could not be read; it names at most three, so that it stays a line."""
    if not words:
        return Say(N_("Some of AnyDesk's settings could not be read. The technician knows it."))
    named: dict[str, str | int | Say] = {"first": words[0]}
    if len(words) == 1:
        return Say(
            N_("One of AnyDesk's settings could not be read ({first}). The technician knows it."), named
        )
    named["second"] = words[1]
    if len(words) == 2:
        msgid = N_(
            "Two of AnyDesk's settings could not be read ({first}; {second}). The technician knows it."
        )
        return Say(msgid, named)
    named["number"] = len(words) - 2
    return Say(
        N_(
            "Some of AnyDesk's settings could not be read ({first}; {second}; {number} more)."
            " The technician knows it."
        ),
        named,
    )
