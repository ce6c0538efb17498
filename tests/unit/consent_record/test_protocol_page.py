"""docs/protocol.md is enough: a verifier written from it alone, without our code, judges its example."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from consent_record.verify import Verdict, judge


@pytest.fixture(scope="module")
def page(project_root: Path) -> str:
    """The page."""
    return (project_root / "docs" / "protocol.md").read_text("utf-8")


def example(page: str) -> tuple[bytes, str]:
    """Return the example's receipt and root."""
    block = re.search(r"```json\n(.+)\n```", page)
    root = re.search(r"`ed25519:([0-9a-f]{64})`", page)
    assert block is not None
    assert root is not None
    return block[1].encode(), root[1]


def signed(public_key: str, purpose: str, payload: Any, signature: str) -> bool:
    """Follow the page's section on signatures."""
    message = b"pomoc-zdalna/1/" + purpose.encode() + b"\x00" + rfc8785.dumps(payload)
    try:
        VerifyKey(bytes.fromhex(public_key)).verify(message, bytes.fromhex(signature))
    except BadSignatureError:
        return False
    return True


def holds(data: bytes, root: str) -> list[bool]:
    """Follow the page's seven steps, in plain Python."""
    receipt = json.loads(data)
    body, record = receipt["body"], receipt["record"]
    certificate = receipt["certificate"]["certificate"]
    leaf = b"pomoc-zdalna/1/leaf\x00" + bytes.fromhex(body["salt"]) + bytes.fromhex(body["record_hash"])
    leaf += body["server_time"].encode("ascii")
    return [
        rfc8785.dumps(receipt) == data,
        body["receipt_version"] == 1,
        hashlib.sha256(rfc8785.dumps(record)).hexdigest() == body["record_hash"],
        (record["record_id"], record["case_id"]) == (body["record_id"], body["case_id"]),
        hashlib.sha256(leaf).hexdigest() == body["commitment"] and body["log"] is None,
        certificate["root_key"] == root
        and signed(root, "certificate", certificate, receipt["certificate"]["signature"])
        and (certificate["version"], certificate["role"]) == (1, "receipt")
        and certificate["not_before"] <= body["server_time"] <= certificate["not_after"],
        signed(certificate["public_key"], "receipt", body, receipt["signature"]),
    ]


def test_the_example_holds_for_both_verifiers(page: str) -> None:
    data, root = example(page)
    assert holds(data, root) == [True] * 7
    assert judge(data, root_key=root).verdict is Verdict.PROVEN


def test_both_verifiers_refuse_a_changed_one(page: str) -> None:
    data, root = example(page)
    changed = data.replace(b'"reason":"refused"', b'"reason":"timed_out"')
    assert not all(holds(changed, root))
    assert judge(changed, root_key=root).verdict is Verdict.WRONG


def test_the_offline_example_follows_from_the_page(page: str) -> None:
    found = re.search(r"code `([0-9A-Z-]{13})`, digits `([0-9]{8})`", page)
    assert found is not None
    bits = f"{int('0123456789abcdef' * 4, 16):0256b}"[:50]
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    body = [int(bits[i : i + 5], 2) for i in range(0, 50, 5)]
    check = sum(value * position for position, value in enumerate(body, start=1)) % 31
    text = "".join(alphabet[value] for value in body)
    code = f"{text[:5]}-{text[5:]}-{alphabet[check]}"
    message = (
        b"pomoc-zdalna/1/offline-answer\x00" + b"00000001-0000-4000-8000-000000000000\x00" + code.encode()
    )
    digest = hmac.new(bytes([0x0B] * 32), message, hashlib.sha256).digest()
    digits = f"{int.from_bytes(digest[:8], 'big') % 10**8:08d}"
    assert (code, digits) == (found[1], found[2])
