"""Whether a receipt is the receipt of our own record: the root, the bytes, the ids and the case, all of them."""

from __future__ import annotations

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.ports import VerifiedReceipt
from client_app.services.outbox import NewRow
from consent_record.canonical import canonical_bytes, sha256_hex
from consent_record.errors import RecordError
from consent_record.receipt import Receipt, check_receipt, read_receipt


def verify(data_untrusted: bytes, row: NewRow, *, root_key: str) -> Receipt:
    """Check a receipt against the pinned root and against the record as it lies in the outbox.

    Args:
        data_untrusted: the receipt file.
        row: the client's own record.
        root_key: the pinned root, hexadecimal; "" trusts nothing.

    Raises:
        CustomerError: RECEIPT_WRONG; `detail` holds the stable code of what does not hold.
    """
    try:
        receipt = read_receipt(data_untrusted)
        check_receipt(receipt, root_key=root_key)
    except RecordError as error:
        raise CustomerError(ErrorCode.RECEIPT_WRONG, error.code) from error
    body = receipt.body
    own_hash = sha256_hex(row.record)
    if own_hash != row.record_hash or body.record_hash != own_hash:
        raise CustomerError(ErrorCode.RECEIPT_WRONG, "receipt.other_bytes")
    if canonical_bytes(receipt.record) != row.record:
        raise CustomerError(ErrorCode.RECEIPT_WRONG, "receipt.other_record")
    if (body.record_id, body.case_id) != (row.record_id, row.case_id):
        raise CustomerError(ErrorCode.RECEIPT_WRONG, "receipt.other_case")
    return receipt


def short(receipt: Receipt) -> VerifiedReceipt:
    """Return what the flow needs of a receipt that was verified."""
    return VerifiedReceipt(receipt.body.record_id, receipt.body.receipt_id, receipt.body.server_time)
