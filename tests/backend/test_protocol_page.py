"""docs/protocol.md and the backend say the same: codes, states, endpoints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consent_backend.api.public import PUBLIC_HANDLERS
from consent_backend.case_states import TABLE
from consent_backend.problems import STATUS
from consent_record.acts import Control
from consent_record.wire import ProblemCode


@pytest.fixture(scope="module")
def page(project_root: Path) -> str:
    """The page."""
    return (project_root / "docs" / "protocol.md").read_text("utf-8")


def test_codes_and_their_statuses(page: str) -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+\.[a-z_0-9]+)` \| (\d{3}) \|", page, re.MULTILINE))
    codes = {code for code in ProblemCode if code is not ProblemCode.UNEXPECTED}
    assert rows == {code.value: str(STATUS[code]) for code in codes}


def test_states_and_where_they_lead(page: str) -> None:
    rows = {
        name: where
        for name, where in re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    }
    for state, moves in TABLE.items():
        named = set(
            re.findall(
                r"\b(open|joined|word_confirmed|ordered|in_session|postponed|frozen|refused|ended)\b",
                rows[state.value],
            )
        )
        assert named == {target.value for target in moves.values() if target is not state}, state


def test_endpoints(page: str) -> None:
    named = {(m, p) for m, p in re.findall(r"^\| `([A-Z]+) (/v1/[^`]+)`", page, re.MULTILINE)} - {
        ("GET", "/v1/openapi")
    }
    served = {
        (method, re.sub(r":str", "", path))
        for handler in PUBLIC_HANDLERS
        for path in handler.paths
        for method in handler.http_methods
    }
    assert named == served


def test_controls(page: str) -> None:
    assert [control.value for control in Control if f"`{control.value}`" not in page] == []
