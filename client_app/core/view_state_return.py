"""What the window shows between two sessions of one order: restarting, coming back, opening again.

Rule: the sentences above a button that is an act are listed here, because the act covers exactly them.
"""

from client_app.core.brand_types import Brand
from client_app.core.messages import N_
from client_app.core.numbers import grouped
from client_app.core.session import REOPENING, Phase, Session
from client_app.core.view_state_types import HelpStage, HelpView, Press, Primary, Question, Say

STAGES = {
    Phase.RESTARTING: HelpStage.RESTARTING,
    Phase.RETURNING: HelpStage.RETURNING,
    Phase.RETURNED: HelpStage.RETURNED,
    Phase.REOPEN_ASKING: HelpStage.REOPEN_WAITING,
    Phase.REOPEN_WORD: HelpStage.REOPEN_WORD,
    Phase.REOPEN_CHECKING: HelpStage.REOPEN_WORD,
    Phase.REOPEN_ORDER: HelpStage.REOPEN_ORDER,
    Phase.REOPEN_STORING: HelpStage.REOPEN_WAITING,
    Phase.REOPEN_SENDING: HelpStage.REOPEN_WAITING,
    Phase.REOPEN_OFFLINE: HelpStage.REOPEN_OFFLINE,
}

PHASES = frozenset(STAGES)

_CAN_END = frozenset(
    {
        Phase.RESTARTING,
        Phase.RETURNED,
        Phase.REOPEN_WORD,
        Phase.REOPEN_ORDER,
        Phase.REOPEN_SENDING,
        Phase.REOPEN_OFFLINE,
    }
)

CAN_GIVE_UP = _CAN_END & REOPENING
"""Phases in which "Stop here" stands under the page: a reopening that was begun need not be finished."""

TITLES: dict[Phase, str] = {
    Phase.RESTARTING: N_("The computer restarts now"),
    Phase.RETURNING: N_("One moment, please"),
    Phase.RETURNED: N_("The computer has restarted"),
    Phase.REOPEN_ASKING: N_("Opening the help again"),
    Phase.REOPEN_WORD: N_("Which word does the technician say?"),
    Phase.REOPEN_CHECKING: N_("Which word does the technician say?"),
    Phase.REOPEN_ORDER: N_("Open the help again?"),
    Phase.REOPEN_STORING: N_("Opening the help again"),
    Phase.REOPEN_SENDING: N_("Opening the help again"),
    Phase.REOPEN_OFFLINE: N_("Confirm by phone"),
}

LEADS: dict[Phase, str] = {
    Phase.RESTARTING: N_(
        "AnyDesk is closed and nobody can connect. After you sign in, this program comes back by itself."
    ),
    Phase.RETURNING: N_("The program checks what you agreed before the restart."),
    Phase.RETURNED: N_("Nobody is connected. Help goes on only when you press the button."),
    Phase.REOPEN_ASKING: N_("The technician now sees a new word for you."),
    Phase.REOPEN_WORD: N_("The technician says one word. Click it. Never read a word out."),
    Phase.REOPEN_CHECKING: N_("The technician says one word. Click it. Never read a word out."),
    Phase.REOPEN_ORDER: N_("Nobody is connected. Nothing opens before you press the button."),
    Phase.REOPEN_STORING: N_("This takes a moment. Nothing has been started yet."),
    Phase.REOPEN_SENDING: N_("This takes a moment. Nothing has been started yet."),
    Phase.REOPEN_OFFLINE: N_(
        "The company's server does not answer, but the technician can confirm by phone that help goes on."
    ),
}

BUSY: dict[Phase, str] = {
    Phase.RESTARTING: N_("Restarting the computer …"),
    Phase.RETURNING: N_("Checking what was agreed …"),
    Phase.REOPEN_ASKING: N_("Asking the company's server …"),
    Phase.REOPEN_CHECKING: N_("Checking the word …"),
    Phase.REOPEN_STORING: N_("Storing your agreement on this computer …"),
    Phase.REOPEN_SENDING: N_("Sending your agreement …"),
}

RESTART_QUESTION = N_("The technician asks to restart this computer. Save your work in other programs first.")
RESTART_THEN = N_(
    "The connection is closed first. After you sign in again, this program comes back and asks you before help goes on."
)
RESTART_YES = N_("Restart now")
RESTART_NO = N_("Not now")
"""The question in the panel, and its two buttons. The act of agreeing covers both sentences and the button."""


def sentences_of(session: Session) -> tuple[Say, ...]:
    """Return what the page says above its one button, in order."""
    case = session.case
    if case is None:
        return ()
    named = {
        "technician": case.technician_name,
        "number": " / ".join(grouped(one) for one in case.anydesk_numbers),
    }
    if session.phase is Phase.RETURNED:
        return (
            Say(N_("The computer has restarted. Press “Continue help” when the technician is on the phone.")),
            Say(N_("AnyDesk starts again for {technician}, AnyDesk number {number}."), named),
            Say(N_("The same terms and the same price apply. There is no new cost.")),
        )
    if session.phase is Phase.REOPEN_ORDER:
        return (
            Say(N_("AnyDesk starts again for {technician}, AnyDesk number {number}."), named),
            Say(N_("The same terms and the same price apply. There is no new cost.")),
        )
    return ()


def help_view(session: Session, brand: Brand) -> HelpView:
    """Return the body of step 6 in a phase between two sessions."""
    case, record = session.case, session.reopening
    return HelpView(
        stage=STAGES[session.phase],
        own_number="",
        technician=case.technician_name if case else "",
        technician_numbers=case.anydesk_numbers if case else (),
        words=session.reopen_words,
        words_enabled=session.phase is Phase.REOPEN_WORD,
        sentences=sentences_of(session),
        offline_code=record.offline_code if record else "",
        tries_left=session.answer_tries_left,
    )


def primary_of(session: Session) -> Primary:
    """Return the one primary button in a phase between two sessions."""
    phase = session.phase
    if phase is Phase.RETURNED:
        return Primary(Say(N_("Continue help")), Press.CONTINUE, enabled=True)
    if phase is Phase.REOPEN_ORDER:
        return Primary(Say(N_("Open help again")), Press.REOPEN, enabled=True)
    if phase is Phase.REOPEN_OFFLINE:
        return Primary(Say(N_("Check the digits")), Press.ANSWER, enabled=session.answer_tries_left > 0)
    if phase is Phase.RESTARTING and session.error is not None:
        return Primary(Say(N_("Close this program")), enabled=True)
    return Primary(Say(N_("Next")), visible=False)


def can_end(phase: Phase) -> bool:
    """Tell whether "end" means something: no restart after all, no going on after it, no opening again."""
    return phase in _CAN_END


def stop_question_of(phase: Phase) -> Question | None:
    """Return what is asked before a reopening is given up; None where there is nothing to give up."""
    if phase not in CAN_GIVE_UP:
        return None
    return Question(
        Say(N_("Leave the help closed?")),
        Say(N_("Nobody is connected and nothing is opened again.")),
        Say(N_("Leave it closed")),
        Say(N_("Back to where I was")),
    )


def close_question_of(phase: Phase) -> Question | None:
    """Return what is asked when the window is closed between two sessions; None: nothing is asked."""
    stay = Say(N_("Stay here"))
    if phase is Phase.RETURNED:
        return Question(
            Say(N_("End the help?")),
            Say(N_("Nobody is connected. If you close the window now, help does not go on.")),
            Say(N_("End the help")),
            stay,
        )
    if phase in REOPENING:
        return Question(
            Say(N_("Close the program?")),
            Say(N_("Nobody is connected and nothing is opened again.")),
            Say(N_("Close")),
            stay,
        )
    return None
