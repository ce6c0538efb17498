"""The join answer: from untrusted bytes to a case that the client may act on, or a code.

Rule: everything the client acts on (technician, numbers, price, versions, limits) comes from the statement that the
case key signed over this run's nonce. The backend's limits count only where they are stricter than ours.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import UnsetType

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.presence import ANSWER_SECONDS, PRESENCE_SECONDS
from client_app.core.session import CaseView, Document, Money
from client_app.services.run import JoinedCase
from consent_record.canonical import decode, hash_of
from consent_record.case import CaseRules, check_case
from consent_record.errors import MalformedError, UntrustedError
from consent_record.wire import JoinAnswer

STATEMENT_VERSION = 1
WORD_COUNT = 9


def read_join_answer(body_untrusted: bytes, *, root_key: str, nonce: str, now: datetime) -> JoinedCase:
    """Check the answer of POST /v1/cases/join.

    Args:
        body_untrusted: the answer.
        root_key: the pinned root, hexadecimal.
        nonce: this run's own.
        now: aware; compared with the end of the case only.

    Raises:
        CustomerError: ANSWER_UNEXPECTED (not such an answer), NOT_THE_COMPANY (not signed by the company for us),
            CODE_EXPIRED.
    """
    try:
        answer = decode(body_untrusted, JoinAnswer)
        check_case(answer.statement, root_key=root_key, nonce=nonce, now=now)
    except MalformedError as error:
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, f"join: {error.code}") from error
    except UntrustedError as error:
        code = ErrorCode.CODE_EXPIRED if error.code == "case.expired" else ErrorCode.NOT_THE_COMPANY
        raise CustomerError(code, f"join: {error.code}") from error
    statement = answer.statement.statement
    if statement.statement_version != STATEMENT_VERSION:
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, "join: statement of another version")
    if statement.case_id != answer.case_id:
        raise CustomerError(ErrorCode.NOT_THE_COMPANY, "join: the statement is of another case")
    if len(set(answer.words)) != WORD_COUNT or len(answer.words) != WORD_COUNT:
        raise CustomerError(ErrorCode.ANSWER_UNEXPECTED, "join: not nine different words")
    return JoinedCase(
        statement=statement,
        statement_hash=hash_of(statement),
        words=answer.words,
        token=answer.token,
        signed=answer.statement,
    )


def case_view(case: JoinedCase, own: CaseRules) -> CaseView:
    """Return what the pages show of a case.

    Args:
        case: from `read_join_answer`.
        own: this program's limits, from the brand.
    """
    statement = case.statement
    rules = statement.rules
    return CaseView(
        case_id=statement.case_id,
        technician_name=statement.technician_name,
        anydesk_numbers=statement.anydesk_numbers,
        problem=statement.problem,
        price=Money(statement.price.amount, statement.price.currency, statement.price.description),
        words=case.words,
        documents=tuple((Document(d.kind.value), d.language, d.sha256) for d in statement.documents),
        session_seconds=_stricter(rules.session_seconds, own.session_seconds),
        no_connection_seconds=_stricter(rules.no_connection_seconds, own.no_connection_seconds),
        reopen_seconds=_stricter(rules.reopen_seconds, own.reopen_seconds),
        presence_seconds=_stricter(rules.presence_seconds, own.presence_seconds, PRESENCE_SECONDS),
        presence_answer_seconds=_stricter(
            rules.presence_answer_seconds, own.presence_answer_seconds, ANSWER_SECONDS
        ),
    )


def _stricter(theirs: int | UnsetType, own: int | UnsetType, neither: int = 0) -> int:
    said = [seconds for seconds in (theirs, own) if not isinstance(seconds, UnsetType)]
    return max(0, min(said, default=neither))
