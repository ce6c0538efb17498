"""Answers of AnyDesk's query switches: everything that is no number and no known word is "not yet" or unexpected."""

from __future__ import annotations

import pytest

from client_app.services.anydesk.answers import Status, read_number, read_status


def answer(text: str, code: int | None = 0) -> dict[str, object]:
    return {"ok": True, "code": code, "output_untrusted": text}


@pytest.mark.parametrize(
    "text", ["", "0", "SERVICE_NOT_RUNNING", "12345", "1234567890123", "12a456789", "١٢٣٤٥٦٧٨٩", "-1"]
)
def test_no_number_yet(text: str) -> None:
    assert read_number(answer(text)) == ""
    assert read_number(None) == ""
    assert read_number({"ok": True}) == ""
    assert read_number({"output_untrusted": 5}) == ""


@pytest.mark.parametrize("text", ["123456789", "123456789\n", " 1234567890 \r\n"])
def test_numbers(text: str) -> None:
    assert read_number(answer(text)) == text.strip()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, Status.NO_ANSWER),
        ({"ok": False, "error": "busy"}, Status.NO_ANSWER),
        (answer("online", None), Status.NO_ANSWER),
        (answer("SERVICE_NOT_RUNNING\n", 50), Status.NOT_RUNNING),
        (answer(""), Status.NOT_YET),
        (answer("online\n"), Status.ONLINE),
        (answer("Offline"), Status.OFFLINE),
        (answer("half online"), Status.UNEXPECTED),
    ],
)
def test_statuses(given: dict[str, object] | None, status: Status) -> None:
    assert read_status(given) is status
