"""The view state: `(session, brand) -> what the window shows`. Pure, and the only place that maps phases to pages."""

from collections.abc import Callable
from dataclasses import replace

from client_app.core import view_state_before as before
from client_app.core import view_state_return
from client_app.core import view_state_session as session_pages
from client_app.core.brand_types import Brand
from client_app.core.errors import ErrorCode
from client_app.core.flow_consent import computer_ready, order_ready, read_code, terms_complete
from client_app.core.messages import N_
from client_app.core.session import (
    BEFORE_ORDER,
    ORDERED_NOT_STARTED,
    REOPENING,
    Phase,
    Session,
)
from client_app.core.steps import Step
from client_app.core.view_state_panel import panel_of
from client_app.core.view_state_types import (
    Body,
    CloseRule,
    Notice,
    PageId,
    Press,
    Primary,
    Say,
    WizardView,
)
from client_app.core.view_state_words import (
    busy_of,
    close_question_of,
    closed_proven,
    contacts_of,
    has_not_started,
    lead_of,
    order_label,
    stop_question_of,
    title_of,
)

__all__ = ["page_of", "view_of"]

_PAGE_OF_STEP = {
    Step.CALLER: PageId.CALLER,
    Step.DETAILS: PageId.DETAILS,
    Step.TERMS: PageId.TERMS,
    Step.COMPUTER: PageId.COMPUTER,
    Step.ORDER: PageId.ORDER,
    Step.HELP: PageId.HELP,
    Step.FINISH: PageId.FINISH,
}

OPEN_SESSION = frozenset({Phase.STARTING, Phase.WAITING, Phase.CONNECTED})

_NOT_THEM_ACTS = (
    BEFORE_ORDER | ORDERED_NOT_STARTED | OPEN_SESSION | REOPENING | {Phase.RESTARTING, Phase.RETURNED}
)

RETRY_PHASES = frozenset(
    {
        Phase.CODE,
        Phase.TERMS,
        Phase.COMPUTER,
        Phase.SENDING,
        Phase.STARTING,
        Phase.FINISHED,
        Phase.RESTARTING,
        Phase.REOPEN_SENDING,
        Phase.REOPEN_OFFLINE,
    }
)
"""Phases in which the flow knows what "try again" means; the offline page has a button of its own for it."""

TRIED_AGAIN_ELSEWHERE = frozenset({ErrorCode.CANNOT_SAVE, ErrorCode.CANNOT_PRINT, ErrorCode.UNSENT_RECORDS})
"""Failures of a button that stands there still: the flow's "try again" would do something else."""


def page_of(session: Session) -> PageId:
    """Return the page of a session; removing stays on the page from which it was asked for."""
    stopped_early = session.stop_reason is not None and session.ended_by is None
    if session.phase is Phase.STOPPED or (stopped_early and session.phase in (Phase.REMOVING, Phase.REMOVED)):
        return PageId.STOPPED
    step = session.step
    return PageId.STOPPED if step is None else _PAGE_OF_STEP[step]


def view_of(session: Session, brand: Brand) -> WizardView:
    """Return everything that the window shows for a session.

    Args:
        session: the state of the flow.
        brand: the company's settings; its texts are taken in the session's language.
    """
    phase = session.phase
    page = page_of(session)
    step = None if page is PageId.STOPPED else session.step
    return WizardView(
        language=session.language,
        page=page,
        step=step,
        reached=step.number if step else 0,
        title=title_of(session, brand),
        lead=lead_of(session, brand),
        body=_body(session, brand, page),
        primary=_primary(session, brand),
        can_go_back=phase in (Phase.TERMS, Phase.COMPUTER, Phase.ORDER),
        can_stop=phase in BEFORE_ORDER
        or phase in ORDERED_NOT_STARTED
        or phase in view_state_return.CAN_GIVE_UP,
        can_postpone=phase in BEFORE_ORDER and session.word_confirmed,
        can_end=phase in OPEN_SESSION or view_state_return.can_end(phase),
        not_them_acts=phase in _NOT_THEM_ACTS,
        busy=busy_of(session),
        notice=_notice(session),
        banner=_banner(session, page),
        close=_close_rule(phase),
        close_question=close_question_of(phase),
        stop_question=stop_question_of(session),
        panel=panel_of(session),
        contacts=contacts_of(brand, session.language),
    )


def _body(session: Session, brand: Brand, page: PageId) -> Body:
    makers: dict[PageId, Callable[[Session, Brand], Body]] = {
        PageId.CALLER: before.caller_view,
        PageId.DETAILS: before.details_view,
        PageId.TERMS: before.terms_view,
        PageId.COMPUTER: before.computer_view,
        PageId.ORDER: before.order_view,
        PageId.HELP: session_pages.help_view,
        PageId.FINISH: session_pages.finish_view,
        PageId.STOPPED: session_pages.stopped_view,
    }
    return makers[page](session, brand)


_PRIMARY_NEXT = N_("Next")


def _primary(session: Session, brand: Brand) -> Primary:
    phase = session.phase
    if phase in view_state_return.PHASES:
        return view_state_return.primary_of(session)
    if phase is Phase.CODE:
        nine = len(read_code(session.code)[0]) == 9
        # The ninth digit goes on by itself; the button is there to try again.
        return Primary(Say(_PRIMARY_NEXT), enabled=nine, visible=nine)
    if phase is Phase.DETAILS:
        return Primary(Say(_PRIMARY_NEXT), enabled=True)
    if phase is Phase.TERMS:
        return _terms_primary(session)
    if phase is Phase.COMPUTER:
        ready = computer_ready(session)
        hint = None if ready else before.computer_hint(session)
        return Primary(Say(_PRIMARY_NEXT), enabled=ready, hint=hint)
    if phase is Phase.ORDER:
        ready = order_ready(session)
        hint = None if ready else before.order_hint(session)
        return Primary(order_label(session, brand), Press.ORDER, enabled=ready, hint=hint)
    if phase is Phase.OFFLINE:
        return Primary(Say(N_("Check the digits")), Press.ANSWER, enabled=session.answer_tries_left > 0)
    if phase in OPEN_SESSION:
        code = session.error
        is_tried = has_not_started(session) and code is not None and code.info.retryable
        return Primary(Say(N_("End now")), Press.END, enabled=True, is_second=is_tried)
    if phase in (Phase.FINISHED, Phase.STOPPED, Phase.REMOVED):
        is_open = phase is Phase.FINISHED and session.error is ErrorCode.NOT_CLOSED
        return Primary(Say(N_("Close this program")), enabled=True, is_second=is_open)
    return Primary(Say(_PRIMARY_NEXT), visible=False)


def _terms_primary(session: Session) -> Primary:
    # With both boxes ticked the button is alive even when the documents differ: pressing it says so and loads again.
    ticked = before.terms_ticked(session)
    ready = terms_complete(session) or ticked
    hint = None if ready else Say(N_("Still to do: tick both boxes."))
    return Primary(Say(_PRIMARY_NEXT), enabled=ready, hint=hint)


def _notice(session: Session) -> Notice | None:
    code = session.error
    if code is None or code in before.FIELD_CODES:
        return None
    if session.phase is Phase.STOPPED and code in (
        ErrorCode.WRONG_WORD,
        ErrorCode.CASE_FROZEN,
        ErrorCode.CASE_ENDED,
    ):
        return None  # the page itself says it, with whom to call
    can_retry = session.phase in RETRY_PHASES and code not in TRIED_AGAIN_ELSEWHERE
    if session.phase is Phase.STARTING and session.anydesk_running:
        can_retry = False
    return _not_closed(can_retry) if code is ErrorCode.NOT_CLOSED else _notice_of(code, can_retry)


def _banner(session: Session, page: PageId) -> Notice | None:
    if page is PageId.FINISH and session.error is not ErrorCode.NOT_CLOSED and not closed_proven(session):
        # Another failure (a file that could not be saved) must not hide that AnyDesk may still run.
        return _not_closed(can_retry=False)
    blocking = session.blocking_check
    if blocking is None or blocking.code is None or page is PageId.COMPUTER:
        return None
    if session.phase not in BEFORE_ORDER or blocking.code is session.error:
        return None
    return _notice_of(blocking.code, False)


def _notice_of(code: ErrorCode, can_retry: bool) -> Notice:
    info = code.info
    return Notice(code.value, Say(info.title), Say(info.advice), info.retryable and can_retry)


def _not_closed(can_retry: bool) -> Notice:
    notice = _notice_of(ErrorCode.NOT_CLOSED, can_retry)
    # What to do stands under the title and in the list below; here only what this notice's own button is for.
    first = N_("Press “Try again” first. If that does not help, do what is listed below.")
    return replace(notice, advice=Say(first if notice.retryable else N_("Do what is listed below.")))


def _close_rule(phase: Phase) -> CloseRule:
    if phase in (Phase.FINISHED, Phase.STOPPED, Phase.REMOVED, Phase.RESTARTING, Phase.RETURNING):
        return CloseRule.LEAVE
    if phase in (Phase.CLOSING, Phase.REMOVING):
        return CloseRule.WAIT
    return CloseRule.ASK
