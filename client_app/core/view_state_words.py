"""Sentences of the view state that depend on the phase: titles, leads, what is waited for, questions, contacts."""

from client_app.core import view_state_return
from client_app.core.brand_types import Brand
from client_app.core.messages import N_
from client_app.core.session import (
    BEFORE_ORDER,
    ORDERED_NOT_STARTED,
    EndedBy,
    Phase,
    Session,
    StopReason,
)
from client_app.core.view_state_types import Contact, Question, Say

_TITLES: dict[Phase, str] = {
    Phase.CODE: N_("Who is calling you?"),
    Phase.JOINING: N_("Who is calling you?"),
    Phase.WORD: N_("Which word does the technician say?"),
    Phase.CHECKING_WORD: N_("Which word does the technician say?"),
    Phase.DETAILS: N_("Your details"),
    Phase.TERMS: N_("Terms and price"),
    Phase.COMPUTER: N_("Your computer and your backup"),
    Phase.ORDER: N_("Check and order"),
    Phase.STORING: N_("Your order is being sent"),
    Phase.SENDING: N_("Your order is being sent"),
    Phase.OFFLINE: N_("Confirm by phone"),
    Phase.STARTING: N_("AnyDesk is starting"),
    Phase.WAITING: N_("Now the technician connects"),
    Phase.CONNECTED: N_("The technician is connected"),
    Phase.CLOSING: N_("The connection is being closed"),
    Phase.REMOVING: N_("The program is being removed"),
    Phase.REMOVED: N_("The program was removed"),
}

_LEADS: dict[Phase, str] = {
    Phase.CODE: N_("Type the code that the technician dictates on the phone."),
    Phase.JOINING: N_("Type the code that the technician dictates on the phone."),
    Phase.WORD: N_("The technician says one word. Click it. Never read a word out."),
    Phase.CHECKING_WORD: N_("The technician says one word. Click it. Never read a word out."),
    Phase.DETAILS: N_("For the contract, the confirmation and the invoice. Correct what is wrong."),
    Phase.TERMS: N_("Read as long as you like. Then tick both boxes."),
    Phase.COMPUTER: N_("The program checks by itself. You answer one question."),
    Phase.ORDER: N_("Nothing starts before you press the button at the bottom."),
    Phase.STORING: N_("This takes a moment. Nothing has been started yet."),
    Phase.SENDING: N_("This takes a moment. Nothing has been started yet."),
    Phase.OFFLINE: N_(
        "The company's server does not answer, but the technician can confirm your order by phone."
    ),
    Phase.STARTING: N_("This takes a moment. You need do nothing."),
    Phase.WAITING: N_("AnyDesk will ask you in a moment. Say yes only if you see this:"),
    Phase.CONNECTED: N_("Stay at the computer and watch. Nothing is recorded."),
    Phase.CLOSING: N_("AnyDesk is closed first. Then the program checks that nobody can come back."),
    Phase.REMOVING: N_("This takes a moment."),
    Phase.REMOVED: N_("You can close this window now."),
}

_STOPPED: dict[StopReason, tuple[str, str]] = {
    StopReason.REFUSED: (
        N_("You did not order"),
        N_("Nothing was started and nobody can connect. Your name and e-mail stay on this computer."),
    ),
    StopReason.NOT_THEM: (
        N_("Everything was stopped"),
        N_("Nobody can connect through this program. Hang up now. Then call one of these numbers."),
    ),
    StopReason.WRONG_WORD: (
        N_("That was not the word"),
        N_(
            "The case was stopped for your safety and nobody can connect. Hang up. Then call the company yourself."
        ),
    ),
    StopReason.POSTPONED: (
        N_("You can finish later"),
        N_("Nothing was started. Open this program again and type the same code; the technician knows."),
    ),
    StopReason.FROZEN: (
        N_("The case was stopped for your safety"),
        N_("Nobody can connect. Hang up. Then call the company yourself."),
    ),
    StopReason.ENDED_BY_COMPANY: (
        N_("The company has ended this case"),
        N_("Nothing was started. If you still need help, ask for a new code."),
    ),
    StopReason.NOT_RETURNED: (
        N_("Help does not go on"),
        N_(
            "AnyDesk was not started again and nobody can connect. If you still need help, ask for a new code."
        ),
    ),
}

_ENDED: dict[EndedBy, str] = {
    EndedBy.CUSTOMER: N_("You ended the session."),
    EndedBy.TECHNICIAN: N_("The technician ended the session."),
    EndedBy.WINDOW: N_("The session ended because this window was closed."),
    EndedBy.CLOCK: N_("The session ended because its time was up."),
    EndedBy.NO_CONNECTION: N_("The session ended because nobody was connected for too long."),
    EndedBy.ABSENCE: N_("The session ended because nobody answered whether you are at the computer."),
    EndedBy.LOGGED_OFF: N_("The session ended because you signed out of the computer."),
    EndedBy.ANYDESK: N_("The session ended because AnyDesk closed."),
    EndedBy.STRANGER: N_(
        "The session was cut, because somebody else connected. Hang up and call the company."
    ),
    EndedBy.RESTART: N_("The session ended for a restart of the computer."),
    EndedBy.CLIENT_DIED: N_("The session ended because this program stopped."),
    EndedBy.UNKNOWN: N_("The session has ended."),
}


def closed_proven(session: Session) -> bool:
    """Tell whether closing was measured and no fact speaks against it."""
    return bool(session.closing) and all(fact.holds is not False for fact in session.closing)


def _is_alarm(session: Session) -> bool:
    """Tell whether somebody was there who should not have been: then no page speaks of "the technician"."""
    return session.ended_by is EndedBy.STRANGER or session.stop_reason is StopReason.NOT_THEM


def title_of(session: Session, brand: Brand) -> Say:
    """Return the page's title."""
    company = {"company": brand.seller.short_name}
    if session.phase is Phase.STOPPED and session.stop_reason is not None:
        return Say(_STOPPED[session.stop_reason][0])
    if session.phase is Phase.FINISHED:
        if not closed_proven(session):
            return Say(N_("AnyDesk could not be closed completely"))
        if _is_alarm(session):
            return Say(_STOPPED[StopReason.NOT_THEM][0])
        return Say(N_("The technician of {company} can no longer connect"), company)
    if has_not_started(session):
        return Say(N_("AnyDesk has not started"))
    known = _TITLES.get(session.phase) or view_state_return.TITLES.get(session.phase)
    return Say(known or N_("Remote help"))


def lead_of(session: Session, brand: Brand) -> Say | None:
    """Return the sentence under the title, or None."""
    phase = session.phase
    if phase is Phase.STOPPED and session.stop_reason is not None:
        if session.stop_reason is StopReason.REFUSED and session.consent is not None:
            return Say(
                N_("Nothing was started and nobody can connect. The company is told that you stopped.")
            )
        return Say(_STOPPED[session.stop_reason][1])
    if phase is Phase.FINISHED:
        if not closed_proven(session):
            # What to do stands in one place, in order: the notice first, then the list.
            return Say(N_("Somebody could still connect. Do now what stands below."))
        if session.stop_reason is StopReason.NOT_THEM:
            return Say(_STOPPED[StopReason.NOT_THEM][1])
        return Say(_ENDED[session.ended_by]) if session.ended_by else None
    if phase is Phase.TERMS and not session.documents:
        return Say(N_("The terms are being loaded."))
    if has_not_started(session):
        return Say(N_("Nobody is connected, and nobody can connect."))
    msgid = _LEADS.get(phase) or view_state_return.LEADS.get(phase)
    return Say(msgid) if msgid else None


def has_not_started(session: Session) -> bool:
    """Tell whether starting AnyDesk failed, so that there is nothing to wait for."""
    return session.phase is Phase.STARTING and session.error is not None and not session.anydesk_running


def busy_of(session: Session) -> Say | None:
    """Return what is being waited for, or None."""
    # What ended a session stays as an error while its closing is still being waited for.
    if session.error is not None and session.phase not in (Phase.CLOSING, Phase.REMOVING):
        return None
    msgid = {
        Phase.JOINING: N_("Checking the code …"),
        Phase.CHECKING_WORD: N_("Checking the word …"),
        Phase.STORING: N_("Storing your order on this computer …"),
        Phase.SENDING: N_("Sending your order …"),
        Phase.STARTING: N_("Starting AnyDesk …"),
        Phase.CLOSING: N_("Closing AnyDesk and checking …"),
        Phase.REMOVING: N_("Removing …"),
    }.get(session.phase) or view_state_return.BUSY.get(session.phase)
    return Say(msgid) if msgid else None


def order_label(session: Session, brand: Brand) -> str:
    """Return the order button's label in the session's language; it says that ordering means paying, if it does."""
    free = session.case is not None and session.case.price.amount == 0
    label = brand.order_button.free if free else brand.order_button.paid
    return label.in_language(session.language)


def close_question_of(phase: Phase) -> Question | None:
    """Return what is asked when the window is closed; None when it closes without a question."""
    stay = Say(N_("Stay here"))
    if phase in BEFORE_ORDER:
        return Question(
            Say(N_("Close the program?")),
            Say(N_("Nothing was ordered and nobody can connect. You can go on later with the same code.")),
            Say(N_("Close")),
            stay,
        )
    if phase in ORDERED_NOT_STARTED:
        return Question(
            Say(N_("Close the program?")),
            Say(N_("Your order stays on this computer and is sent the next time. Nobody can connect.")),
            Say(N_("Close")),
            stay,
        )
    if phase in (Phase.STARTING, Phase.WAITING, Phase.CONNECTED):
        return Question(
            Say(N_("End the help?")),
            Say(N_("Closing the window ends the help. AnyDesk is closed and nobody can connect any more.")),
            Say(N_("End the help")),
            stay,
        )
    if phase in (Phase.CLOSING, Phase.REMOVING):
        return Question(
            Say(N_("One moment, please")),
            Say(N_("The program is finishing its work. After that you can close the window.")),
            Say(""),
            Say(N_("I will wait")),
        )
    return view_state_return.close_question_of(phase)


def stop_question_of(session: Session) -> Question | None:
    """Return the words of the page on which help can be refused or put off."""
    if session.phase in BEFORE_ORDER:
        return Question(
            Say(N_("Do you want to stop here?")),
            Say(N_("Nothing was ordered and nobody can connect.")),
            Say(N_("I do not want this help")),
            Say(N_("Back to where I was")),
        )
    if session.phase in ORDERED_NOT_STARTED:
        return Question(
            Say(N_("Do you want to take the order back?")),
            Say(N_("Nothing has been started. The technician will see that you stopped.")),
            Say(N_("Take the order back")),
            Say(N_("Back to where I was")),
        )
    return view_state_return.stop_question_of(session.phase)


def contacts_of(brand: Brand, language: str) -> tuple[Contact, ...]:
    """Return whom to call, in the brand's order."""
    return tuple(
        Contact(c.kind, c.name.in_language(language), c.number, c.advice.in_language(language))
        for c in brand.emergency
    )
