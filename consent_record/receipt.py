"""The receipt: record, salted commitment, server time and signature in one file that a stranger can check.

The leaf commits to salt, record hash and server time; a log of leaves never holds personal data. `log` is the
place of the inclusion proof and signed tree head (RFC 9162): None in receipts of version 1, whose promise is
the signature alone.
"""

import hashlib

import msgspec
from nacl.signing import SigningKey

from consent_record.canonical import decode_canonical, hash_of
from consent_record.errors import MalformedError, UntrustedError
from consent_record.fields import HashHex, Identifier, SignatureHex, Timestamp, moment_of
from consent_record.keys import Role, SignedCertificate, check_signed, sign
from consent_record.records import Record

PURPOSE = "receipt"
RECEIPT_VERSION = 1


class LogProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Place of the record in the log; no receipt of version 1 carries one."""

    position: int
    size: int
    path: tuple[HashHex, ...]
    head: HashHex


class ReceiptBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the receipt key signs. `late` marks a record that followed an offline acceptance."""

    receipt_version: int = RECEIPT_VERSION
    receipt_id: Identifier
    case_id: Identifier
    record_id: Identifier
    record_hash: HashHex
    salt: HashHex
    commitment: HashHex
    server_time: Timestamp
    late: bool = False
    log: LogProof | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body, the record itself, signature and certificate."""

    body: ReceiptBody
    record: Record
    signature: SignatureHex
    certificate: SignedCertificate


def commitment(*, salt: str, record_hash: str, server_time: str) -> str:
    """Return the leaf value: SHA-256 over a prefix, salt, record hash and server time."""
    leaf = (
        b"pomoc-zdalna/1/leaf\x00"
        + bytes.fromhex(salt)
        + bytes.fromhex(record_hash)
        + server_time.encode("ascii")
    )
    return hashlib.sha256(leaf).hexdigest()


def make_receipt(
    record: Record,
    *,
    key: SigningKey,
    certificate: SignedCertificate,
    receipt_id: str,
    salt: str,
    server_time: str,
    late: bool = False,
) -> Receipt:
    """Make and sign the receipt of a record.

    Args:
        record: the record exactly as the client sent it.
        key: receipt key.
        certificate: the root's certificate of that key.
        receipt_id: new UUID.
        salt: 32 random bytes in hexadecimal.
        server_time: `Timestamp` of storing.
        late: True when the record arrives after an offline acceptance.
    """
    record_hash = hash_of(record)
    body = ReceiptBody(
        receipt_id=receipt_id,
        case_id=record.case_id,
        record_id=record.record_id,
        record_hash=record_hash,
        salt=salt,
        commitment=commitment(salt=salt, record_hash=record_hash, server_time=server_time),
        server_time=server_time,
        late=late,
    )
    return Receipt(body=body, record=record, signature=sign(key, PURPOSE, body), certificate=certificate)


def read_receipt(data_untrusted: bytes) -> Receipt:
    """Read a receipt file; only the exact canonical bytes are accepted.

    Raises:
        MalformedError: not JSON, not a receipt, changed blanks, or a version that is not known here.
    """
    receipt = decode_canonical(data_untrusted, Receipt)
    if receipt.body.receipt_version != RECEIPT_VERSION:
        raise MalformedError(
            "receipt.version", f"receipt version {receipt.body.receipt_version} is not known here"
        )
    return receipt


def check_receipt(receipt: Receipt, *, root_key: str | None) -> None:
    """Check everything in a receipt that can be checked without the backend.

    The certificate must have been valid at the server time, not today: old receipts stay good.

    Args:
        receipt: from `read_receipt`.
        root_key: pinned root in hexadecimal; None checks consistency only.

    Raises:
        UntrustedError: `receipt.record_hash`, `receipt.ids`, `receipt.commitment`, `receipt.log`, or as
            `keys.check_signed`.
        MalformedError: a date cannot be read.
    """
    body, record = receipt.body, receipt.record
    if hash_of(record) != body.record_hash:
        raise UntrustedError(
            "receipt.record_hash", "the record in the receipt is not the one that was signed"
        )
    if (record.record_id, record.case_id) != (body.record_id, body.case_id):
        raise UntrustedError("receipt.ids", "record and receipt name different ids")
    expected = commitment(salt=body.salt, record_hash=body.record_hash, server_time=body.server_time)
    if expected != body.commitment:
        raise UntrustedError("receipt.commitment", "salt, record hash and time do not give the commitment")
    if body.log is not None:
        raise UntrustedError("receipt.log", "a receipt of version 1 carries no log proof")
    try:
        at = moment_of(body.server_time)
    except ValueError as error:
        raise MalformedError("receipt.dates", "the receipt's time cannot be read") from error
    check_signed(
        body,
        purpose=PURPOSE,
        signature=receipt.signature,
        certificate=receipt.certificate,
        role=Role.RECEIPT,
        root_key=root_key,
        at=at,
    )
