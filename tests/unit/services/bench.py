"""One run of the client's services over a small backend that signs with real keys and fails as it is told."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from client_app.core.ports import StartPermission
from client_app.core.session import CaseView, ConsentView, Session
from client_app.services.backend import Backend
from client_app.services.consent import ConsentService
from client_app.services.delivery import Delivery
from client_app.services.http import Door, Limits
from client_app.services.outbox import Outbox
from client_app.services.records import Maker
from client_app.services.run import Run
from consent_record.case import CaseRules
from consent_record.fields import timestamp
from consent_record.records import SystemFamily
from consent_record.wire import CaseState, CaseStatus, CurrentDocuments, Health, WordAnswer, WordOutcome
from tests.unit.services.company import RIGHT_WORD, SECRET, Company
from tests.unit.services.ordering import ordered
from tests.unit.services.server import Asked, Server, reply

QUICK = Limits(1.0, 1.0, 3.0)
OWN_RULES = CaseRules()
Answer = Callable[[Asked], "bytes | None"]


class Bench:
    """Door, outbox, backend and consent service of one run, and the other side's answers.

    Attributes:
        instead: asked first for each request; a test sets it to answer in its own way (None closes the connection).
        now: seconds since 1970 as the delivery sees them; a test moves it.
    """

    def __init__(self, company: Company, folder: Path) -> None:
        self.company = company
        self.folder = folder
        self.instead: Answer | None = None
        self.now = 1_800_000_000.0
        self.root_key = company.root_key
        self.server: Server | None = None
        self.opened: Outbox | None = None

    def connect(self, server: Server) -> None:
        """Begin a run over the server."""
        self.server = server
        self.begin_run(server.url)

    def begin_run(self, url: str = "") -> None:
        """Begin another run: new nonce and id, the same outbox file, as after a restart."""
        if url == "" and self.server is not None:
            url = self.server.url
        if self.opened is not None:
            self.opened.close()
        self.run = Run(system=SystemFamily.LINUX, client_version="0.1.0")
        self.door = Door(url, agent="test/1", limits=QUICK)
        self.outbox = self.opened = Outbox(self.folder / "data" / "outbox.sqlite3")
        self.delivery = Delivery(
            self.door,
            self.outbox,
            root_key=self.root_key,
            clock=lambda: self.now,
            chance=random.Random(7).random,
        )
        self.backend = Backend(
            self.door,
            self.run,
            root_key=self.root_key,
            own_rules=OWN_RULES,
            bundled_documents=self.folder / "documents.json",
        )
        maker = Maker(self.run, "BIT Service", lambda: datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC))
        self.consent = ConsentService(self.run, maker, self.outbox, self.delivery, root_key=self.root_key)

    # --- what a customer does -----------------------------------------------------------------------------------

    def join(self) -> CaseView:
        """Exchange the code for a case."""
        return self.backend.join("123456782", "pl")

    def confirm(self) -> CaseView:
        """Join and pick the right word."""
        case = self.join()
        assert self.backend.check_word(RIGHT_WORD).right
        return case

    def session(self) -> Session:
        """Return a session that is ready to be ordered."""
        return ordered(self.confirm(), self.backend.load_documents())

    def order(self) -> ConsentView:
        """Store an order; nothing of it is sent."""
        return self.consent.store_consent(self.session())

    def permission(self, record_id: str) -> StartPermission:
        """Ask for leave to start."""
        return self.consent.permission(record_id)

    def cut(self) -> None:
        """Cut the network: connections are closed without an answer until `instead` is set to None."""
        self.instead = lambda _asked: None

    # --- what the other side answers ----------------------------------------------------------------------------

    @property
    def asked(self) -> list[Asked]:
        """Every request that arrived."""
        assert self.server is not None
        return self.server.asked

    def answer(self, asked: Asked, _connection: socket.socket) -> bytes | None:
        """Answer as the test says, else as a backend does."""
        return self.instead(asked) if self.instead is not None else self.good(asked)

    def good(self, asked: Asked) -> bytes:
        """Answer as a backend does."""
        company, now = self.company, timestamp()
        path = asked.path
        if path == "/v1/health":
            found: msgspec.Struct = Health(status="ok", version="1", server_time=now)
        elif path == "/v1/documents":
            found = CurrentDocuments(documents=company.documents, server_time=now)
        elif path == "/v1/cases/join":
            found = company.join_answer(msgspec.json.decode(asked.body)["nonce"])
        elif path.endswith("/word"):
            right = msgspec.json.decode(asked.body)["word"] == RIGHT_WORD
            outcome = WordOutcome.RIGHT if right else WordOutcome.FROZEN
            found = WordAnswer(outcome=outcome, case_secret=SECRET if right else None)
        elif path.startswith("/v1/records/"):
            return reply(company.receipt(asked.body))
        else:
            found = CaseStatus(state=CaseState.JOINED, server_time=now)
        return reply(msgspec.json.encode(found))
