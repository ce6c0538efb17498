"""A scripted customer's program and a scripted technician, each from a network address of its own."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import msgspec
import requests
from requests.adapters import HTTPAdapter

from consent_record.acts import Control
from consent_record.canonical import canonical_bytes, hash_of
from consent_record.documents import DocumentRef
from consent_record.fields import timestamp
from consent_record.records import (
    Act,
    Backup,
    BackupKind,
    ClosingFact,
    ClosingProof,
    Consent,
    Display,
    InputMethod,
    InputOrigin,
    Person,
    PersonKind,
    Record,
    Refusal,
    SessionEnd,
    SessionStart,
    SystemFamily,
)
from consent_record.wire import JoinAnswer, WordAnswer

TIMEOUT = (3, 15)
PERSON = Person(
    kind=PersonKind.CONSUMER,
    name="Jan Kowalski",
    email="jan@example.pl",
    address="ul. Długa 1, 00-001 Warszawa",
)

_addresses: Iterator[int] = itertools.count(2)


class _FromAddress(HTTPAdapter):
    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **kwargs)


def http_session(address: str = "") -> requests.Session:
    """Return an HTTP session that comes from a loopback address of its own."""
    number = next(_addresses)
    session = requests.Session()
    session.trust_env = False
    session.mount(
        "http://",
        _FromAddress(address or f"127.{10 + number // 60000}.{number // 250 % 250}.{number % 250 + 2}"),
    )
    return session


def problem(answer: requests.Response) -> tuple[int, str]:
    """Return status and code of a refusal, after checking that it is one in the right form."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text[:300]
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    assert "Traceback" not in answer.text
    return answer.status_code, body["code"]


class Console:
    """A signed-in technician over the JSON interface."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url = url
        self.http = http_session()
        answer = self.http.post(
            f"{url}/v1/console/sessions", json={"name": name, "password": password}, timeout=TIMEOUT
        )
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def post(self, path: str, body: Any = None) -> requests.Response:
        """Send a POST."""
        return self.http.post(f"{self.url}/v1/console{path}", json=body, timeout=TIMEOUT)

    def open_case(self, **changes: Any) -> dict[str, Any]:
        """Open a case and return it as the console shows it."""
        body = {
            "problem": "Drukarka nie drukuje",
            "price": {"amount": 12000, "currency": "PLN", "description": "Diagnoza i naprawa"},
            "phone": "600 100 200",
            "details": {"name": "Jan Kowalski", "email": "jan@example.pl", "address": "ul. Długa 1"},
            **changes,
        }
        answer = self.post("/cases", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def case(self, case_id: str) -> dict[str, Any]:
        """Return a case as the console shows it."""
        answer = self.http.get(f"{self.url}/v1/console/cases/{case_id}", timeout=TIMEOUT)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@dataclass
class Client:
    """A customer's program."""

    url: str
    nonce: str = field(default_factory=lambda: secrets.token_hex(32))
    http: requests.Session = field(default_factory=http_session)
    joined: JoinAnswer | None = None
    word_answer: WordAnswer | None = None

    @property
    def case(self) -> JoinAnswer:
        """The case after joining."""
        assert self.joined is not None
        return self.joined

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send a request with the case token; `body` is a struct, JSON data or bytes."""
        data = body if isinstance(body, bytes | type(None)) else msgspec.json.encode(body)
        sent = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.joined is not None:
            sent.setdefault("Authorization", f"Bearer {self.joined.token}")
        return self.http.request(method, self.url + path, data=data, headers=sent, timeout=TIMEOUT)

    def try_join(self, code: str) -> requests.Response:
        """Send the code."""
        return self.call(
            "POST",
            "/v1/cases/join",
            {
                "code": code,
                "nonce": self.nonce,
                "client_version": "0.1.0",
                "system": "linux",
                "language": "pl",
            },
        )

    def join(self, code: str) -> Client:
        """Join a case."""
        answer = self.try_join(code)
        assert answer.status_code == 200, answer.text
        self.joined = msgspec.json.decode(answer.content, type=JoinAnswer)
        return self

    def pick(self, word: str) -> requests.Response:
        """Pick a word."""
        return self.call("POST", f"/v1/cases/{self.case.case_id}/word", {"word": word})

    def confirm(self, word: str) -> Client:
        """Pick the right word."""
        answer = self.pick(word)
        assert answer.status_code == 200, answer.text
        self.word_answer = msgspec.json.decode(answer.content, type=WordAnswer)
        assert self.word_answer.outcome.value == "right"
        return self

    def status(self) -> dict[str, Any]:
        """Return the case's status."""
        answer = self.call("GET", f"/v1/cases/{self.case.case_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def step(self, **changes: Any) -> requests.Response:
        """Report a step."""
        body = {"step": "terms", "state": "shown", "at": timestamp(), **changes}
        return self.call("PUT", f"/v1/cases/{self.case.case_id}/step", body)

    def event(self, kind: str, **changes: Any) -> requests.Response:
        """Report an event."""
        body = {"event_id": str(uuid4()), "kind": kind, "at": timestamp(), **changes}
        return self.call("POST", f"/v1/cases/{self.case.case_id}/events", body)

    def put(self, record: Record, **headers: str) -> requests.Response:
        """Send a record with its digest."""
        data = canonical_bytes(record)
        headers.setdefault("Content_Digest", digest_of(data))
        return self.call("PUT", f"/v1/records/{record.record_id}", data, **headers)

    def consent(self, **changes: Any) -> Consent:
        """Return a consent that the backend takes, with changes."""
        statement = self.case.statement.statement
        documents: tuple[DocumentRef, ...] = statement.documents
        consent = Consent(
            **_base(statement.case_id),
            provider="BIT Service s.c.",
            technician_id=statement.technician_id,
            technician_name=statement.technician_name,
            statement_hash=hash_of(statement),
            problem=statement.problem,
            person=PERSON,
            documents=documents,
            displays=tuple(
                Display(document=d, first_shown_at=timestamp(), seconds_shown=12, scrolled_to_end=True)
                for d in documents
            ),
            acts=tuple(act(c) for c in Control if c is not Control.NO_BACKUP),
            price=statement.price,
            button_label="Zamawiam z obowiązkiem zapłaty",
            backup=Backup(kind=BackupKind.HAVE_ONE, made_on="2026-01-31"),
        )
        return msgspec.structs.replace(consent, **changes)

    def refusal(self, reason: str = "refused", **changes: Any) -> Refusal:
        """Return a refusal."""
        record = msgspec.convert(
            {**_plain(self.case.case_id), "kind": "refusal", "step": "terms", "reason": reason}, Refusal
        )
        return msgspec.structs.replace(record, **changes)

    def session_start(self, consent: Consent, **changes: Any) -> SessionStart:
        """Return the record of a session's start."""
        record = SessionStart(
            **_base(self.case.case_id),
            consent_id=consent.record_id,
            consent_hash=hash_of(consent),
            acceptance=consent.acceptance,
            anydesk_sha256="ab" * 32,
        )
        return msgspec.structs.replace(record, **changes)

    def session_end(self, consent: Consent) -> SessionEnd:
        """Return the record of a session's end."""
        return SessionEnd(**_base(self.case.case_id), consent_id=consent.record_id, ended_by="customer")

    def closing(self, consent: Consent, *, holds: bool = True) -> ClosingProof:
        """Return a closing proof."""
        fact = ClosingFact(fact="no_process", holds=holds, measured_at=timestamp())
        return ClosingProof(**_base(self.case.case_id), consent_id=consent.record_id, facts=(fact,))


def act(control: Control, *, text: str = "Akceptuję.", checked: bool = True) -> Act:
    """Return an act on a control."""
    return Act(
        control=control.value,
        at=timestamp(),
        method=InputMethod.MOUSE,
        origin=InputOrigin.LOCAL,
        texts=(text,) if text else (),
        checked=checked,
    )


def digest_of(data: bytes) -> str:
    """Return the Content-Digest header of bytes (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def _base(case_id: str) -> dict[str, Any]:
    return {**_plain(case_id), "system": SystemFamily.LINUX}


def _plain(case_id: str) -> dict[str, Any]:
    return {
        "record_id": str(uuid4()),
        "case_id": case_id,
        "run_id": str(uuid4()),
        "created_at": timestamp(),
        "client_version": "0.1.0",
        "system": "linux",
        "language": "pl",
    }
