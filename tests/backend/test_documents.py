"""Documents: immutable versions from the command line, and what a withdrawn or replaced one does to an order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from consent_backend.settings import DOCUMENT_LIMIT_BYTES
from consent_record.documents import check_document
from consent_record.errors import RecordError
from consent_record.keys import parse_public_key
from consent_record.wire import CurrentDocuments
from demo.backend_process import BackendError, BackendProcess, run_command
from tests.backend.actors import TIMEOUT, Client, Console, http_session, problem
from tests.backend.conftest import TEXTS

ConfirmAt = Callable[[BackendProcess], tuple[Console, Client]]

REFUSED_TEXTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the text is empty"),
    "blank": (b" \n\t\n", "the text is empty"),
    "not UTF-8": ("zażółć".encode("cp1250"), "not UTF-8"),
    "UTF-16": ("zażółć".encode("utf-16"), "not UTF-8"),
    "too large": (b"a" * (DOCUMENT_LIMIT_BYTES + 1), "larger than"),
    "byte order mark": ("\ufeffRegulamin".encode(), "byte order mark"),
    "hidden characters": ("Regulamin\n\u202eniewidoczne".encode(), "line 2 has a control character"),
    "nul": (b"Regulamin\x00", "control character"),
}


def current(backend: BackendProcess) -> CurrentDocuments:
    """Return the documents in force."""
    answer = http_session().get(f"{backend.url}/v1/documents", timeout=TIMEOUT)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=CurrentDocuments)


@pytest.mark.parametrize("name", REFUSED_TEXTS)
def test_a_text_that_cannot_be_published_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    data, reason = REFUSED_TEXTS[name]
    file = tmp_path / "text.md"
    file.write_bytes(data)
    with pytest.raises(BackendError, match=f"Not done: .*{reason}"):
        run_command(tmp_path / "data", "publish", "terms", "--language", "pl", str(file))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "arguments", [("terms", "--language", "polski"), ("rules", "--language", "pl"), ("terms",)]
)
def test_a_wrong_command_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "text.md"
    file.write_text("Regulamin", "utf-8")
    with pytest.raises(BackendError):
        run_command(tmp_path / "data", "publish", *arguments, str(file))
    with pytest.raises(BackendError, match="No such file"):
        run_command(tmp_path / "data", "publish", "terms", "--language", "pl", str(tmp_path / "nothing.md"))


def test_documents_are_signed_and_their_text_is_exact(backend: BackendProcess) -> None:
    root = parse_public_key(backend.root_path.read_text("ascii"))
    documents = current(backend).documents
    found = [(d.signed.statement.kind.value, d.signed.statement.language) for d in documents]
    assert found == [("terms", "en"), ("terms", "pl"), ("price", "pl"), ("privacy", "pl")]
    assert [d.signed.statement.binding for d in documents] == [False, True, True, True]
    for document in documents:
        check_document(document, root_key=root)
        with pytest.raises(RecordError, match="wrong_hash"):
            check_document(msgspec.structs.replace(document, content=document.content + " "), root_key=root)


def test_the_same_text_is_not_published_twice(own_backend: BackendProcess, tmp_path: Path) -> None:
    file = tmp_path / "terms.pl.md"
    file.write_text(TEXTS["terms", "pl"], "utf-8")
    with pytest.raises(BackendError, match="in force already as version 1"):
        own_backend.publish("terms", "pl", file)


def test_a_replaced_version_is_outdated_for_an_order_under_way(
    own_backend: BackendProcess, confirm_at: ConfirmAt, tmp_path: Path
) -> None:
    console, client = confirm_at(own_backend)
    old = client.consent()
    file = tmp_path / "new.md"
    file.write_text("# Regulamin\n\nNowe brzmienie.\n", "utf-8")
    own_backend.publish("terms", "pl", file)
    assert problem(client.put(old)) == (409, "document.outdated")

    newest = next(d for d in current(own_backend).documents if d.content == file.read_text("utf-8"))
    assert newest.signed.statement.version == 2
    client.join(str(console.case(client.case.case_id)["code"]))
    assert newest.signed.statement.document_id in {
        d.document_id for d in client.case.statement.statement.documents
    }
    assert client.put(client.consent()).status_code == 200


def test_a_withdrawn_version_is_refused_and_the_one_before_is_back(
    own_backend: BackendProcess, confirm_at: ConfirmAt, tmp_path: Path
) -> None:
    file = tmp_path / "new.md"
    file.write_text("# Regulamin\n\nZ błędem.\n", "utf-8")
    own_backend.publish("terms", "pl", file)
    console, client = confirm_at(own_backend)
    printed = own_backend.run("withdraw", "terms", "2")
    assert "In force now: version 1" in printed
    assert problem(client.put(client.consent())) == (409, "document.withdrawn")
    client.join(str(console.case(client.case.case_id)["code"]))
    assert client.put(client.consent()).status_code == 200
    with pytest.raises(BackendError, match="was withdrawn before"):
        own_backend.run("withdraw", "terms", "2")
    with pytest.raises(BackendError, match="there is no version 7"):
        own_backend.run("withdraw", "terms", "7")
    listed = own_backend.run("documents")
    assert "terms pl 1: in force" in listed
    assert "terms pl 2: withdrawn" in listed


def test_a_number_is_never_given_out_twice(own_backend: BackendProcess, tmp_path: Path) -> None:
    file = tmp_path / "new.md"
    for number, text in ((2, "Druga."), (3, "Trzecia.")):
        file.write_text(text, "utf-8")
        own_backend.publish("price", "pl", file)
        own_backend.run("withdraw", "price", str(number))
    assert [d.signed.statement.version for d in current(own_backend).documents if d.content == text] == []
    file.write_text("Czwarta.", "utf-8")
    own_backend.publish("price", "pl", file)
    assert [
        d.signed.statement.version for d in current(own_backend).documents if d.content == "Czwarta."
    ] == [4]


def test_an_accepted_version_that_was_replaced_later_keeps_its_receipt(
    own_backend: BackendProcess, confirm_at: ConfirmAt, tmp_path: Path
) -> None:
    _console, client = confirm_at(own_backend)
    consent = client.consent()
    receipt = client.put(consent).content
    file = tmp_path / "new.md"
    file.write_text("# Regulamin\n\nNowe brzmienie.\n", "utf-8")
    own_backend.publish("terms", "pl", file)
    assert client.put(consent).content == receipt
