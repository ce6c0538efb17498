"""The client's services against the real backend, over a real socket: one word on both sides of the wire."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from client_app.core.effects import ReportStep, TellTechnician
from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import BackupChoice, ConsentView, Control, Session, StopReason
from client_app.services.backend import Backend
from client_app.services.consent import ConsentService
from client_app.services.delivery import Delivery
from client_app.services.http import Door, Method
from client_app.services.outbox import Outbox, RowState
from client_app.services.problems import BackendProblemError
from client_app.services.records import Maker
from client_app.services.run import Run
from consent_record.case import CaseRules
from consent_record.keys import parse_public_key
from consent_record.receipt import read_receipt
from consent_record.records import SystemFamily
from consent_record.verify import Verdict, judge
from consent_record.wire import ProblemCode
from demo.backend_process import BackendProcess, start
from demo.technician import Technician
from tests.unit.services.ordering import act, finished, ordered

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    """A backend with its documents published."""
    folder = tmp_path_factory.mktemp("backend")
    backend = start(folder / "data")
    try:
        for kind in ("terms", "privacy", "price"):
            file = folder / f"{kind}.md"
            file.write_text(f"# {kind}\n\nTreść, wersja pierwsza.\n", encoding="utf-8")
            backend.publish(kind, "pl", file)
        yield backend
    finally:
        backend.stop()


@pytest.fixture(scope="module")
def technician(company: BackendProcess) -> Technician:
    """Signed in at the console."""
    return Technician(company.url, company.technician_name, company.technician_password)


@dataclass
class Client:
    """One run of the client's services, and its case at the console."""

    company: BackendProcess
    technician: Technician
    folder: Path
    case_id: str

    def __post_init__(self) -> None:
        self.begin_run()

    def begin_run(self) -> None:
        """Begin a run over the same outbox."""
        self.root_key = parse_public_key(self.company.root_path.read_text())
        self.run = Run(system=SystemFamily.LINUX, client_version="0.1.0")
        self.door = Door(self.company.url, agent="test/1")
        self.outbox = Outbox(self.folder / "outbox.sqlite3")
        self.delivery = Delivery(self.door, self.outbox, root_key=self.root_key)
        self.backend = Backend(
            self.door,
            self.run,
            root_key=self.root_key,
            own_rules=CaseRules(),
            bundled_documents=self.folder / "none.json",
        )
        maker = Maker(self.run, "Firma", lambda: datetime.now(UTC))
        self.consent = ConsentService(self.run, maker, self.outbox, self.delivery, root_key=self.root_key)

    def code(self) -> str:
        """The code that the technician dictates."""
        return str(self.technician.case(self.case_id)["code"])

    def word(self) -> str:
        """The word that the technician says."""
        return str(self.technician.case(self.case_id)["word"])

    def session(self) -> Session:
        """Join, pick the word, and fill everything in."""
        case = self.backend.join(self.code(), "pl")
        assert self.backend.check_word(self.word()).right
        return ordered(case, self.backend.load_documents())


@pytest.fixture
def client(company: BackendProcess, technician: Technician, tmp_path: Path) -> Iterator[Client]:
    case_id = technician.open_case("Drukarka nie drukuje", 8000, "Pomoc do 30 minut", {"name": "Jan"}, "pl")
    made = Client(company, technician, tmp_path, case_id)
    yield made
    made.outbox.close()
    made.door.close()


def refused(act: Callable[[], object]) -> ErrorCode:
    with pytest.raises(CustomerError) as caught:
        act()
    return caught.value.code


def without(control: Control) -> Callable[[Session], Session]:
    return lambda session: replace(session, acts=tuple(a for a in session.acts if a.control is not control))


# --- refusals -----------------------------------------------------------------------------------------------------


def test_a_code_that_nobody_gave(client: Client) -> None:
    assert refused(lambda: client.backend.join("000000000", "pl")) is ErrorCode.CODE_UNKNOWN


def test_a_code_of_another_computer(client: Client) -> None:
    code = client.code()
    client.backend.join(code, "pl")
    client.outbox.close()
    client.begin_run()
    assert refused(lambda: client.backend.join(code, "pl")) is ErrorCode.CODE_USED


def test_a_wrong_word_freezes_the_case(client: Client) -> None:
    case = client.backend.join(client.code(), "pl")
    wrong = next(word for word in case.words if word != client.word())
    assert not client.backend.check_word(wrong).right
    assert client.backend.status().frozen
    assert refused(client.run.confirmed_case) is ErrorCode.NO_PERMISSION


def test_a_token_of_another_case(client: Client) -> None:
    client.session()
    path = f"/v1/cases/{client.case_id}"
    with pytest.raises(BackendProblemError) as caught:
        client.door.call(Method.GET, path, token="ab" * 32)
    assert (caught.value.code, caught.value.problem) == (ErrorCode.CASE_ENDED, ProblemCode.TOKEN)


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (without(Control.EARLY_START), "record.incomplete"),
        (lambda s: replace(s, person=replace(s.person, email="nobody")), "record.incomplete"),
        (
            lambda s: replace(s, backup=BackupChoice.NONE, acts=(*s.acts, act(Control.NO_BACKUP))),
            "record.incomplete",
        ),
    ],
    ids=["no early start", "no address", "no backup without a yes"],
)
def test_an_order_that_is_not_whole_is_parked_and_starts_nothing(
    client: Client, change: Callable[[Session], Session], problem: str
) -> None:
    order = client.consent.store_consent(change(client.session()))
    assert refused(lambda: client.consent.send(order.record_id)) is ErrorCode.RECORD_REFUSED
    row = client.outbox.get(order.record_id)
    assert row is not None
    assert (row.state, row.reason) == (RowState.REFUSED, problem)


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
def test_an_order_after_the_technician_ended_the_case(client: Client) -> None:
    session = client.session()
    client.technician.end_case(client.case_id)
    order = client.consent.store_consent(session)
    assert refused(lambda: client.consent.send(order.record_id)) is ErrorCode.CASE_ENDED


@pytest.mark.expect_log("client_app.services.delivery", "record_refused")
def test_documents_that_changed_after_they_were_read(client: Client, tmp_path: Path) -> None:
    session = client.session()
    newer = tmp_path / "terms.md"
    newer.write_text(f"# terms\n\n{tmp_path}\n", encoding="utf-8")
    client.company.publish("terms", "pl", newer)
    order = client.consent.store_consent(session)
    assert refused(lambda: client.consent.send(order.record_id)) is ErrorCode.DOCUMENTS_CHANGED
    # The same code and nonce give the statement with the new versions; the word stays confirmed.
    case = client.backend.join(client.code(), "pl")
    again = ordered(case, client.backend.load_documents())
    order = client.consent.store_consent(again)
    assert client.consent.send(order.record_id).record_id == order.record_id


# --- the way ------------------------------------------------------------------------------------------------------


def send_again(client: Client, order: ConsentView) -> bytes:
    row = client.outbox.get(order.record_id)
    assert row is not None
    digest = base64.b64encode(hashlib.sha256(row.record).digest()).decode()
    return client.door.call(
        Method.PUT,
        f"/v1/records/{order.record_id}",
        body=row.record,
        token=client.run.case().token,
        headers={"Content-Digest": f"sha-256=:{digest}:"},
    )


def test_an_order_and_its_session(client: Client) -> None:
    session = client.session()
    order = client.consent.store_consent(session)
    receipt = client.consent.send(order.record_id)
    data = client.consent.receipt_bytes(order.record_id)
    assert data is not None
    assert judge(data, root_key=client.root_key).verdict is Verdict.PROVEN
    assert read_receipt(data).body.record_hash == order.record_hash
    assert receipt.receipt_id == read_receipt(data).body.receipt_id
    assert send_again(client, order) == data
    permission = client.consent.permission(order.record_id)
    assert (permission.case_id, permission.offline) == (client.case_id, False)
    after = finished(session, order)
    client.consent.store_session_start(after, "ab" * 32)
    client.consent.store_session_end(after)
    receipts, wait = client.consent.send_due()
    assert (len(receipts), wait, client.consent.unsent()) == (3, None, 0)


def test_an_order_that_is_accepted_by_phone_and_delivered_later(client: Client) -> None:
    session = client.session()
    order = client.consent.store_consent(session)
    answer = client.technician.answer_offline(client.case_id, order.offline_code)
    assert client.consent.check_answer(order.record_id, answer).accepted
    assert client.consent.permission(order.record_id).offline
    client.consent.store_session_start(finished(session, order), "ab" * 32)
    client.consent.store_session_end(finished(session, order))
    client.outbox.close()
    client.begin_run()
    receipts, wait = client.consent.send_due()
    assert (len(receipts), wait) == (4, None)
    data = client.consent.receipt_bytes(order.record_id)
    assert data is not None
    assert read_receipt(data).body.late


def test_a_refusal_is_stored_without_the_person(client: Client) -> None:
    client.consent.store_refusal(client.session(), StopReason.REFUSED)
    ((receipt,), wait) = client.consent.send_due()
    data = client.consent.receipt_bytes(receipt.record_id)
    assert data is not None
    assert (b"Nowak" in data, wait) == (False, None)


def test_the_console_hears_steps_and_events_once(client: Client) -> None:
    client.session()
    assert not client.backend.report_step(ReportStep("terms", "shown", missing=("accept_terms",))).frozen
    client.technician.wait_until(client.case_id, lambda case: "terms" in str(case["step"]))
    event = TellTechnician("anydesk_number", anydesk_number="987654321")
    for _ in range(2):
        client.backend.tell(event)
    shown = client.technician.wait_until(client.case_id, lambda case: "987654321" in str(case))
    assert shown["code"] == client.code()
    client.technician.end_case(client.case_id)
    assert client.backend.status().end_requested


def test_details_of_the_console_reach_the_customer_after_the_word(client: Client) -> None:
    client.backend.join(client.code(), "pl")
    details = client.backend.check_word(client.word()).details
    assert details is not None
    assert details.name == "Jan"


def test_the_backend_is_well(client: Client) -> None:
    client.backend.check_health()
