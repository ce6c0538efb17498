"""What a check that still runs says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client_app.core.config import Brand
from client_app.core.session import CheckKind, CheckResult, CheckState
from client_app.core.view_state import view_of
from client_app.core.view_state_types import ComputerView, Say
from demo.scenes import Stories


@pytest.mark.parametrize(
    ("fetched", "total", "said"),
    [(0, 1, (0, 1)), (12_999_999, 25_000_000, (12, 25)), (25_000_001, 25_000_001, (25, 26))],
)
def test_the_line_says_how_much(
    stories: Stories, brand: Brand, fetched: int, total: int, said: tuple[int, int]
) -> None:
    running = CheckResult(CheckKind.ANYDESK, CheckState.RUNNING, fetched=fetched, to_fetch=total)
    body = view_of(replace(stories.accepted, checks=(running,)), brand).body
    assert isinstance(body, ComputerView)
    assert body.checks[0].result == Say(
        "Downloading, {done} of {total} MB", {"done": said[0], "total": said[1]}
    )


def test_without_a_fetch_the_line_only_says_that_it_is_checking(stories: Stories, brand: Brand) -> None:
    running = CheckResult(CheckKind.ANYDESK, CheckState.RUNNING)
    body = view_of(replace(stories.accepted, checks=(running,)), brand).body
    assert isinstance(body, ComputerView)
    assert body.checks[0].result == Say("Checking …")
