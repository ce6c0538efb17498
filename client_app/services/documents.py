"""Documents that may be shown: only texts whose hash, signature and certificate lead to the pinned root.

Rule: a text that cannot be checked is dropped and named in the log, whether it came from the backend or with the
program. A translation never takes the place of a binding text that was dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import Document, DocumentText
from consent_record.canonical import decode
from consent_record.documents import PublishedDocument, check_document
from consent_record.errors import RecordError
from consent_record.fields import Timestamp
from consent_record.wire import ANSWER_LIMIT_BYTES

_log = logging.getLogger(__name__)

STATEMENT_VERSION = 1
MEDIA_TYPE = "text/markdown; charset=utf-8"


class _CurrentDocuments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As `wire.CurrentDocuments`, each document unread, so that one of an unknown kind does not spoil the others."""

    documents: tuple[msgspec.Raw, ...]
    server_time: Timestamp


def from_backend(body_untrusted: bytes, *, root_key: str) -> tuple[DocumentText, ...]:
    """Return the checked texts of an answer of GET /v1/documents.

    Args:
        body_untrusted: the answer.
        root_key: the pinned root, hexadecimal.

    Raises:
        CustomerError: ANSWER_UNEXPECTED (no such answer), DOCUMENT_WRONG (a binding text could not be confirmed),
            DOCUMENTS_MISSING (there are no terms).
    """
    try:
        answer = decode(body_untrusted, _CurrentDocuments)
    except RecordError as error:
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, f"documents: {error.code}") from error
    return _checked(answer.documents, root_key=root_key, bundled=False)


def from_file(file: Path, *, root_key: str) -> tuple[DocumentText, ...]:
    """Return the checked texts that came with the program: a JSON list of `PublishedDocument`.

    Args:
        file: the list.
        root_key: the pinned root, hexadecimal.

    Raises:
        CustomerError: DOCUMENTS_MISSING (no such file, or no terms in it), DOCUMENT_WRONG.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(ANSWER_LIMIT_BYTES + 1)
    except OSError as error:
        detail = f"no bundled documents ({type(error).__name__})"
        raise CustomerError(ErrorCode.DOCUMENTS_MISSING, detail) from error
    try:
        items = decode(data, tuple[msgspec.Raw, ...])
    except RecordError as error:
        raise CustomerError(ErrorCode.DOCUMENT_WRONG, f"bundled documents: {error.code}") from error
    return _checked(items, root_key=root_key, bundled=True)


def _checked(items: Iterable[msgspec.Raw], *, root_key: str, bundled: bool) -> tuple[DocumentText, ...]:
    found: dict[tuple[Document, str], DocumentText] = {}
    dropped = 0
    for item in items:
        text = _text(bytes(item), root_key, bundled)
        if text is None:
            dropped += 1
            continue
        key = (text.kind, text.language)
        if key not in found or found[key].version < text.version:
            found[key] = text
    _demand_binding(found.values(), dropped)
    return tuple(found[key] for key in sorted(found, key=lambda k: (k[0].value, k[1])))


def _text(item_untrusted: bytes, root_key: str, bundled: bool) -> DocumentText | None:
    try:
        published = decode(item_untrusted, PublishedDocument)
        statement = published.signed.statement
        if statement.statement_version != STATEMENT_VERSION or statement.media_type != MEDIA_TYPE:
            _log.warning("document_dropped", extra={"reason": "document.unknown_form"})
            return None
        check_document(published, root_key=root_key)
        kind = Document(statement.kind.value)
    except RecordError as error:
        _log.warning("document_dropped", extra={"reason": error.code})
        return None
    except ValueError:
        _log.warning("document_dropped", extra={"reason": "document.unknown_kind"})
        return None
    return DocumentText(
        kind=kind,
        document_id=statement.document_id,
        version=statement.version,
        language=statement.language,
        title=statement.title,
        markdown=published.content,
        sha256=statement.sha256,
        published_at=statement.published_at,
        binding=statement.binding,
        bundled=bundled,
    )


def _demand_binding(texts: Iterable[DocumentText], dropped: int) -> None:
    binding = {text.kind for text in texts if text.binding}
    kinds = {text.kind for text in texts} | {Document.TERMS}
    if kinds <= binding:
        return
    if dropped:
        raise CustomerError(ErrorCode.DOCUMENT_WRONG, "a binding text could not be confirmed")
    raise CustomerError(ErrorCode.DOCUMENTS_MISSING, "a binding text is missing")
