"""The OpenAPI document is generated, valid, and says what the backend does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import validate

from demo.backend_process import BackendProcess
from tests.backend.actors import TIMEOUT, http_session


@pytest.fixture(scope="module")
def document(backend: BackendProcess) -> dict[str, Any]:
    """The document as it is served."""
    answer = http_session().get(f"{backend.url}/v1/openapi", timeout=TIMEOUT)
    assert answer.headers["content-type"] == "application/json"
    return dict(answer.json())


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_it_names_every_endpoint_and_no_page(document: dict[str, Any]) -> None:
    found = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    client = {
        ("GET", "/v1/health"),
        ("GET", "/v1/documents"),
        ("POST", "/v1/cases/join"),
        ("POST", "/v1/cases/{case_id}/word"),
        ("POST", "/v1/cases/{case_id}/reopen"),
        ("GET", "/v1/cases/{case_id}"),
        ("PUT", "/v1/cases/{case_id}/step"),
        ("POST", "/v1/cases/{case_id}/events"),
        ("PUT", "/v1/records/{record_id}"),
        ("GET", "/v1/records/{record_id}/receipt"),
    }
    assert client <= found
    assert {path for _, path in found - client if not path.startswith("/v1/console/")} == set()


def test_refusals_are_problems_everywhere(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert set(answer["content"]) == {"application/problem+json"}, (path, method, status)
            assert "500" in operation["responses"]


def test_patterns_are_those_of_json_schema(document: dict[str, Any]) -> None:
    assert r"\\Z" not in json.dumps(document)
    assert "^[0-9a-f]{64}$" in json.dumps(document)


def test_the_receipt_is_described(document: dict[str, Any]) -> None:
    answer = document["paths"]["/v1/records/{record_id}"]["put"]["responses"]["200"]
    reference = answer["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    assert set(schema["properties"]) == {"body", "record", "signature", "certificate"}
