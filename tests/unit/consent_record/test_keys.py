"""Keys by role under one root: each wrong key, role, root and time is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest
from nacl.signing import SigningKey

from consent_record.errors import MalformedError, RecordError, UntrustedError
from consent_record.fields import moment_of, timestamp
from consent_record.keys import (
    Role,
    SignedCertificate,
    check_certificate,
    check_signature,
    check_signed,
    fingerprint,
    format_public_key,
    parse_public_key,
    public_hex,
    sign,
)
from tests.unit.consent_record.samples import AFTER, AT, BEFORE, Company, consent, uuid

PAYLOAD = {"text": "ż"}


@pytest.fixture
def company() -> Company:
    """Keys."""
    return Company()


def refused(check: Callable[[], Any]) -> str:
    """Return the code of a refusal."""
    with pytest.raises(RecordError) as caught:
        check()
    return caught.value.code


@pytest.mark.parametrize(("has", "needed"), list(product(Role, Role)))
def test_a_key_serves_its_own_role_alone(has: Role, needed: Role, company: Company) -> None:
    def check() -> None:
        check_certificate(company.certificate(has), role=needed, root_key=company.root_key, at=AT)

    if has is needed:
        check()
    else:
        assert refused(check) == "certificate.role"


def test_another_root_is_refused_though_it_says_the_same(company: Company) -> None:
    other = Company(keys=company.keys)
    certificate = other.certificate(Role.RECEIPT)
    assert (
        refused(lambda: check_certificate(certificate, role=Role.RECEIPT, root_key=company.root_key, at=AT))
        == "certificate.other_root"
    )
    check_certificate(certificate, role=Role.RECEIPT, root_key=None, at=AT)


def test_a_certificate_that_names_the_root_without_its_signature_is_refused(company: Company) -> None:
    other = Company(keys=company.keys)
    body = msgspec.structs.replace(other.certificate(Role.RECEIPT).certificate, root_key=company.root_key)
    forged = SignedCertificate(certificate=body, signature=sign(other.root, "certificate", body))
    for root_key in (company.root_key, None):
        assert (
            refused(lambda root=root_key: check_certificate(forged, role=Role.RECEIPT, root_key=root, at=AT))  # type: ignore[misc]
            == "signature.wrong"
        )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"serial": uuid(1)}, "signature.wrong"),
        ({"role": Role.RELEASE}, "signature.wrong"),
        ({"public_key": "ab" * 32}, "signature.wrong"),
        ({"not_before": "2020-01-01T00:00:00Z"}, "signature.wrong"),
        ({"not_after": "2099-01-01T00:00:00Z"}, "signature.wrong"),
        ({"version": 2}, "signature.wrong"),
        ({"root_key": "ab" * 32}, "certificate.other_root"),
    ],
)
def test_every_changed_field_of_a_certificate_is_found(
    changes: dict[str, Any], code: str, company: Company
) -> None:
    signed = company.certificate(Role.RECEIPT)
    changed = msgspec.structs.replace(
        signed, certificate=msgspec.structs.replace(signed.certificate, **changes)
    )
    assert (
        refused(lambda: check_certificate(changed, role=Role.RECEIPT, root_key=company.root_key, at=AT))
        == code
    )


def test_a_version_of_the_future_is_refused_though_signed(company: Company) -> None:
    body = msgspec.structs.replace(company.certificate(Role.CASE).certificate, version=2)
    signed = SignedCertificate(certificate=body, signature=sign(company.root, "certificate", body))
    assert (
        refused(lambda: check_certificate(signed, role=Role.CASE, root_key=company.root_key, at=AT))
        == "certificate.version"
    )


@pytest.mark.parametrize(
    ("at", "is_valid"),
    [
        (moment_of(BEFORE) - timedelta(microseconds=1), False),
        (moment_of(BEFORE), True),
        (moment_of(AFTER), True),
        (moment_of(AFTER) + timedelta(microseconds=1), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_key_is_valid_for_its_time(at: datetime, is_valid: bool, company: Company) -> None:
    def check() -> None:
        check_certificate(company.certificate(Role.CASE), role=Role.CASE, root_key=company.root_key, at=at)

    if is_valid:
        check()
    else:
        assert refused(check) == "certificate.expired"


def test_dates_that_are_none_are_refused(company: Company) -> None:
    certificate = company.certificate(Role.CASE, not_after="2026-13-01T00:00:00Z")
    assert (
        refused(lambda: check_certificate(certificate, role=Role.CASE, root_key=company.root_key, at=AT))
        == "certificate.dates"
    )


def test_a_signature_serves_its_own_purpose_alone(company: Company) -> None:
    key = company.keys[Role.CASE]
    signature = sign(key, "case-statement", PAYLOAD)
    check_signature(public_hex(key), "case-statement", PAYLOAD, signature)
    for purpose in ("receipt", "case-statemen", "case-statement\x00", "certificate"):
        with pytest.raises(UntrustedError, match=r"signature\.wrong"):
            check_signature(public_hex(key), purpose, PAYLOAD, signature)


def test_the_message_is_prefix_nul_and_canonical_bytes(company: Company) -> None:
    key = company.keys[Role.CASE]
    message = b"pomoc-zdalna/1/case-statement\x00" + '{"text":"ż"}'.encode()
    assert key.sign(message).signature.hex() == sign(key, "case-statement", PAYLOAD)


@pytest.mark.parametrize("signature", ["", "00", "zz" * 64, "ab" * 63, "ab" * 65, "AB" * 64])
def test_what_is_no_signature_is_refused(signature: str, company: Company) -> None:
    with pytest.raises(UntrustedError, match=r"signature\.wrong"):
        check_signature(company.root_key, "receipt", PAYLOAD, signature)


@pytest.mark.parametrize("public_key", ["", "00" * 32, "01" + "00" * 31, "ff" * 32, "zz" * 32])
def test_weak_and_broken_keys_verify_nothing(public_key: str) -> None:
    with pytest.raises(UntrustedError, match=r"signature\.wrong"):
        check_signature(public_key, "receipt", PAYLOAD, "00" * 64)


def test_payload_and_certificate_are_checked_together(company: Company) -> None:
    record = consent()
    signature = sign(company.keys[Role.RECEIPT], "receipt", record)
    stranger = sign(SigningKey.generate(), "receipt", record)

    def check(signed: str, certificate: SignedCertificate) -> None:
        check_signed(
            record,
            purpose="receipt",
            signature=signed,
            certificate=certificate,
            role=Role.RECEIPT,
            root_key=company.root_key,
            at=AT,
        )

    check(signature, company.certificate(Role.RECEIPT))
    assert refused(lambda: check(stranger, company.certificate(Role.RECEIPT))) == "signature.wrong"
    assert refused(lambda: check(signature, company.certificate(Role.CASE))) == "certificate.role"


def test_a_public_key_file_is_one_line(company: Company) -> None:
    line = format_public_key(company.root_key)
    assert parse_public_key(f" {line}\n") == company.root_key
    assert len(fingerprint(company.root_key)) == 64
    for wrong in (
        "",
        company.root_key,
        line.upper(),
        line[:-1],
        line + "0",
        line.replace("ed25519", "rsa"),
        f"{line}\n{line}",
    ):
        with pytest.raises(MalformedError, match=r"key\.malformed"):
            parse_public_key(wrong)


def test_times_are_utc_with_microseconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert timestamp(moment) == "2026-01-02T03:04:05.000006Z"
    assert moment_of(timestamp(moment)) == moment
    assert timestamp().endswith("Z")
