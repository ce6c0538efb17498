"""Files of the program that somebody changed: the list of programs, AnyDesk itself, the documents, the brand's root."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from client_app.core import events as ev
from client_app.core.errors import ErrorCode
from client_app.core.session import CheckKind, Phase
from demo.world import World
from tests.integration.conftest import MakeCustomer
from tests.integration.evidence import assert_never_started
from tests.integration.relay import Fault, Relay

pytestmark = [pytest.mark.timeout(90), pytest.mark.usefixtures("quick_second_look")]


@pytest.fixture
def company(world: World, tmp_path: Path) -> Path:
    """A copy of the company's folder, to be changed."""
    return Path(shutil.copytree(world.company, tmp_path / "company"))


def spoil(file: Path) -> None:
    """Change one byte in the middle of a file."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o755)
    file.write_bytes(data)


def drop_signature(file: Path) -> None:
    """Leave everything as it is but the signature."""
    signed = json.loads(file.read_bytes())
    signed["signature"] = "00" * 64
    file.write_text(json.dumps(signed, separators=(",", ":"), sort_keys=True), "utf-8")


@pytest.mark.parametrize("change", [spoil, drop_signature, Path.unlink], ids=lambda change: change.__name__)
def test_a_changed_list_of_programs(
    change: Callable[[Path], object], company: Path, make_customer: MakeCustomer
) -> None:
    change(company / "release.json")
    customer = make_customer(company)
    customer.come_to(Phase.COMPUTER)
    customer.answer_backup()
    blocking = customer.session.blocking_check
    assert blocking is not None
    assert (blocking.kind, blocking.code) == (CheckKind.ANYDESK, ErrorCode.LIST_UNTRUSTED)
    customer.order()
    assert customer.session.phase is Phase.COMPUTER
    assert_never_started(customer.remote, customer.data)


@pytest.mark.parametrize("what", ["program", "part"])
def test_anydesk_is_exchanged_between_check_and_start(
    what: str, company: Path, make_customer: MakeCustomer
) -> None:
    """The check was green and the order is accepted; what then lies there is refused, and the true one is not."""
    customer = make_customer(company)
    program = company / "anydesk" / customer.world.standin.program.name
    part = next(file for file in (company / "anydesk" / "_internal").rglob("*") if file.is_file())
    target = program if what == "program" else part
    customer.come_to(Phase.ORDER)
    true = target.read_bytes()
    spoil(target)
    customer.order()
    customer.wait_for(lambda: customer.session.error is not None, "a code")
    assert (customer.session.phase, customer.session.error) == (Phase.STARTING, ErrorCode.ANYDESK_CHANGED)
    assert_never_started(customer.remote, customer.data)
    target.write_bytes(true)
    customer.do(ev.RetryPressed())
    customer.until(Phase.WAITING)


@pytest.mark.expect_log("client_app.services.documents", "document_dropped")
def test_changed_documents_are_not_shown(
    relay: Relay, relayed: World, tmp_path: Path, make_customer: MakeCustomer
) -> None:
    """The backend's do not arrive and the bundled ones were changed: no terms, no order, until true ones come."""
    company = Path(shutil.copytree(relayed.company, tmp_path / "company"))
    documents = json.loads((company / "documents.json").read_bytes())
    for document in documents:
        document["content"] = document["content"].replace("zł", "EUR") + "\nPłatne z góry.\n"
    (company / "documents.json").write_text(json.dumps(documents), "utf-8")
    relay.lose("GET /v1/documents", Fault.REQUEST_LOST)
    customer = make_customer(company)
    customer.do(ev.CodeTyped(customer.world.technician.case(customer.case_id)["code"]))
    customer.until(Phase.WORD)
    customer.come_to(Phase.TERMS)
    customer.wait_for(lambda: customer.session.error is not None, "a code")
    assert customer.session.error is ErrorCode.DOCUMENT_WRONG
    assert customer.session.documents == ()
    customer.accept_terms()
    assert customer.session.phase is Phase.TERMS
    assert customer.session.error in (ErrorCode.DOCUMENTS_MISSING, ErrorCode.DOCUMENT_WRONG)
    relay.heal()
    customer.do(ev.RetryPressed())
    customer.wait_for(lambda: bool(customer.session.documents), "the true documents")
    customer.come_to(Phase.COMPUTER)


@pytest.mark.expect_log("client_app.services.documents", "document_dropped")
def test_another_root_in_the_brand_file(company: Path, make_customer: MakeCustomer) -> None:
    """A program that trusts somebody else trusts nothing that this backend says."""
    brand = json.loads((company / "brand.json").read_bytes())
    brand["backend"]["root_public_key"] = SigningKey.generate().verify_key.encode().hex()
    (company / "brand.json").write_text(json.dumps(brand), "utf-8")
    customer = make_customer(company)
    customer.wait_for(lambda: customer.controller.services is not None, "services")
    customer.do(ev.CodeTyped(customer.world.technician.case(customer.case_id)["code"]))
    customer.wait_for_code_or(Phase.WORD)
    assert (customer.session.phase, customer.session.error) == (Phase.CODE, ErrorCode.NOT_THE_COMPANY)
    assert customer.session.documents == ()
    assert customer.session.case is None
    assert_never_started(customer.remote, customer.data)
