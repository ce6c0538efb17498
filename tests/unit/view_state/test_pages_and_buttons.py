"""The view state as tables: which page, which buttons, which notice; and what it must never say or offer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_app.core.config import Brand
from client_app.core.errors import ERRORS, ErrorCode
from client_app.core.person import CustomerKind
from client_app.core.session import (
    BEFORE_ORDER,
    ORDERED_NOT_STARTED,
    REOPENING,
    CheckKind,
    CheckResult,
    CheckState,
    Control,
    Money,
    Phase,
)
from client_app.core.view_state import view_of
from client_app.core.view_state_types import (
    CloseRule,
    ComputerView,
    DetailsView,
    OrderView,
    PageId,
    Press,
)
from demo.scenes import Stories
from tests.unit.view_state.phases import in_phase

PAGES = {
    Phase.CODE: PageId.CALLER,
    Phase.JOINING: PageId.CALLER,
    Phase.WORD: PageId.CALLER,
    Phase.CHECKING_WORD: PageId.CALLER,
    Phase.DETAILS: PageId.DETAILS,
    Phase.TERMS: PageId.TERMS,
    Phase.COMPUTER: PageId.COMPUTER,
    Phase.ORDER: PageId.ORDER,
    Phase.STORING: PageId.ORDER,
    Phase.SENDING: PageId.ORDER,
    Phase.OFFLINE: PageId.ORDER,
    Phase.STARTING: PageId.HELP,
    Phase.WAITING: PageId.HELP,
    Phase.CONNECTED: PageId.HELP,
    Phase.CLOSING: PageId.HELP,
    Phase.RESTARTING: PageId.HELP,
    Phase.RETURNING: PageId.HELP,
    Phase.RETURNED: PageId.HELP,
    **dict.fromkeys(REOPENING, PageId.HELP),
    Phase.FINISHED: PageId.FINISH,
    Phase.REMOVING: PageId.FINISH,
    Phase.REMOVED: PageId.FINISH,
    Phase.STOPPED: PageId.STOPPED,
}
GOES_BACK = {Phase.TERMS, Phase.COMPUTER, Phase.ORDER}
ENDS = {Phase.STARTING, Phase.WAITING, Phase.CONNECTED, Phase.RESTARTING, Phase.RETURNED} | (
    REOPENING - {Phase.REOPEN_ASKING, Phase.REOPEN_CHECKING, Phase.REOPEN_STORING}
)
GIVES_UP = {Phase.REOPEN_WORD, Phase.REOPEN_ORDER, Phase.REOPEN_SENDING, Phase.REOPEN_OFFLINE}
LEAVES = {Phase.FINISHED, Phase.REMOVED, Phase.STOPPED, Phase.RESTARTING, Phase.RETURNING}
WAITS = {Phase.CLOSING, Phase.REMOVING}
BUSY = {
    Phase.JOINING,
    Phase.CHECKING_WORD,
    Phase.STORING,
    Phase.SENDING,
    Phase.STARTING,
    Phase.CLOSING,
    Phase.RESTARTING,
    Phase.RETURNING,
    Phase.REOPEN_ASKING,
    Phase.REOPEN_CHECKING,
    Phase.REOPEN_STORING,
    Phase.REOPEN_SENDING,
    Phase.REMOVING,
}


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_its_page_and_buttons(phase: Phase, stories: Stories, brand: Brand) -> None:
    view = view_of(in_phase(stories, phase), brand)

    assert view.page is PAGES[phase]
    assert view.title.msgid
    assert view.can_go_back is (phase in GOES_BACK)
    assert view.can_stop is (phase in BEFORE_ORDER or phase in ORDERED_NOT_STARTED or phase in GIVES_UP)
    assert (view.stop_question is not None) is view.can_stop
    assert view.can_end is (phase in ENDS)
    assert view.not_them_acts is (view.can_stop or view.can_end or phase in REOPENING)
    assert (view.busy is not None) is (phase in BUSY)
    assert (view.panel is not None) is (phase in {Phase.WAITING, Phase.CONNECTED})
    assert view.close is (
        CloseRule.LEAVE if phase in LEAVES else CloseRule.WAIT if phase in WAITS else CloseRule.ASK
    )
    assert (view.close_question is None) is (phase in LEAVES)


@pytest.mark.parametrize("phase", Phase)
def test_the_same_session_gives_the_same_view(phase: Phase, stories: Stories, brand: Brand) -> None:
    session = in_phase(stories, phase)

    assert view_of(session, brand) == view_of(replace(session), brand)


@pytest.mark.parametrize("phase", Phase)
def test_after_the_order_there_is_no_way_back(phase: Phase, stories: Stories, brand: Brand) -> None:
    if phase in BEFORE_ORDER:
        return
    view = view_of(in_phase(stories, phase), brand)

    assert not view.can_go_back
    assert not view.can_postpone


# --- primary button -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "visible"), [("", False), ("12345678", False), ("123456789", True)])
def test_the_first_page_has_a_button_only_to_try_again(
    code: str, visible: bool, stories: Stories, brand: Brand
) -> None:
    primary = view_of(replace(stories.start, code=code), brand).primary

    assert (primary.visible, primary.enabled) == (visible, visible)


@pytest.mark.parametrize(
    "missing",
    [(), (Control.ACCEPT_TERMS,), (Control.ACCEPT_PRICE,), (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE)],
)
def test_terms_go_on_with_both_boxes_only(
    missing: tuple[Control, ...], stories: Stories, brand: Brand
) -> None:
    acts = tuple(act for act in stories.accepted.acts if act.control not in missing)
    primary = view_of(replace(stories.read, acts=acts), brand).primary

    assert primary.enabled is (not missing)
    assert (primary.hint is not None) is bool(missing)


@pytest.mark.parametrize(
    ("kind", "ticked", "enabled"),
    [
        (CustomerKind.CONSUMER, (), False),
        (CustomerKind.CONSUMER, (Control.AUTHORITY,), False),
        (CustomerKind.CONSUMER, (Control.EARLY_START,), False),
        (CustomerKind.CONSUMER, (Control.AUTHORITY, Control.EARLY_START), True),
        (CustomerKind.BUSINESS, (), False),
        (CustomerKind.BUSINESS, (Control.AUTHORITY,), True),
    ],
)
def test_the_order_button_lives_only_with_every_tick(
    kind: CustomerKind, ticked: tuple[Control, ...], enabled: bool, stories: Stories, brand: Brand
) -> None:
    template = stories.ready.acts[0]
    person = stories.person if kind is CustomerKind.CONSUMER else stories.firm
    acts = (*stories.ready.acts, *(replace(template, control=control) for control in ticked))
    view = view_of(replace(stories.ready, person=person, acts=acts), brand)

    assert view.primary.press is Press.ORDER
    assert view.primary.enabled is enabled
    assert isinstance(view.body, OrderView)
    shown = {tick.control for tick in view.body.ticks}
    assert (Control.EARLY_START in shown) is (kind is CustomerKind.CONSUMER)
    assert bool(view.body.withdrawal) is (kind is CustomerKind.CONSUMER)


@pytest.mark.parametrize(
    ("amount", "words"), [(12300, "Zamawiam z obowiązkiem zapłaty"), (0, "Zamawiam bezpłatną pomoc")]
)
def test_the_order_button_says_whether_ordering_means_paying(
    amount: int, words: str, stories: Stories, brand: Brand
) -> None:
    case = replace(stories.case, price=Money(amount))

    assert view_of(replace(stories.ready, case=case), brand).primary.label == words


def test_one_tick_covers_three_texts_word_by_word(stories: Stories, brand: Brand) -> None:
    body = view_of(stories.ready, brand).body
    assert isinstance(body, OrderView)
    authority = next(tick for tick in body.ticks if tick.control is Control.AUTHORITY)
    texts = brand.declarations

    assert authority.covers == (
        texts.order_tick.pl,
        texts.dispose.pl,
        texts.presence.pl,
        texts.remote_work.pl,
    )


def test_no_answer_can_be_sent_when_the_tries_are_over(stories: Stories, brand: Brand) -> None:
    offline = replace(stories.ordered, phase=Phase.OFFLINE, answer_tries_left=0)

    assert not view_of(offline, brand).primary.enabled


# --- notices ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_has_words_and_is_shown(code: ErrorCode, stories: Stories, brand: Brand) -> None:
    view = view_of(replace(stories.detailed, error=code), brand)
    field_code = code.value.startswith("K-7")

    if field_code:
        assert view.notice is None
        assert isinstance(view.body, DetailsView)
        assert view.body.show_all
    else:
        assert view.notice is not None
        assert view.notice.code == code.value
        assert view.notice.title.msgid == ERRORS[code].title
        assert not view.notice.retryable, "the flow knows no retry on this page"


@pytest.mark.parametrize(
    ("phase", "code", "retryable"),
    [
        (Phase.CODE, ErrorCode.NO_CONNECTION, True),
        (Phase.CODE, ErrorCode.CODE_UNKNOWN, False),
        (Phase.TERMS, ErrorCode.DOCUMENTS_MISSING, True),
        (Phase.OFFLINE, ErrorCode.NO_CONNECTION, False),
        (Phase.TERMS, ErrorCode.CANNOT_SAVE, False),
        (Phase.TERMS, ErrorCode.CANNOT_PRINT, False),
        (Phase.FINISHED, ErrorCode.UNSENT_RECORDS, False),
        (Phase.STARTING, ErrorCode.ANYDESK_NOT_STARTED, True),
        (Phase.FINISHED, ErrorCode.NOT_CLOSED, True),
        (Phase.WORD, ErrorCode.NO_CONNECTION, False),
    ],
)
def test_trying_again_is_offered_only_where_the_flow_can(
    phase: Phase, code: ErrorCode, retryable: bool, stories: Stories, brand: Brand
) -> None:
    session = replace(in_phase(stories, phase), error=code, anydesk_running=False)
    notice = view_of(session, brand).notice

    assert notice is not None
    assert notice.retryable is retryable


def test_a_running_anydesk_is_not_started_again(stories: Stories, brand: Brand) -> None:
    session = replace(stories.receipted, error=ErrorCode.ANYDESK_NOT_STARTED, anydesk_running=True)
    notice = view_of(session, brand).notice

    assert notice is not None
    assert not notice.retryable


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase in BEFORE_ORDER])
def test_a_blocking_check_is_shown_on_whatever_step(phase: Phase, stories: Stories, brand: Brand) -> None:
    blocked = CheckResult(CheckKind.DISPLAY, CheckState.BLOCKING, ErrorCode.DISPLAY_WAYLAND)
    view = view_of(replace(in_phase(stories, phase), checks=(blocked,)), brand)

    if phase is Phase.COMPUTER:
        assert view.banner is None
        assert isinstance(view.body, ComputerView)
        assert view.body.checks[0].code == "K-22"
        assert not view.primary.enabled
    else:
        assert view.banner is not None
        assert view.banner.code == "K-22"


def test_what_went_wrong_stays_while_closing_is_waited_for(stories: Stories, brand: Brand) -> None:
    session = replace(in_phase(stories, Phase.CLOSING), error=ErrorCode.STRANGER_CONNECTED)
    view = view_of(session, brand)

    assert view.notice is not None
    assert view.busy is not None
