"""Publishing and withdrawing documents: versions are immutable and in force from the moment of publishing."""

import re
from uuid import uuid4

from consent_backend.keyring import RoleKey
from consent_backend.problems import PublishError
from consent_backend.settings import DOCUMENT_LIMIT_BYTES
from consent_backend.store.documents import (
    DocumentFact,
    add_document,
    document_facts,
    in_force,
    newest_version,
    size_in_force,
    withdraw,
)
from consent_backend.store.events import add_audit
from consent_backend.store.work import Work
from consent_record.canonical import sha256_hex
from consent_record.documents import DocumentKind, DocumentStatement, PublishedDocument, sign_document
from consent_record.wire import ANSWER_LIMIT_BYTES

TEXTS_LIMIT_BYTES = ANSWER_LIMIT_BYTES // 2
"""All texts in force travel in one answer; JSON escapes and signatures need the other half."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")
_LANGUAGE = re.compile(r"[a-z]{2}")


def read_text(data_untrusted: bytes) -> str:
    """Return a document's text, whose UTF-8 encoding is exactly the bytes given.

    Raises:
        PublishError: empty, too large, not UTF-8, or with characters that do not show.
    """
    if len(data_untrusted) > DOCUMENT_LIMIT_BYTES:
        raise PublishError(f"the text is larger than {DOCUMENT_LIMIT_BYTES // 1024} KiB")
    try:
        text = data_untrusted.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PublishError(f"the text is not UTF-8 (byte {error.start})") from error
    if not text.strip():
        raise PublishError("the text is empty")
    if text.startswith("\ufeff"):
        raise PublishError("the text begins with a byte order mark; save it as UTF-8 without one")
    found = _CONTROL.search(text.replace("\r\n", "\n"))
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise PublishError(
            f"line {line} has a control character (U+{ord(found[0]):04X}) that readers do not see"
        )
    return text


def title_of(text: str) -> str:
    """Return the first line with words in it, without the marks of a heading, at most 200 characters."""
    line = next(line for line in text.splitlines() if line.strip("# \t"))
    return line.strip("# \t")[:200]


def publish(
    work: Work, key: RoleKey, *, kind: DocumentKind, language: str, text: str, binding: bool
) -> PublishedDocument:
    """Publish a text as the next version of its kind and language.

    Raises:
        PublishError: a duplicate of the version in force, a malformed language, or too much text in force.
    """
    if not _LANGUAGE.fullmatch(language):
        raise PublishError("a language is given by two letters, for example pl")
    data = text.encode("utf-8")
    digest = sha256_hex(data)
    for fact in in_force(document_facts(work.connection)):
        same_place = (fact.reference.kind, fact.reference.language) == (kind, language)
        if same_place and fact.reference.sha256 == digest:
            raise PublishError(f"this very text is in force already as version {fact.reference.version}")
    if size_in_force(work.connection) + len(data) > TEXTS_LIMIT_BYTES:
        raise PublishError("all texts in force together would be too large for one answer")
    statement = DocumentStatement(
        document_id=str(uuid4()),
        kind=kind,
        version=newest_version(work.connection, kind, language) + 1,
        language=language,
        title=title_of(text),
        published_at=work.now_text,
        size=len(data),
        sha256=digest,
        binding=binding,
    )
    document = PublishedDocument(signed=sign_document(key.key, key.certificate, statement), content=text)
    add_document(work, document)
    detail = f"{kind.value} {language} version {statement.version}"
    add_audit(work, "document.published", technician_id=None, detail=detail)
    return document


def withdraw_version(work: Work, *, kind: DocumentKind, language: str, version: int) -> DocumentFact | None:
    """Withdraw a version.

    Returns:
        The version that is in force now in its place, or None when there is none.

    Raises:
        PublishError: there is no such version, or it was withdrawn before.
    """
    wanted = (kind, language, version)
    for fact in document_facts(work.connection):
        reference = fact.reference
        if (reference.kind, reference.language, reference.version) != wanted:
            continue
        if fact.withdrawn_at is not None:
            raise PublishError("this version was withdrawn before")
        withdraw(work, reference.document_id)
        detail = f"{kind.value} {language} version {version}"
        add_audit(work, "document.withdrawn", technician_id=None, detail=detail)
        left = in_force(document_facts(work.connection))
        return next((f for f in left if (f.reference.kind, f.reference.language) == (kind, language)), None)
    raise PublishError(f"there is no version {version} of {kind.value} in the language {language}")
