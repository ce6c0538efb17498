"""An order under which AnyDesk was started once, and everything that may follow; for the tests of what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.returning import ReturnStart
from client_app.core.session import ConsentView, Control, EndedBy, InputOrigin, ReopenReason, Session
from client_app.services.returning import Own, ReturningService
from consent_record.case import CaseRules
from tests.unit.services.bench import OWN_RULES, Bench
from tests.unit.services.ordering import act, finished

NO_PERMISSION = pytest.mark.expect_log("client_app.services.consent", "no_permission")
REFUSED = pytest.mark.expect_log("client_app.services.returning", "return_refused")
SHA = "ab" * 32
START = ReturnStart(("/opt/pomoc/pomoc-zdalna", "--return"))


class Computer:
    """A computer that remembers what it was asked for and never does it."""

    def __init__(self) -> None:
        self.registered: ReturnStart | None = None
        self.restarts = 0
        self.fails = False

    @property
    def entry_name(self) -> str:
        return "pomoc-zdalna-return"

    def register(self, start: ReturnStart) -> None:
        if self.fails:
            raise PermissionError("no")
        self.registered = start

    def unregister(self) -> None:
        self.registered = None

    def restart(self) -> None:
        if self.fails:
            raise PermissionError("no")
        self.restarts += 1


class Story:
    """An order under which AnyDesk was started once, and everything that may follow."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.computer = Computer()
        self.now = datetime(2026, 11, 22, 12, 1, tzinfo=UTC)
        self.session: Session = bench.session()
        self.order = bench.consent.store_consent(self.session)
        bench.consent.send(self.order.record_id)
        self.session = replace(self.session, consent=self.order)
        bench.permission(self.order.record_id)
        bench.consent.store_session_start(self.session, SHA)

    @property
    def file(self) -> Path:
        return self.bench.folder / "data" / "return.json"

    def service(self, **rules: int) -> ReturningService:
        bench = self.bench
        own = Own(bench.root_key, CaseRules(**rules) if rules else OWN_RULES, 3600, START, lambda: self.now)
        return ReturningService(bench.run, bench.consent, bench.outbox, self.file, self.computer, own)

    def end(self, by: EndedBy = EndedBy.CUSTOMER) -> None:
        self.session = replace(finished(self.session, self.order), ended_by=by)
        self.bench.consent.store_session_end(self.session)

    def reopen(self, reason: ReopenReason, origin: InputOrigin = InputOrigin.LOCAL) -> ConsentView:
        control = Control.CONTINUE if reason is ReopenReason.RESTART else Control.REOPEN
        return self.bench.consent.store_reopening(self.session, replace(act(control), origin=origin), reason)

    def refused(self, record_id: str) -> None:
        with pytest.raises(CustomerError) as caught:
            self.bench.permission(record_id)
        assert caught.value.code is ErrorCode.NO_PERMISSION

    def agree(self) -> None:
        self.service().prepare(self.session, act(Control.RESTART))
        self.end(EndedBy.RESTART)

    def reboot(self) -> None:
        self.bench.begin_run()

    def not_returned(self) -> None:
        with pytest.raises(CustomerError) as caught:
            self.service().resume()
        assert caught.value.code is ErrorCode.RETURN_FAILED
        assert not self.file.exists()
        assert self.computer.registered is None
        with pytest.raises(CustomerError):
            self.bench.run.confirmed_case()
