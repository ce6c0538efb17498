"""What the types let in: a refusal cannot hold a name, texts have limits, other documents stay outside."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from consent_record.acts import ALWAYS, Control, demanded, is_injected, missing_acts
from consent_record.canonical import canonical_bytes, decode, sha256_hex
from consent_record.case import CaseStatement, check_case, sign_case
from consent_record.documents import (
    DocumentKind,
    DocumentStatement,
    PublishedDocument,
    check_document,
    reference,
    sign_document,
)
from consent_record.errors import MalformedError, RecordError
from consent_record.keys import Role
from consent_record.records import BackupKind, InputOrigin, PersonKind, Record, Refusal, SystemFamily
from consent_record.release import ReleaseFile, ReleaseManifest, check_manifest, sign_manifest
from tests.unit.consent_record.samples import (
    AFTER,
    AT,
    HASH,
    NOW,
    Company,
    consent,
    document,
    every_record,
    in_arabic,
    refusal,
    uuid,
)

PERSONAL = {"name", "email", "address", "company", "nip", "person", "phone", "technician_name", "problem"}
COMPANY = Company()
RECORD: Any = Record


def names(kind: Any) -> set[str]:
    """Return every field name of a type and of the types inside it."""
    found: set[str] = set()
    for field in msgspec.structs.fields(kind):
        found.add(field.encode_name)
        for part in msgspec.inspect.multi_type_info([field.type]):
            found |= _inside(part)
    return found


def _inside(node: msgspec.inspect.Type) -> set[str]:
    if isinstance(node, msgspec.inspect.StructType):
        return names(node.cls)
    if isinstance(node, msgspec.inspect.VarTupleType):
        return _inside(node.item_type)
    if isinstance(node, msgspec.inspect.UnionType):
        return {name for part in node.types for name in _inside(part)}
    return set()


def shape_error(data: dict[str, Any]) -> str:
    """Return the reason why a record is refused."""
    with pytest.raises(MalformedError, match=r"json\.shape") as caught:
        decode(json.dumps(data).encode(), RECORD)
    return caught.value.reason


def plain(record: Record) -> dict[str, Any]:
    """Return a record as JSON data."""
    return dict(json.loads(canonical_bytes(record)))


def test_a_refusal_has_no_place_for_a_name_or_an_e_mail() -> None:
    assert names(Refusal) & PERSONAL == set()


@pytest.mark.parametrize("field", sorted(PERSONAL))
def test_a_refusal_that_holds_one_all_the_same_is_refused(field: str) -> None:
    assert f"unknown field `{field}`" in shape_error({**plain(refusal()), field: "Jan Kowalski"})


@pytest.mark.parametrize("record", every_record(), ids=lambda r: type(r).__name__)
def test_records_survive_the_wire_and_refuse_unknown_fields(record: Record) -> None:
    assert decode(canonical_bytes(record), RECORD) == record
    assert "unknown field" in shape_error({**plain(record), "device_id": "1"})
    assert "kind" in shape_error({**plain(record), "kind": "party"})
    assert shape_error({**plain(record), "record_version": 2})


def test_a_record_says_nothing_of_the_computer_but_its_family() -> None:
    found = {name for record in every_record() for name in names(type(record))}
    assert (
        found & {"device_id", "hostname", "user", "ip", "address_of_computer", "os_version", "serial"}
        == set()
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("created_at",), "2026-06-15 12:00:00"),
        (("created_at",), "2026-06-15T12:00:00+02:00"),
        (("created_at",), in_arabic(NOW)),
        (("created_at",), NOW + "\n"),
        (("record_id",), uuid(1).upper().replace("0", "A")),
        (("record_id",), uuid(1) + "\n"),
        (("language",), "PL"),
        (("language",), "ęą"),
        (("system",), "plan9"),
        (("recording",), "video"),
        (("statement_hash",), HASH.upper()),
        (("price", "amount"), -1),
        (("price", "amount"), 10**9),
        (("price", "amount"), 1.0),
        (("price", "amount"), "120"),
        (("price", "currency"), "zł"),
        (("person", "nip"), "123-456-32-18"),
        (("person", "name"), "x" * 201),
        (("problem",), "x" * 2001),
        (("backup", "made_on"), "yesterday"),
        (("displays", 0, "seconds_shown"), -1),
        (("displays", 0, "seconds_shown"), 10**12),
        (("acts", 0, "control"), "Accept terms"),
        (("acts", 0, "method"), "thought"),
        (("acts", 0, "texts"), ["x" * 2001]),
        (("acts", 0, "checked"), "yes"),
        (("documents", 0, "kind"), "rules"),
    ],
)
def test_values_out_of_bounds_are_refused(path: tuple[str | int, ...], value: Any) -> None:
    data = plain(consent())
    node: Any = data
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    assert shape_error(data)


@pytest.mark.parametrize("control", [c for c in Control])
def test_each_demanded_act_is_missed_when_it_is_missing(control: Control) -> None:
    person = msgspec.structs.replace(consent().person, kind=PersonKind.CONSUMER)
    backup = msgspec.structs.replace(consent().backup, kind=BackupKind.NONE_AGREED)
    full = msgspec.structs.replace(consent(), person=person, backup=backup)
    assert missing_acts(full) == ()
    left = tuple(act for act in full.acts if act.control != control.value)
    assert missing_acts(msgspec.structs.replace(full, acts=left)) == (control,)


def test_where_a_press_came_from_decides_nothing_before_anydesk_runs() -> None:
    full = consent()
    injected = tuple(msgspec.structs.replace(act, origin=InputOrigin.INJECTED) for act in full.acts)
    assert missing_acts(msgspec.structs.replace(full, acts=injected)) == missing_acts(full) == ()
    assert is_injected(*injected)
    assert not is_injected(*full.acts)
    assert not is_injected(msgspec.structs.replace(injected[0], checked=False))


def test_demands_depend_on_person_and_backup() -> None:
    assert demanded(PersonKind.BUSINESS, BackupKind.MADE_NOW) == ALWAYS
    assert set(demanded(PersonKind.CONSUMER, BackupKind.NONE_AGREED)) == set(Control)


def _statement(**changes: Any) -> CaseStatement:
    base = CaseStatement(
        case_id=uuid(1),
        client_nonce=HASH,
        technician_id=uuid(2),
        technician_name="Anna",
        anydesk_numbers=("123456789",),
        problem="Drukarka",
        price=consent().price,
        documents=(document(),),
        issued_at=NOW,
        expires_at="2026-06-16T12:00:00Z",
    )
    return msgspec.structs.replace(base, **changes)


@pytest.mark.parametrize(
    ("changes", "nonce", "root", "code"),
    [
        ({}, "ab" * 32, COMPANY.root_key, "case.other_nonce"),
        ({}, HASH, "ab" * 32, "certificate.other_root"),
        ({"expires_at": "2026-06-15T11:59:59Z"}, HASH, COMPANY.root_key, "case.expired"),
        ({"issued_at": "2025-06-15T12:00:00Z"}, HASH, COMPANY.root_key, "certificate.expired"),
        ({"issued_at": "2026-06-31T12:00:00Z"}, HASH, COMPANY.root_key, "case.dates"),
    ],
)
def test_a_case_statement_that_does_not_hold_is_refused(
    changes: dict[str, Any], nonce: str, root: str, code: str
) -> None:
    signed = sign_case(COMPANY.keys[Role.CASE], COMPANY.certificate(Role.CASE), _statement(**changes))
    with pytest.raises(RecordError) as caught:
        check_case(signed, root_key=root, nonce=nonce, now=AT)
    assert caught.value.code == code


@pytest.mark.parametrize("field", [f.name for f in msgspec.structs.fields(CaseStatement)])
def test_every_changed_field_of_a_case_statement_is_found(field: str) -> None:
    signed = sign_case(COMPANY.keys[Role.CASE], COMPANY.certificate(Role.CASE), _statement())
    check_case(signed, root_key=COMPANY.root_key, nonce=HASH, now=AT)
    others: dict[str, Any] = {
        "statement_version": 2,
        "anydesk_numbers": ("123456789", "987654321"),
        "price": msgspec.structs.replace(consent().price, amount=1),
        "documents": (),
        "rules": msgspec.structs.replace(_statement().rules, session_seconds=10**6),
        "issued_at": "2026-06-15T12:00:01Z",
        "expires_at": "2026-07-15T12:00:01Z",
        "client_nonce": "ab" * 32,
        "technician_name": "Ktoś",
        "problem": "Inny",
    }
    changed = msgspec.structs.replace(signed.statement, **{field: others.get(field, uuid(99))})
    with pytest.raises(RecordError, match=r"signature\.wrong|case\.other_nonce"):
        check_case(
            msgspec.structs.replace(signed, statement=changed), root_key=COMPANY.root_key, nonce=HASH, now=AT
        )


def _document(text: str = "# Regulamin żółty\n") -> PublishedDocument:
    data = text.encode()
    statement = DocumentStatement(
        document_id=uuid(3),
        kind=DocumentKind.TERMS,
        version=1,
        language="pl",
        title="Regulamin",
        published_at=NOW,
        size=len(data),
        sha256=sha256_hex(data),
    )
    signed = sign_document(COMPANY.keys[Role.DOCUMENT], COMPANY.certificate(Role.DOCUMENT), statement)
    return PublishedDocument(signed=signed, content=text)


def test_a_changed_document_is_found() -> None:
    genuine = _document()
    check_document(genuine, root_key=COMPANY.root_key)
    assert reference(genuine.signed.statement).sha256 == genuine.signed.statement.sha256
    for text in ("# Regulamin zółty\n", "# Regulamin żółty", "# Regulamin żółty\r\n", ""):
        with pytest.raises(RecordError, match=r"document\.wrong_hash"):
            check_document(msgspec.structs.replace(genuine, content=text), root_key=COMPANY.root_key)
    with pytest.raises(RecordError, match="other_root"):
        check_document(genuine, root_key="ab" * 32)
    statement = msgspec.structs.replace(genuine.signed.statement, version=9)
    changed = msgspec.structs.replace(
        genuine, signed=msgspec.structs.replace(genuine.signed, statement=statement)
    )
    with pytest.raises(RecordError, match=r"signature\.wrong"):
        check_document(changed, root_key=COMPANY.root_key)


@pytest.mark.parametrize(
    ("changes", "least", "code"),
    [
        ({"sequence": 4}, 5, "manifest.rollback"),
        ({"expires_at": "2026-06-15T11:00:00Z"}, 0, "manifest.expired"),
        ({"expires_at": "2026-06-15T24:00:01Z"}, 0, "manifest.dates"),
        ({"issued_at": "2020-06-15T11:00:00Z"}, 0, "certificate.expired"),
    ],
)
def test_a_list_of_programs_that_does_not_hold_is_refused(
    changes: dict[str, Any], least: int, code: str
) -> None:
    file = ReleaseFile(system=SystemFamily.LINUX, name="anydesk", size=4, sha256=HASH)
    manifest = ReleaseManifest(sequence=5, issued_at=NOW, expires_at=AFTER, files=(file,))
    key, certificate = COMPANY.keys[Role.RELEASE], COMPANY.certificate(Role.RELEASE)
    check_manifest(
        sign_manifest(key, certificate, manifest), root_key=COMPANY.root_key, now=AT, least_sequence=5
    )
    signed = sign_manifest(key, certificate, msgspec.structs.replace(manifest, **changes))
    with pytest.raises(RecordError) as caught:
        check_manifest(signed, root_key=COMPANY.root_key, now=AT, least_sequence=least)
    assert caught.value.code == code
    wrong = sign_manifest(COMPANY.keys[Role.RECEIPT], COMPANY.certificate(Role.RECEIPT), manifest)
    with pytest.raises(RecordError, match=r"certificate\.role"):
        check_manifest(wrong, root_key=COMPANY.root_key, now=AT)
