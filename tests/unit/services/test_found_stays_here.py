"""What was found beside AnyDesk (other services, other remote tools) is for the customer's eyes: no record holds it."""

from __future__ import annotations

from dataclasses import replace

from client_app.core.anydesk import ClosingProof, Fact
from client_app.core.session import ConsentView, FactView, FoundView
from client_app.services.anydesk.facts import make_fact
from client_app.workers.anydesk_work import facts_of
from consent_record.canonical import canonical_bytes
from consent_record.records import ClosingFact
from tests.unit.services.bench import Bench
from tests.unit.services.ordering import finished

CONSENT_ID = "3f0a4b5c-6d7e-4f80-9a1b-2c3d4e5f6071"
NAMES = ("a-service-of-the-customer", "an-autostart-of-the-customer", "TeamViewer")


def test_no_record_of_a_session_holds_a_name_that_was_found(bench: Bench) -> None:
    proof = ClosingProof(
        (), (make_fact(Fact.NO_SERVICE, False, NAMES[0]),), 0.1, NAMES[:1], NAMES[1:2], NAMES[2:]
    )
    found = FoundView(proof.ended, proof.new_entries, proof.remote_tools)
    session = finished(bench.session(), ConsentView(CONSENT_ID, "", ""))
    session = replace(session, closing=facts_of(proof), found=found)
    maker, case = bench.consent._maker, bench.run.case()
    record = maker.closing(session, case, consent_id=CONSENT_ID)
    held = canonical_bytes(record).decode()
    assert Fact.NO_SERVICE.value in held
    assert not [name for name in NAMES if name in held]


def test_the_types_of_facts_have_no_place_for_a_name() -> None:
    """A new field must be thought about: details of a fact name services and pids."""
    assert set(FactView.__dataclass_fields__) == {"fact", "holds", "text", "measured_at"}
    assert set(ClosingFact.__struct_fields__) == {"fact", "holds", "measured_at"}
