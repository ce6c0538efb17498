"""What the console hears of presence, screen and settings: refusals first, then words, alerts and their end."""

from __future__ import annotations

import msgspec
import pytest

from consent_record.fields import timestamp
from consent_record.records import InputOrigin, PresenceAnswer, PresenceEntry
from tests.backend.actors import Client, Console, problem
from tests.backend.browser import Browser

LOUD = ["presence_unanswered", "signals_disagree", "not_closed", "stranger"]
SOFT = ["presence_asked", "screen_locked"]


def alerts(console: Console, client: Client) -> set[str]:
    return {alert["kind"] for alert in console.case(client.case.case_id)["alerts"]}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("presence_maybe", {}),
        ("presence_asked", {"settings": ["vpn"]}),
        ("settings_unknown", {}),
        ("settings_unknown", {"settings": []}),
        ("settings_unknown", {"settings": ["C:\\Users\\Jan"]}),
        ("presence_asked", {"window": "mBank"}),
    ],
)
def test_what_is_no_such_event_is_refused(
    kind: str, changes: dict[str, object], confirmed: Client, console: Console
) -> None:
    assert problem(confirmed.event(kind, **changes)) == (422, "request.shape")
    assert alerts(console, confirmed) == set()


@pytest.mark.parametrize("kind", [*LOUD, *SOFT])
def test_an_alert_stays_until_it_is_not_true_or_was_seen(
    kind: str, confirmed: Client, console: Console
) -> None:
    confirmed.event(kind)
    for other in ("connected", "presence_not_counted", "no_network", "closed_proven"):
        confirmed.event(other)
    assert alerts(console, confirmed) == {kind}


@pytest.mark.parametrize(
    ("raised", "settling", "left"),
    [
        (("presence_asked", "presence_unanswered"), "presence_confirmed", set()),
        (("presence_asked", "presence_unanswered"), "presence_extended", {"presence_asked"}),
        (("presence_asked", "presence_unanswered"), "disconnected", set()),
        (("presence_asked", "presence_unanswered"), "ended", {"presence_unanswered"}),
        (("screen_locked", "presence_asked"), "screen_unlocked", {"presence_asked"}),
        (("not_closed", "screen_locked"), "ended", {"not_closed"}),
    ],
)
def test_what_is_not_true_any_more_goes_by_itself(
    raised: tuple[str, ...], settling: str, left: set[str], confirmed: Client, console: Console
) -> None:
    for kind in raised:
        confirmed.event(kind)
    assert alerts(console, confirmed) == set(raised)
    confirmed.event(settling)
    assert alerts(console, confirmed) == left


def test_another_case_keeps_its_alerts(confirmed: Client, console: Console) -> None:
    confirmed.event("presence_asked")
    other = Client(confirmed.url).join(str(console.open_case()["code"]))
    assert other.event("presence_confirmed").status_code == 200
    assert alerts(console, confirmed) == {"presence_asked"}


def test_the_console_shows_words_and_tells_loud_from_calm(confirmed: Client, browser: Browser) -> None:
    confirmed.event("settings_unknown", settings=["vpn", "record_session"])
    confirmed.event("presence_asked")
    page = browser.get(f"/console/fragments/cases/{confirmed.case.case_id}").text
    assert "data-loud" not in page
    assert page.count('role="status"') == 2
    assert "Klient jest pytany, czy ktoś jest przy komputerze." in page
    assert "nagrywanie, VPN" in " ".join(page.split())
    confirmed.event("presence_unanswered")
    page = browser.get(f"/console/fragments/cases/{confirmed.case.case_id}").text
    assert page.count("data-loud") == 1
    assert "Przy komputerze nikt nie odpowiada" in page


def test_answers_are_stored_with_the_end_and_an_end_without_any_is_taken_as_before(
    confirmed: Client,
) -> None:
    consent = confirmed.consent()
    assert confirmed.put(consent).status_code == 200
    entry = PresenceEntry(at=timestamp(), origin=InputOrigin.UNKNOWN, answer=PresenceAnswer.UNANSWERED)
    end = confirmed.session_end(consent)
    absent = msgspec.structs.replace(confirmed.session_end(consent), presence=(entry,), ended_by="absence")
    assert confirmed.put(end).status_code == 200
    stored = confirmed.put(absent)
    assert stored.status_code == 200
    assert stored.json()["record"]["presence"] == [
        {"at": entry.at, "origin": "unknown", "answer": "unanswered"}
    ]
