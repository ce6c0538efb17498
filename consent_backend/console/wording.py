"""What technicians read for each name of ours; a name without a text shows as it is."""

from consent_backend.acts.moving import AlertKind
from consent_backend.problems import N_
from consent_record.acts import Control
from consent_record.wire import AnyDeskSetting, CaseState, EventKind, StepState

STATES = {
    CaseState.OPEN: N_("waiting for the customer"),
    CaseState.JOINED: N_("code entered, word not confirmed"),
    CaseState.WORD_CONFIRMED: N_("word confirmed"),
    CaseState.ORDERED: N_("accepted, waiting"),
    CaseState.IN_SESSION: N_("in session"),
    CaseState.POSTPONED: N_("postponed"),
    CaseState.FROZEN: N_("frozen"),
    CaseState.REFUSED: N_("refused"),
    CaseState.ENDED: N_("ended"),
}

STEPS = {
    "caller": N_("Who is calling"),
    "details": N_("Details"),
    "terms": N_("Terms and price"),
    "computer": N_("Computer and backup"),
    "order": N_("Order"),
    "help": N_("Help"),
    "finish": N_("Finish"),
}

STEP_STATES = {
    StepState.SHOWN: N_("on the screen"),
    StepState.WAITING: N_("the program is waiting"),
    StepState.PROBLEM: N_("there is a problem"),
    StepState.DONE: N_("done"),
}

CONTROLS = {
    Control.ACCEPT_TERMS.value: N_("tick: terms"),
    Control.ACCEPT_PRICE.value: N_("tick: price"),
    Control.AUTHORITY.value: N_("tick: may dispose of the computer"),
    Control.EARLY_START.value: N_("tick: start now"),
    Control.NO_BACKUP.value: N_("declaration: no backup"),
    Control.ORDER.value: N_("order button"),
}

ALERTS = {
    AlertKind.WRONG_WORD.value: N_(
        "A wrong word was picked. The case is frozen: the customer may be talking to a stranger."
    ),
    AlertKind.CODE_USED.value: N_("The code was tried on another computer."),
    AlertKind.NOT_THEM.value: N_(
        "The customer says: this is not the company. The case is frozen. Call back on a known number."
    ),
    AlertKind.STRANGER.value: N_("A stranger connected and was cut off."),
    AlertKind.NOT_CLOSED.value: N_(
        "The program could not prove that everything was closed. Call the customer."
    ),
    AlertKind.PRESENCE_ASKED.value: N_("The customer is being asked whether somebody is at the computer."),
    AlertKind.PRESENCE_UNANSWERED.value: N_(
        "Nobody answers at the computer. The session ends in a minute. Speak to the customer now."
    ),
    AlertKind.SCREEN_LOCKED.value: N_("The customer's screen is locked: nobody is watching. Wait."),
    AlertKind.SIGNALS_DISAGREE.value: N_(
        "AnyDesk's signals contradict each other on the customer's computer. Ask what its window shows."
    ),
    AlertKind.SETTINGS_UNKNOWN.value: N_(
        "Some settings of AnyDesk could not be read on the customer's computer. The timeline names them."
    ),
    AlertKind.INJECTED_PRESS.value: N_(
        "The customer's acceptance was pressed through another program. An on-screen keyboard does that, and so does"
        " another remote program: ask what the customer uses."
    ),
}

SOFT_ALERTS = frozenset(
    kind.value
    for kind in (
        AlertKind.PRESENCE_ASKED,
        AlertKind.SCREEN_LOCKED,
        AlertKind.SETTINGS_UNKNOWN,
        AlertKind.INJECTED_PRESS,
    )
)
"""Alerts that are told calmly; every other one is loud: in red, in the page's title, with a sound."""

SETTINGS = {
    AnyDeskSetting.ACCESS_LIST.value: N_("access list"),
    AnyDeskSetting.UNATTENDED_PASSWORD.value: N_("password for unattended access"),
    AnyDeskSetting.ASKS_ALWAYS.value: N_("always asks"),
    AnyDeskSetting.BLOCK_INPUT.value: N_("blocking the customer's input"),
    AnyDeskSetting.PRIVACY_FEATURE.value: N_("privacy mode"),
    AnyDeskSetting.RECORD_SESSION.value: N_("recording"),
    AnyDeskSetting.TCP_TUNNEL.value: N_("TCP tunnels"),
    AnyDeskSetting.VPN.value: N_("VPN"),
    AnyDeskSetting.FILE_MANAGER.value: N_("file manager"),
    AnyDeskSetting.OTHER.value: N_("another setting"),
}

DETAILS = {**STEPS, "late": N_("late, after an acceptance by phone")}

EVENTS = {
    "opened": N_("Case opened"),
    "step": N_("Step"),
    "code": N_("Code on the customer's screen"),
    "code_used_elsewhere": N_("The code was tried on another computer"),
    "no_backup_asked": N_("The customer asks to go on without a backup"),
    "no_backup_agreed": N_("Agreed: no backup"),
    "offline_answered": N_("Accepted by phone (offline code answered)"),
    "end_requested": N_("End requested by the technician"),
    "closed": N_("Closed by the technician"),
    "state.joined": N_("The customer's program joined"),
    "state.word_confirmed": N_("The right word was picked"),
    "state.ordered": N_("Accepted"),
    "state.in_session": N_("Session began"),
    "state.postponed": N_("Postponed by the customer"),
    "state.frozen": N_("Case frozen"),
    "state.refused": N_("Refused by the customer"),
    "state.ended": N_("Case ended"),
    "record.consent": N_("Consent stored"),
    "record.refusal": N_("Refusal stored"),
    "record.session_start": N_("Start of the session stored"),
    "record.session_end": N_("End of the session stored"),
    "record.closing": N_("Closing proof stored"),
    "record.restart": N_("Press on “Restart now” stored"),
    "record.reopening": N_("Going on stored"),
    AlertKind.INJECTED_PRESS.value: N_("Pressed through another program (recorded so)"),
    "restart_asked": N_("Restart of the computer asked for"),
    "restart_agreed": N_("The customer agreed to the restart"),
    "restart_not_counted": N_("A press on “Restart now” through the connection did not count"),
    "reopen_asked": N_("The customer wants to open the session again"),
    EventKind.RESTARTING.value: N_("The computer is being restarted"),
    EventKind.RESTART_DECLINED.value: N_("The customer does not want a restart now"),
    EventKind.RESTART_FAILED.value: N_("The restart did not work; the customer can restart by hand"),
    EventKind.RETURNED.value: N_("The program is back after the restart"),
    EventKind.REOPEN_GIVEN_UP.value: N_("The session is not opened again"),
    EventKind.ANYDESK_STARTED.value: N_("AnyDesk started"),
    EventKind.ANYDESK_NUMBER.value: N_("AnyDesk number"),
    EventKind.SOMEONE_ASKS.value: N_("Somebody asks to connect"),
    EventKind.CONNECTED.value: N_("Connected"),
    EventKind.DISCONNECTED.value: N_("Disconnected"),
    EventKind.STRANGER.value: N_("A stranger connected"),
    EventKind.ENDED.value: N_("Session ended"),
    EventKind.CLOSED_PROVEN.value: N_("Closing proven"),
    EventKind.NOT_CLOSED.value: N_("Closing not proven"),
    EventKind.NOT_THEM.value: N_('"This is not them"'),
    EventKind.POSTPONED.value: N_('"Finish later"'),
    EventKind.REMOVED.value: N_("Program removed"),
    EventKind.PRESENCE_ASKED.value: N_("Asked: is somebody at the computer?"),
    EventKind.PRESENCE_EXTENDED.value: N_("The customer asked for more time"),
    EventKind.PRESENCE_CONFIRMED.value: N_("Somebody is at the computer"),
    EventKind.PRESENCE_NOT_COUNTED.value: N_("An answer through the connection did not count"),
    EventKind.PRESENCE_UNANSWERED.value: N_("Nobody answers at the computer"),
    EventKind.SCREEN_LOCKED.value: N_("Screen locked"),
    EventKind.SCREEN_UNLOCKED.value: N_("Screen unlocked"),
    EventKind.LOGGED_OFF.value: N_("The customer signed out of the computer"),
    EventKind.SIGNALS_DISAGREE.value: N_("AnyDesk's signals contradict each other"),
    EventKind.NO_NETWORK.value: N_("AnyDesk has no connection"),
    EventKind.SETTINGS_UNKNOWN.value: N_("AnyDesk's settings that could not be read"),
    EventKind.RATING.value: N_("Rating"),
}

RECORDS = {
    "consent": N_("Consent"),
    "refusal": N_("Refusal"),
    "session_start": N_("Session start"),
    "session_end": N_("Session end"),
    "closing": N_("Closing proof"),
    "restart": N_("Restart"),
    "reopening": N_("Going on"),
}
