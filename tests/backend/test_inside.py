"""What needs a clock of one's own or a table to walk through: states, expiry, migrations, texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from sqlalchemy import Engine, text

from consent_backend.acts.joining import join, pick_word
from consent_backend.acts.maintenance import maintain
from consent_backend.acts.moving import AlertKind, move
from consent_backend.acts.people import make_technician, store_numbers
from consent_backend.acts.publishing import publish
from consent_backend.acts.technician_cases import NewCase, open_case
from consent_backend.case_states import OVER, TABLE, Trigger, next_state
from consent_backend.cli.setup import prepare_database, prepare_keys
from consent_backend.console import wording
from consent_backend.keyring import Keyring
from consent_backend.problems import ApiError
from consent_backend.settings import DataFolder
from consent_backend.store.cases import case_by_id
from consent_backend.store.engine import WRITES
from consent_backend.store.migrate import HEAD, migrate
from consent_backend.store.people import technician_by_name
from consent_backend.store.tables import METADATA
from consent_backend.store.work import Unit, Work
from consent_record.case import Price
from consent_record.documents import DocumentKind
from consent_record.records import SystemFamily
from consent_record.wire import (
    CaseState,
    EventKind,
    JoinAnswer,
    JoinRequest,
    PersonDraft,
    StepState,
    WordRequest,
)

T = TypeVar("T")
START = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Clock:
    """A database whose time is ours."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self.engine = engine
        self.keyring = keyring
        self.now = datetime.now(UTC)

    def run(self, unit: Unit[T]) -> T:
        """Run a unit of work at `now`; a refusal's kept writes are kept as the writer keeps them."""
        with (
            self.engine.connect().execution_options(**{WRITES: True}) as connection,
            connection.begin() as transaction,
        ):
            try:
                return unit(Work(connection, self.now))
            except ApiError as error:
                if error.keeps_writes:
                    transaction.commit()
                raise

    def open(self, planned: timedelta = timedelta()) -> str:
        """Open a case."""

        def act(work: Work) -> str:
            technician = technician_by_name(work.connection, "anna")
            assert technician is not None
            new = NewCase("p", "600", self.now + planned, Price(amount=1), PersonDraft(name="Jan"), "pl")
            return open_case(work, technician, new)

        return self.run(act)

    def join(self, case_id: str) -> JoinAnswer:
        """Join a case."""
        code = self.state(case_id)[1] or ""
        request = JoinRequest(
            code=code, nonce="ab" * 32, client_version="1", system=SystemFamily.LINUX, language="pl"
        )
        return self.run(lambda work: join(work, self.keyring, request, "address"))

    def confirm(self, case_id: str) -> None:
        """Pick the right word."""

        def act(work: Work) -> None:
            case = case_by_id(work.connection, case_id)
            assert case is not None
            pick_word(work, case, WordRequest(word=case.word))

        self.run(act)

    def move(self, case_id: str, trigger: Trigger) -> bool:
        """Let something happen to a case."""

        def act(work: Work) -> bool:
            case = case_by_id(work.connection, case_id)
            assert case is not None
            return move(work, case, trigger)

        return self.run(act)

    def state(self, case_id: str) -> tuple[CaseState, str | None, PersonDraft | None]:
        """Return state, code and what is known of the customer."""
        case = self.run(lambda work: case_by_id(work.connection, case_id))
        assert case is not None
        return case.state, case.code, case.draft


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[Clock]:
    """An open database with a technician and documents."""
    folder = DataFolder(tmp_path / "data")
    engine, keyring = prepare_database(folder), prepare_keys(folder)
    found = Clock(engine, keyring)

    def fill(work: Work) -> None:
        technician = make_technician(work, "anna", "Anna", "x", must_change=False)
        store_numbers(work, technician, ("123456789",))
        for kind in DocumentKind:
            publish(work, keyring.document, kind=kind, language="pl", text=kind.value, binding=True)

    found.run(fill)
    yield found
    engine.dispose()


def test_nothing_leads_out_of_a_refusal_and_only_two_things_out_of_an_end() -> None:
    assert TABLE[CaseState.REFUSED] == {}
    assert set(TABLE[CaseState.ENDED]) == {Trigger.REOPENED, Trigger.NOT_THEM}
    assert set(TABLE) == set(CaseState) - {CaseState.UNEXPECTED}


@pytest.mark.parametrize("state", [s for s in CaseState if s not in OVER | {CaseState.UNEXPECTED}])
def test_every_running_state_can_be_frozen_or_ended(state: CaseState) -> None:
    assert next_state(state, Trigger.CLOSED) is CaseState.ENDED
    assert next_state(state, Trigger.EXPIRED) is CaseState.ENDED
    if state is not CaseState.OPEN:
        assert next_state(state, Trigger.NOT_THEM) is CaseState.FROZEN


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("trigger", [Trigger.ORDERED, Trigger.ACCEPTED_OFFLINE, Trigger.SESSION_STARTED])
def test_no_session_without_word_and_order(state: CaseState, trigger: Trigger) -> None:
    may_order = {CaseState.WORD_CONFIRMED, CaseState.ORDERED, CaseState.IN_SESSION}
    may_start = {CaseState.ORDERED, CaseState.IN_SESSION}
    allowed = may_start if trigger is Trigger.SESSION_STARTED else may_order
    if trigger is Trigger.ACCEPTED_OFFLINE:
        allowed = may_order - {CaseState.IN_SESSION}
    assert (next_state(state, trigger) is not None) == (state in allowed)


def test_a_move_that_is_not_in_the_table_changes_nothing(clock: Clock) -> None:
    case_id = clock.open()
    assert not clock.move(case_id, Trigger.SESSION_STARTED)
    assert clock.state(case_id)[0] is CaseState.OPEN


def test_a_code_lives_until_the_planned_time_and_a_day(clock: Clock) -> None:
    case_id = clock.open(planned=timedelta(days=3))
    clock.now += timedelta(days=3, hours=23)
    clock.join(case_id)
    clock.now += timedelta(hours=1, seconds=1)
    with pytest.raises(ApiError, match="code_expired"):
        clock.join(case_id)


def test_expired_and_abandoned_cases_end_and_forget_the_customer(clock: Clock) -> None:
    waiting, joined, ordered = clock.open(), clock.open(), clock.open()
    clock.join(joined)
    clock.join(ordered)
    clock.confirm(ordered)
    clock.move(ordered, Trigger.ORDERED)
    assert clock.run(maintain) == 0
    clock.now += timedelta(hours=24, minutes=1)
    assert clock.run(maintain) == 2
    assert [clock.state(c)[0] for c in (waiting, joined, ordered)] == [
        CaseState.ENDED,
        CaseState.ENDED,
        CaseState.ORDERED,
    ]
    assert clock.state(joined)[2] is None
    assert clock.state(ordered)[2] is not None
    clock.now += timedelta(hours=12)
    assert clock.run(maintain) == 1
    assert clock.state(ordered)[0] is CaseState.ENDED
    assert [clock.state(c)[1] for c in (waiting, joined, ordered)] == [None, None, None]


def test_reopening_is_possible_for_half_an_hour_after_an_accident(clock: Clock) -> None:
    case_id = clock.open()
    clock.join(case_id)
    clock.confirm(case_id)
    clock.move(case_id, Trigger.ORDERED)
    clock.run(
        lambda work: work.connection.execute(text("UPDATE cases SET consent_id = 'x', consent_hash = 'y'"))
    )
    clock.move(case_id, Trigger.SESSION_ENDED)
    clock.now += timedelta(minutes=29)
    clock.join(case_id)
    assert clock.state(case_id)[0] is CaseState.JOINED
    clock.confirm(case_id)
    clock.move(case_id, Trigger.ORDERED)
    clock.move(case_id, Trigger.SESSION_ENDED)
    clock.now += timedelta(minutes=31)
    with pytest.raises(ApiError, match=r"case\.ended"):
        clock.join(case_id)


def test_migrations_make_exactly_the_tables_of_the_code(clock: Clock) -> None:
    with clock.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, METADATA) == []
    assert migrate(clock.engine) is False


def test_the_database_is_durable_by_its_settings(clock: Clock) -> None:
    with clock.engine.connect() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_parameters_never_stand_in_database_errors(clock: Clock) -> None:
    with pytest.raises(Exception, match="hide_parameters") as caught:
        clock.run(
            lambda work: work.connection.execute(text("INSERT INTO nothing VALUES (:x)"), {"x": "Kowalski"})
        )
    assert "Kowalski" not in str(caught.value)


def test_every_name_has_its_words() -> None:
    assert set(wording.STATES) == set(CaseState) - {CaseState.UNEXPECTED}
    assert set(wording.STEP_STATES) == set(StepState)
    assert {kind.value for kind in AlertKind} == set(wording.ALERTS)
    kinds = {kind.value for kind in EventKind} | {f"state.{s.value}" for s in CaseState}
    assert kinds - {"state.open", "state.unexpected"} <= set(wording.EVENTS)


def test_every_text_of_the_console_is_in_the_polish_catalogue(project_root: Path) -> None:
    folder = project_root / "consent_backend"
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
    used = {m[2] for m in extract_from_dir(str(folder), methods, keywords={"_": None, "N_": None})}
    with (project_root / "resources/locale/pl/LC_MESSAGES/backend.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {message.id: message.string for message in catalogue if message.id}
    assert used - set(translated) == set()
    assert set(translated) - used == set()
    assert [m for m, s in translated.items() if not s] == []
    for message in catalogue:
        assert list(message.check(catalogue)) == [] if hasattr(message, "check") else True
