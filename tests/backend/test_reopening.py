"""Once more under one consent: what the backend refuses, and the two ways that it takes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from consent_record.canonical import hash_of
from consent_record.codes import offline_code
from consent_record.fields import timestamp
from consent_record.records import Act, Consent, InputMethod, InputOrigin, Reopening, Restart, SessionEnd
from demo.backend_process import BackendProcess
from tests.backend.actors import Client, Console, problem


def pressed(control: str, origin: InputOrigin = InputOrigin.LOCAL) -> Act:
    return Act(control=control, at=timestamp(), method=InputMethod.MOUSE, origin=origin, texts=("Tekst",))


def restart(client: Client, consent: Consent, origin: InputOrigin = InputOrigin.LOCAL) -> Restart:
    start = client.session_start(consent)
    base = {name: getattr(start, name) for name in _COMMON}
    return Restart(
        **base,
        record_id=str(uuid4()),
        consent_id=consent.record_id,
        consent_hash=hash_of(consent),
        act=pressed("restart", origin),
    )


def reopening(client: Client, consent: Consent, previous: str, reason: Any) -> Reopening:
    start = client.session_start(consent)
    base = {name: getattr(start, name) for name in _COMMON}
    return Reopening(
        **base,
        record_id=str(uuid4()),
        consent_id=consent.record_id,
        consent_hash=hash_of(consent),
        reason=reason,
        previous_record=previous,
        act=pressed("continue_help" if reason == "restart" else "reopen"),
    )


_COMMON = ("case_id", "run_id", "created_at", "client_version", "system", "language")


class Session:
    """A client with an order under which AnyDesk was started once."""

    def __init__(self, backend: BackendProcess, console: Console) -> None:
        case = console.open_case()
        self.id, self.console = case["case_id"], console
        self.client = Client(backend.url).join(case["code"]).confirm(case["word"])
        self.consent = self.client.consent()
        taken(self.client.put(self.consent))
        taken(self.client.put(self.client.session_start(self.consent)))

    def end(self, by: Any = "customer") -> SessionEnd:
        end = msgspec.structs.replace(self.client.session_end(self.consent), ended_by=by)
        taken(self.client.put(end))
        return end

    def ask(self, end: SessionEnd, **changes: Any) -> Any:
        body = {"consent_id": self.consent.record_id, "ended_record": hash_of(end), **changes}
        return self.client.call("POST", f"/v1/cases/{self.id}/reopen", body)

    def state(self) -> str:
        return str(self.console.case(self.id)["state"])


def taken(answer: Any) -> None:
    assert answer.status_code == 200, answer.text


@pytest.fixture
def session(backend: BackendProcess, console: Console) -> Session:
    return Session(backend, console)


@pytest.mark.parametrize("by", ["technician", "stranger", "clock", "restart", "unknown"])
def test_only_an_accident_opens_again(session: Session, by: str) -> None:
    assert problem(session.ask(session.end(by))) == (409, "case.reopen_over")


def test_what_has_not_ended_or_is_not_named_opens_nothing(session: Session) -> None:
    other = session.client.session_end(session.consent)
    assert problem(session.ask(other)) == (409, "case.reopen_over")
    end = session.end()
    assert problem(session.ask(end, ended_record="ab" * 32)) == (409, "case.reopen_over")
    assert problem(session.ask(end, consent_id=str(uuid4()))) == (409, "case.reopen_over")


def test_the_technician_has_the_last_word(session: Session) -> None:
    session.console.post(f"/cases/{session.id}/end")
    end = session.end()
    assert problem(session.ask(end)) == (409, "case.reopen_over")


def test_a_wrong_word_freezes_and_the_button_without_the_word_opens_nothing(session: Session) -> None:
    end = session.end()
    taken(session.ask(end))
    record = reopening(session.client, session.consent, hash_of(end), "accidental")
    assert problem(session.client.put(record)) == (403, "case.word_needed")
    word = session.console.case(session.id)["word"]
    words = msgspec.json.decode(session.ask(end).content)["words"]
    wrong = next(candidate for candidate in words if candidate != word)
    assert session.client.pick(wrong).json()["outcome"] == "frozen"
    assert problem(session.ask(end))[1] == "case.frozen"
    assert problem(session.client.put(record))[1] == "case.frozen"


def test_word_and_button_open_again_once(session: Session) -> None:
    end = session.end()
    first = session.ask(end)
    taken(first)
    assert session.ask(end).json()["words"] == first.json()["words"], "one round, one set of words"
    session.client.confirm(session.console.case(session.id)["word"])
    record = reopening(session.client, session.consent, hash_of(end), "accidental")
    taken(session.client.put(record))
    taken(session.client.put(record))
    assert session.state() == "ordered"
    again = reopening(session.client, session.consent, hash_of(end), "accidental")
    assert problem(session.client.put(again)) == (409, "record.conflict")
    second = session.client.session_start(session.consent)
    assert problem(session.client.put(second)) == (409, "record.conflict")
    named = msgspec.structs.replace(second, reopening_id=record.record_id, reopening_hash="ab" * 32)
    assert problem(session.client.put(named))[1] == "record.wrong_hash"
    right = msgspec.structs.replace(named, reopening_hash=hash_of(record))
    taken(session.client.put(right))
    assert session.state() == "in_session"
    once_more = msgspec.structs.replace(right, record_id=str(uuid4()))
    assert problem(session.client.put(once_more)) == (409, "record.conflict"), "a reopening starts once, too"


def test_giving_up_ends_it_again(session: Session) -> None:
    taken(session.ask(session.end()))
    assert session.state() == "joined"
    taken(session.client.event("reopen_given_up"))
    assert session.state() == "ended"


def test_before_an_order_nothing_can_be_given_up(backend: BackendProcess, console: Console) -> None:
    case = console.open_case()
    client = Client(backend.url).join(case["code"])
    taken(client.event("reopen_given_up"))
    assert console.case(case["case_id"])["state"] == "joined"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"previous_record": "ab" * 32}, "record.unknown"),
        ({"consent_hash": "ab" * 32}, "record.wrong_hash"),
        ({"consent_id": str(uuid4())}, "record.unknown"),
        ({"act": pressed("reopen")}, "record.incomplete"),
        ({"reason": "accidental", "act": pressed("reopen")}, "record.incomplete"),
    ],
)
def test_going_on_after_a_restart_is_refused(session: Session, changes: dict[str, Any], code: str) -> None:
    agreed = restart(session.client, session.consent)
    taken(session.client.put(agreed))
    session.end("restart")
    record = msgspec.structs.replace(
        reopening(session.client, session.consent, hash_of(agreed), "restart"), **changes
    )
    assert problem(session.client.put(record))[1] == code


def test_going_on_through_another_program_counts_and_is_told(session: Session) -> None:
    """AnyDesk does not run after the restart: who presses with an on-screen keyboard must be able to go on."""
    agreed = restart(session.client, session.consent)
    taken(session.client.put(agreed))
    session.end("restart")
    record = reopening(session.client, session.consent, hash_of(agreed), "restart")
    injected = pressed("continue_help", InputOrigin.INJECTED)
    taken(session.client.put(msgspec.structs.replace(record, act=injected)))
    case = session.console.case(session.id)
    assert case["state"] == "ordered"
    assert [alert["kind"] for alert in case["alerts"]] == ["injected_press"]


def test_opening_again_through_another_program_counts_and_is_told(session: Session) -> None:
    end = session.end()
    taken(session.ask(end))
    session.client.confirm(session.console.case(session.id)["word"])
    record = reopening(session.client, session.consent, hash_of(end), "accidental")
    injected = pressed("reopen", InputOrigin.INJECTED)
    taken(session.client.put(msgspec.structs.replace(record, act=injected)))
    assert [alert["kind"] for alert in session.console.case(session.id)["alerts"]] == ["injected_press"]


def test_an_injected_press_is_kept_and_agrees_to_nothing(session: Session) -> None:
    agreed = restart(session.client, session.consent, InputOrigin.INJECTED)
    taken(session.client.put(agreed))
    assert "restart_not_counted" in [event["kind"] for event in session.console.case(session.id)["timeline"]]
    session.end("restart")
    record = reopening(session.client, session.consent, hash_of(agreed), "restart")
    assert problem(session.client.put(record))[1] == "record.incomplete"


def test_a_restart_asked_for_agreed_to_and_gone_on_after(session: Session) -> None:
    assert session.client.status()["restart_requested"] is None
    taken(session.console.post(f"/cases/{session.id}/ask-restart"))
    wish = session.client.status()["restart_requested"]
    assert wish is not None
    taken(session.console.post(f"/cases/{session.id}/ask-restart"))
    assert session.client.status()["restart_requested"] == wish
    agreed = restart(session.client, session.consent)
    taken(session.client.put(agreed))
    assert session.client.status()["restart_requested"] is None
    session.end("restart")
    assert session.state() == "ordered"
    record = reopening(session.client, session.consent, hash_of(agreed), "restart")
    taken(session.client.put(record))
    start = session.client.session_start(
        session.consent, reopening_id=record.record_id, reopening_hash=hash_of(record)
    )
    taken(session.client.put(start))
    assert session.state() == "in_session"


def test_a_declined_restart_can_be_asked_for_again(session: Session) -> None:
    taken(session.console.post(f"/cases/{session.id}/ask-restart"))
    first = session.client.status()["restart_requested"]
    taken(session.client.event("restart_declined"))
    assert session.client.status()["restart_requested"] is None
    taken(session.console.post(f"/cases/{session.id}/ask-restart"))
    assert session.client.status()["restart_requested"] not in (None, first)


def test_nobody_asks_for_a_restart_outside_a_session(backend: BackendProcess, console: Console) -> None:
    case = console.open_case()
    answer = console.post(f"/cases/{case['case_id']}/ask-restart")
    assert problem(answer)[1] == "console.not_now"


def test_going_on_is_accepted_by_phone_after_a_restart(session: Session) -> None:
    agreed = restart(session.client, session.consent)
    taken(session.client.put(agreed))
    record = reopening(session.client, session.consent, hash_of(agreed), "restart")
    code = offline_code(hash_of(record))
    taken(session.console.post(f"/cases/{session.id}/offline-answer", {"code": code}))
    start = session.client.session_start(
        session.consent, reopening_id=record.record_id, reopening_hash=hash_of(record)
    )
    taken(session.client.put(start))
    answer = session.client.put(record)
    taken(answer)
    assert msgspec.json.decode(answer.content)["body"]["late"] is True
