"""What a receipt proves, in words: the judgement behind `python -m consent_record verify`."""

import enum
from dataclasses import dataclass

from consent_record.errors import RecordError
from consent_record.keys import fingerprint
from consent_record.receipt import Receipt, check_receipt, read_receipt
from consent_record.records import Consent


class Verdict(enum.IntEnum):
    """The exit code of the verifier."""

    PROVEN = 0
    WRONG = 1
    ORIGIN_UNKNOWN = 2


@dataclass(frozen=True)
class Judgement:
    """A verdict, a stable code, and sentences for a person who knows nothing of this program."""

    verdict: Verdict
    code: str
    sentences: tuple[str, ...]
    receipt: Receipt | None = None


def judge(data_untrusted: bytes, *, root_key: str | None) -> Judgement:
    """Judge the bytes of a receipt file.

    Args:
        data_untrusted: the whole file.
        root_key: the company's root public key in hexadecimal, got from somewhere else than the receipt.
            Without one the receipt can only be found consistent: anyone can make such a receipt.

    Returns:
        A judgement; never raises on bad input.
    """
    try:
        receipt = read_receipt(data_untrusted)
        check_receipt(receipt, root_key=root_key)
    except RecordError as error:
        return Judgement(Verdict.WRONG, error.code, (f"NOT VALID: {error.reason}.", f"Code: {error.code}"))
    facts = _facts(receipt)
    root = receipt.certificate.certificate.root_key
    if root_key is None:
        warning = (
            "CONSISTENT, ORIGIN UNKNOWN: nothing in the file contradicts itself, but no root key was given.",
            f"It names the root with the fingerprint {fingerprint(root)}.",
            "Compare it with the company's and run again with --root.",
        )
        return Judgement(Verdict.ORIGIN_UNKNOWN, "receipt.origin_unknown", warning + facts, receipt)
    return Judgement(
        Verdict.PROVEN,
        "receipt.proven",
        ("VALID: signed under the given root, nothing was changed.", *facts),
        receipt,
    )


def _facts(receipt: Receipt) -> tuple[str, ...]:
    body, record = receipt.body, receipt.record
    facts = [
        f"Record: {record.record_id} ({type(record).__name__}), case {record.case_id}",
        f"Stored by the backend at {body.server_time}"
        + (" (late, after an offline acceptance)" if body.late else ""),
        f"SHA-256 of the record: {body.record_hash}",
    ]
    if isinstance(record, Consent):
        facts.append(f"Price accepted: {record.price.amount / 100:.2f} {record.price.currency}")
        facts += [
            f"Accepted document: {d.kind.value}, version {d.version} ({d.language}), SHA-256 {d.sha256}"
            for d in record.documents
        ]
    facts.append("Not proven by this version: that the record stands in a public log (no log proof yet).")
    return tuple(facts)
