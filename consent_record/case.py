"""The case statement: everything the client acts on, signed over the client's own nonce."""

from datetime import datetime

import msgspec
from nacl.signing import SigningKey

from consent_record.documents import DocumentRef
from consent_record.errors import UntrustedError
from consent_record.fields import (
    Amount,
    AnyDeskNumber,
    Currency,
    HashHex,
    Identifier,
    Line,
    Paragraph,
    SignatureHex,
    Timestamp,
    moment_of,
)
from consent_record.keys import Role, SignedCertificate, check_signed, sign

PURPOSE = "case-statement"


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The price agreed on the phone: `amount` in the smallest unit (gross), and what it is for in words."""

    amount: Amount
    currency: Currency = "PLN"
    description: Line = ""


class CaseRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of a session in seconds. The client takes the stricter of these and its own, never the laxer.

    The two of presence came later: a statement without them keeps its bytes, and the client's own count.
    """

    session_seconds: int = 8 * 3600
    no_connection_seconds: int = 600
    reopen_seconds: int = 1800
    presence_seconds: int | msgspec.UnsetType = msgspec.UNSET
    presence_answer_seconds: int | msgspec.UnsetType = msgspec.UNSET


class CaseStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case as the company states it to one client.

    `client_nonce` is the client's own random value, so that a statement cannot be replayed to another client.
    """

    statement_version: int = 1
    case_id: Identifier
    client_nonce: HashHex
    technician_id: Identifier
    technician_name: Line
    anydesk_numbers: tuple[AnyDeskNumber, ...]
    problem: Paragraph
    price: Price
    documents: tuple[DocumentRef, ...]
    rules: CaseRules = CaseRules()
    issued_at: Timestamp
    expires_at: Timestamp


class SignedCaseStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case statement with the case key's signature and certificate."""

    statement: CaseStatement
    signature: SignatureHex
    certificate: SignedCertificate


def sign_case(
    key: SigningKey, certificate: SignedCertificate, statement: CaseStatement
) -> SignedCaseStatement:
    """Sign a statement with the case key."""
    return SignedCaseStatement(
        statement=statement, signature=sign(key, PURPOSE, statement), certificate=certificate
    )


def check_case(signed: SignedCaseStatement, *, root_key: str, nonce: str, now: datetime) -> None:
    """Check that a statement is the company's, for this client's nonce, and not over.

    The certificate must be valid at the statement's own time of issue; `now` (aware, the client's clock) is
    only compared with the end, because a customer's clock may be wrong by hours and this must not stop help.

    Raises:
        UntrustedError: `case.other_nonce`, `case.expired`, or as `keys.check_signed`.
    """
    statement = signed.statement
    try:
        issued, expires = moment_of(statement.issued_at), moment_of(statement.expires_at)
    except ValueError as error:
        raise UntrustedError("case.dates", "the dates of the case cannot be read") from error
    check_signed(
        statement,
        purpose=PURPOSE,
        signature=signed.signature,
        certificate=signed.certificate,
        role=Role.CASE,
        root_key=root_key,
        at=issued,
    )
    if statement.client_nonce != nonce:
        raise UntrustedError("case.other_nonce", "the case statement was made for another client")
    if now > expires:
        raise UntrustedError("case.expired", "the case is over")
