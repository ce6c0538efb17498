"""The view state as tables: which page, which buttons, which notice; and what it must never say or offer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from client_app.core.config import Brand
from client_app.core.errors import ERRORS, ErrorCode
from client_app.core.person import CustomerKind, Field, Person
from client_app.core.session import (
    BEFORE_ORDER,
    ORDERED_NOT_STARTED,
    BackupChoice,
    CheckKind,
    CheckResult,
    CheckState,
    Control,
    Document,
    EndedBy,
    FactView,
    Money,
    Phase,
    Session,
    StopReason,
)
from client_app.core.view_state import view_of
from client_app.core.view_state_types import (
    Backup,
    CallerView,
    CloseRule,
    ComputerView,
    DetailsView,
    FinishView,
    HelpStage,
    HelpView,
    OrderStage,
    OrderView,
    PageId,
    Press,
    Removal,
    Say,
    StoppedView,
    TermsView,
)
from demo.scenes import Stories, example_brand, example_documents


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("brand")


@pytest.fixture(scope="module")
def brand(folder: Path) -> Brand:
    return example_brand(folder)


@pytest.fixture(scope="module")
def stories(folder: Path, brand: Brand) -> Stories:
    return Stories("pl", example_documents(folder, brand))


def in_phase(stories: Stories, phase: Phase) -> Session:
    """Return a session with everything that a phase may need."""
    full = replace(stories.over, error=None, connected_once=True)
    if phase in BEFORE_ORDER or phase in ORDERED_NOT_STARTED:
        full = replace(full, ended_by=None, closing=())
    stop = StopReason.REFUSED if phase is Phase.STOPPED else None
    return replace(full, phase=phase, stop_reason=stop, ended_by=None if stop else full.ended_by)


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
    Phase.FINISHED: PageId.FINISH,
    Phase.REMOVING: PageId.FINISH,
    Phase.REMOVED: PageId.FINISH,
    Phase.STOPPED: PageId.STOPPED,
}
GOES_BACK = {Phase.TERMS, Phase.COMPUTER, Phase.ORDER}
ENDS = {Phase.STARTING, Phase.WAITING, Phase.CONNECTED}
LEAVES = {Phase.FINISHED, Phase.REMOVED, Phase.STOPPED}
WAITS = {Phase.CLOSING, Phase.REMOVING}
BUSY = {
    Phase.JOINING,
    Phase.CHECKING_WORD,
    Phase.STORING,
    Phase.SENDING,
    Phase.STARTING,
    Phase.CLOSING,
    Phase.REMOVING,
}


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_its_page_and_buttons(phase: Phase, stories: Stories, brand: Brand) -> None:
    view = view_of(in_phase(stories, phase), brand)

    assert view.page is PAGES[phase]
    assert view.title.msgid
    assert view.can_go_back is (phase in GOES_BACK)
    assert view.can_stop is (phase in BEFORE_ORDER or phase in ORDERED_NOT_STARTED)
    assert view.can_end is (phase in ENDS)
    assert view.not_them_acts is (view.can_stop or view.can_end)
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
        (Phase.OFFLINE, ErrorCode.NO_CONNECTION, True),
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


# --- bodies -------------------------------------------------------------------------------------------------------


def test_the_words_appear_only_after_the_code(stories: Stories, brand: Brand) -> None:
    for phase in (Phase.CODE, Phase.JOINING):
        body = view_of(replace(stories.joined, phase=phase), brand).body
        assert isinstance(body, CallerView)
        assert body.words == ()
    body = view_of(stories.joined, brand).body
    assert isinstance(body, CallerView)
    assert len(body.words) == 9
    assert body.words_enabled
    checking = view_of(replace(stories.joined, phase=Phase.CHECKING_WORD), brand).body
    assert isinstance(checking, CallerView)
    assert not checking.words_enabled


def test_all_problems_of_a_person_are_known_but_not_shown_at_once(stories: Stories, brand: Brand) -> None:
    body = view_of(replace(stories.detailed, person=Person()), brand).body

    assert isinstance(body, DetailsView)
    assert Field.KIND in body.problems
    assert not body.show_all


def test_a_translation_is_marked_by_its_binding_text(stories: Stories, brand: Brand) -> None:
    polish = view_of(stories.read, brand).body
    english = view_of(replace(stories.read, language="en"), brand).body
    assert isinstance(polish, TermsView)
    assert isinstance(english, TermsView)
    assert polish.terms is not None
    assert polish.terms.binding is None
    assert english.terms is not None
    assert english.terms.text.language == "en"
    assert english.terms.binding is not None
    assert english.terms.binding.language == "pl"


def test_without_a_price_list_there_is_none(stories: Stories, brand: Brand) -> None:
    documents = tuple(d for d in stories.documents if d.kind is not Document.PRICE)
    body = view_of(replace(stories.read, documents=documents), brand).body

    assert isinstance(body, TermsView)
    assert body.price_list is None
    assert body.bundled_as_of == ""


@pytest.mark.parametrize(
    ("choice", "agreed", "expected"),
    [
        (None, False, Backup.OPEN),
        (BackupChoice.HAVE_ONE, False, Backup.ANSWERED),
        (BackupChoice.NONE, False, Backup.WAITING_FOR_YES),
        (BackupChoice.NONE, True, Backup.AGREED),
    ],
)
def test_the_backup_question(
    choice: BackupChoice | None, agreed: bool, expected: Backup, stories: Stories, brand: Brand
) -> None:
    view = view_of(replace(stories.accepted, backup=choice, no_backup_agreed=agreed), brand)

    assert isinstance(view.body, ComputerView)
    assert view.body.backup is expected
    assert view.primary.enabled is (expected in (Backup.ANSWERED, Backup.AGREED))


@pytest.mark.parametrize(
    ("phase", "stage"),
    [
        (Phase.ORDER, OrderStage.FORM),
        (Phase.SENDING, OrderStage.SENDING),
        (Phase.OFFLINE, OrderStage.OFFLINE),
    ],
)
def test_stages_of_the_order(phase: Phase, stage: OrderStage, stories: Stories, brand: Brand) -> None:
    body = view_of(replace(stories.ordered, phase=phase), brand).body

    assert isinstance(body, OrderView)
    assert body.stage is stage


def test_who_asks_is_shown_before_anybody_is_connected(stories: Stories, brand: Brand) -> None:
    view = view_of(replace(stories.waiting, asking=stories.peer), brand)

    assert isinstance(view.body, HelpView)
    assert view.body.stage is HelpStage.ASKING
    assert view.panel is not None
    assert view.panel.peer_number == ""


# --- the end ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "closed"),
    [
        ((), False),
        ((FactView("a", True, ""),), True),
        ((FactView("a", True, ""), FactView("b", None, "")), True),
        ((FactView("a", True, ""), FactView("b", False, "")), False),
    ],
)
def test_closed_is_said_only_of_facts(
    facts: tuple[FactView, ...], closed: bool, stories: Stories, brand: Brand
) -> None:
    view = view_of(replace(stories.over, closing=facts), brand)

    assert isinstance(view.body, FinishView)
    assert view.body.closed is closed
    assert ("no longer connect" in view.title.msgid) is closed
    assert (view.body.removal.stage is Removal.OFFERED) is closed


def test_another_failure_does_not_hide_that_anydesk_may_run(stories: Stories, brand: Brand) -> None:
    facts = (FactView("a", False, ""),)
    view = view_of(replace(stories.over, closing=facts, error=ErrorCode.CANNOT_SAVE), brand)

    assert view.notice is not None
    assert view.notice.code == "K-60"
    assert view.banner is not None
    assert view.banner.code == "K-48"


@pytest.mark.parametrize("reason", StopReason)
def test_every_reason_says_that_nobody_can_connect_or_what_comes_next(
    reason: StopReason, stories: Stories, brand: Brand
) -> None:
    view = view_of(replace(stories.detailed, phase=Phase.STOPPED, stop_reason=reason), brand)
    alarming = reason in (StopReason.NOT_THEM, StopReason.WRONG_WORD, StopReason.FROZEN)

    assert view.page is PageId.STOPPED
    assert view.lead is not None
    assert isinstance(view.body, StoppedView)
    assert bool(view.body.contacts) is alarming
    if alarming:
        assert {contact.number for contact in view.body.contacts} >= {"112", "8080"}


@pytest.mark.parametrize("phase", [Phase.REMOVING, Phase.REMOVED])
def test_removing_stays_on_the_page_it_was_asked_from(phase: Phase, stories: Stories, brand: Brand) -> None:
    stopped = replace(stories.detailed, phase=phase, stop_reason=StopReason.REFUSED)

    assert view_of(stopped, brand).page is PageId.STOPPED
    assert view_of(replace(stories.over, phase=phase), brand).page is PageId.FINISH


@pytest.mark.parametrize("ended", [EndedBy.STRANGER, EndedBy.CUSTOMER])
def test_after_a_stranger_the_page_says_whom_to_call(ended: EndedBy, stories: Stories, brand: Brand) -> None:
    body = view_of(replace(stories.over, ended_by=ended), brand).body

    assert isinstance(body, FinishView)
    assert bool(body.contacts) is (ended is EndedBy.STRANGER)
    assert body.can_rate is (ended is not EndedBy.STRANGER)


def test_nothing_is_ever_called_safe(stories: Stories, brand: Brand) -> None:
    for phase in Phase:
        view = view_of(in_phase(stories, phase), brand)
        said = [view.title, *(part for part in (view.lead, view.busy) if part is not None)]
        for part in said:
            assert isinstance(part, Say)
            assert "verified" not in part.msgid.lower()
            assert "is safe" not in part.msgid.lower()
