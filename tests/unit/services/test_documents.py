"""Documents: only what leads to the pinned root is shown, from the backend as from the bundled file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from nacl.signing import SigningKey

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import Document
from client_app.services import documents
from consent_record.documents import DocumentKind, PublishedDocument
from consent_record.fields import timestamp
from consent_record.keys import Role
from consent_record.wire import CurrentDocuments
from tests.unit.services.bench import Bench
from tests.unit.services.company import Company, certified
from tests.unit.services.server import problem, reply

DROPPED = pytest.mark.expect_log("client_app.services.documents", "document_dropped")


def answer(*published: PublishedDocument | bytes) -> bytes:
    items = [d if isinstance(d, bytes) else msgspec.json.encode(d) for d in published]
    return b'{"documents":[' + b",".join(items) + b'],"server_time":"' + timestamp().encode() + b'"}'


def changed(document: PublishedDocument, old: bytes, new: bytes) -> bytes:
    data = msgspec.json.encode(document)
    assert old in data
    return data.replace(old, new, 1)


Spoil = Callable[[Company, PublishedDocument], PublishedDocument | bytes]

SPOILED: dict[str, Spoil] = {
    "changed text": lambda c, d: changed(d, "Treść".encode(), b"Tresc"),
    "other root": lambda c, d: c.impostor().documents[0],
    "wrong role": lambda c, d: c.publish(DocumentKind.TERMS, "x", key=c.receipt_key),
    "certificate over": lambda c, d: c.publish(
        DocumentKind.TERMS, "x", key=certified(c.root, Role.DOCUMENT, end="2020-06-01T00:00:00Z")
    ),
    "certified by nobody": lambda c, d: c.publish(
        DocumentKind.TERMS, "x", key=certified(SigningKey.generate(), Role.DOCUMENT)
    ),
    "changed version": lambda c, d: changed(d, b'"version":1', b'"version":2'),
    "unbinding made binding": lambda c, d: changed(
        c.publish(DocumentKind.TERMS, "x", binding=False), b'"binding":false', b'"binding":true'
    ),
    "unknown field": lambda c, d: changed(d, b'{"signed"', b'{"extra":1,"signed"'),
    "kind of tomorrow": lambda c, d: changed(d, b'"kind":"terms"', b'"kind":"cookies"'),
    "no object": lambda c, d: b"17",
    "other media type": lambda c, d: changed(d, b"text/markdown", b"text/html"),
}


@DROPPED
@pytest.mark.parametrize("name", SPOILED)
def test_terms_that_cannot_be_confirmed_are_not_shown(company: Company, name: str) -> None:
    terms, *others = company.documents
    body = answer(SPOILED[name](company, terms), *others)
    with pytest.raises(CustomerError) as caught:
        documents.from_backend(body, root_key=company.root_key)
    assert caught.value.code is ErrorCode.DOCUMENT_WRONG


@DROPPED
@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_text_does_not_spoil_the_others(company: Company, name: str) -> None:
    body = answer(*company.documents, SPOILED[name](company, company.documents[0]))
    found = documents.from_backend(body, root_key=company.root_key)
    assert {text.sha256 for text in found} == {d.signed.statement.sha256 for d in company.documents}


@DROPPED
def test_a_translation_never_takes_the_place_of_a_binding_text(company: Company) -> None:
    terms, price, privacy = company.documents
    english = company.publish(DocumentKind.PRICE, "# price", language="en", binding=False)
    body = answer(terms, SPOILED["changed text"](company, price), english, privacy)
    with pytest.raises(CustomerError) as caught:
        documents.from_backend(body, root_key=company.root_key)
    assert caught.value.code is ErrorCode.DOCUMENT_WRONG


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", ErrorCode.ANSWER_UNEXPECTED),
        (b"{}", ErrorCode.ANSWER_UNEXPECTED),
        (b"<html>", ErrorCode.ANSWER_UNEXPECTED),
        (b"\xff", ErrorCode.ANSWER_UNEXPECTED),
        (answer(), ErrorCode.DOCUMENTS_MISSING),
    ],
    ids=["nothing", "empty", "page", "no utf-8", "none"],
)
def test_an_answer_without_terms(company: Company, body: bytes, code: ErrorCode) -> None:
    with pytest.raises(CustomerError) as caught:
        documents.from_backend(body, root_key=company.root_key)
    assert caught.value.code is code


@DROPPED
def test_no_root_trusts_nothing(company: Company) -> None:
    with pytest.raises(CustomerError) as caught:
        documents.from_backend(answer(*company.documents), root_key="")
    assert caught.value.code is ErrorCode.DOCUMENT_WRONG


def test_checked_texts(company: Company) -> None:
    english = company.publish(DocumentKind.TERMS, "# terms", language="en", binding=False)
    newer = company.publish(DocumentKind.PRICE, "# nowszy", version=2)
    found = documents.from_backend(answer(*company.documents, english, newer), root_key=company.root_key)
    shown = [(t.kind, t.language, t.version, t.binding, t.bundled) for t in found]
    assert shown == [
        (Document.PRICE, "pl", 2, True, False),
        (Document.PRIVACY, "pl", 1, True, False),
        (Document.TERMS, "en", 1, False, False),
        (Document.TERMS, "pl", 1, True, False),
    ]
    assert found[0].markdown == "# nowszy"


# --- through the service, with the bundled copy -------------------------------------------------------------------


def bundle(bench: Bench, documents_in_it: tuple[PublishedDocument, ...]) -> None:
    file = bench.folder / "documents.json"
    file.write_bytes(msgspec.json.encode(documents_in_it))


def test_documents_of_the_backend_are_not_bundled(bench: Bench) -> None:
    bundle(bench, bench.company.documents)
    assert {text.bundled for text in bench.backend.load_documents()} == {False}


@pytest.mark.parametrize(
    "response",
    [None, reply(b"", 500), problem("server.busy", 503), problem("request.rate_limited", 429)],
    ids=["cut", "500", "busy", "too many"],
)
def test_the_bundled_copy_serves_when_the_backend_does_not(bench: Bench, response: bytes | None) -> None:
    bundle(bench, bench.company.documents)
    bench.instead = lambda _asked: response
    found = bench.backend.load_documents()
    assert {text.kind for text in found} == set(Document)
    assert {text.bundled for text in found} == {True}


@DROPPED
def test_the_bundled_copy_is_checked_like_any_other(bench: Bench) -> None:
    bundle(bench, bench.company.impostor().documents)
    bench.cut()
    with pytest.raises(CustomerError) as caught:
        bench.backend.load_documents()
    assert caught.value.code is ErrorCode.DOCUMENT_WRONG


@DROPPED
def test_a_wrong_answer_is_not_papered_over_by_the_bundled_copy(bench: Bench) -> None:
    bundle(bench, bench.company.documents)
    spoiled = CurrentDocuments(documents=bench.company.impostor().documents, server_time=timestamp())
    bench.instead = lambda _asked: reply(msgspec.json.encode(spoiled))
    with pytest.raises(CustomerError) as caught:
        bench.backend.load_documents()
    assert caught.value.code is ErrorCode.DOCUMENT_WRONG


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, ErrorCode.DOCUMENTS_MISSING),
        (b"[]", ErrorCode.DOCUMENTS_MISSING),
        (b"{", ErrorCode.DOCUMENT_WRONG),
        (b'{"documents":[]}', ErrorCode.DOCUMENT_WRONG),
    ],
    ids=["no file", "empty", "damaged", "no list"],
)
def test_no_backend_and_no_usable_copy(bench: Bench, content: bytes | None, code: ErrorCode) -> None:
    if content is not None:
        Path(bench.folder / "documents.json").write_bytes(content)
    bench.cut()
    with pytest.raises(CustomerError) as caught:
        bench.backend.load_documents()
    assert caught.value.code is code
