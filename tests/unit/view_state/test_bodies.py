"""What stands on each page, and at the end; nothing is said that was not measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_app.core.config import Brand
from client_app.core.errors import ErrorCode
from client_app.core.person import Field, Person
from client_app.core.session import (
    BackupChoice,
    Document,
    EndedBy,
    FactView,
    Phase,
    StopReason,
)
from client_app.core.view_state import view_of
from client_app.core.view_state_types import (
    Backup,
    CallerView,
    ComputerView,
    DetailsView,
    FinishView,
    HelpStage,
    HelpView,
    OrderStage,
    OrderView,
    PageId,
    Removal,
    Say,
    StoppedView,
    TermsView,
)
from demo.scenes import Stories
from tests.unit.view_state.phases import in_phase

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
