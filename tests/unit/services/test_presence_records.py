"""Presence on paper and on the wire: what was made before keeps its bytes, and no limit becomes laxer."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest

from client_app.core import presence as core
from client_app.core.anydesk import Setting
from client_app.core.effects import TellTechnician
from client_app.core.presence import ANSWER_SECONDS, PRESENCE_SECONDS, Presence
from client_app.core.session import EndedBy
from client_app.services.statement import case_view
from consent_record import records
from consent_record.canonical import canonical_bytes, decode
from consent_record.case import CaseRules
from consent_record.wire import AnyDeskSetting, EventKind, SessionEvent
from tests.unit.services.bench import Bench
from tests.unit.services.ordering import AT

OLD_RULES = b'{"no_connection_seconds":600,"reopen_seconds":1800,"session_seconds":28800}'
OLD_END = (
    b'{"case_id":"00000002-0000-4000-8000-000000000000","client_version":"0.1.0",'
    b'"consent_id":"00000001-0000-4000-8000-000000000000","created_at":"2026-06-15T12:00:00.000000Z",'
    b'"ended_by":"customer","kind":"session_end","language":"pl","peers":[],'
    b'"record_id":"00000003-0000-4000-8000-000000000000","record_version":1,'
    b'"run_id":"00000004-0000-4000-8000-000000000000","system":"linux"}'
)


def test_what_was_signed_before_keeps_its_bytes() -> None:
    assert canonical_bytes(CaseRules()) == OLD_RULES
    assert canonical_bytes(decode(OLD_RULES, CaseRules)) == OLD_RULES
    assert canonical_bytes(decode(OLD_END, records.SessionEnd)) == OLD_END


@pytest.mark.parametrize(
    "presence",
    [
        b"[]",
        b'[{"answer":"maybe","at":"2026-06-15T12:00:00Z","origin":"local"}]',
        b'[{"answer":"confirmed","at":"2026-06-15T12:00:00Z","origin":"local","window":"bank"}]',
        b'[{"answer":"confirmed","at":"today","origin":"local"}]',
    ],
)
def test_a_shape_that_is_none_is_refused(presence: bytes) -> None:
    data = OLD_END[:-1] + b',"presence":' + presence + b"}"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(data, type=records.SessionEnd)


@pytest.mark.parametrize("ours", [core.PresenceAnswer, core.InputOrigin])
def test_vocabularies_are_the_same(ours: type[core.PresenceAnswer] | type[core.InputOrigin]) -> None:
    theirs = {core.PresenceAnswer: records.PresenceAnswer, core.InputOrigin: records.InputOrigin}[ours]
    assert {member.value for member in ours} == {member.value for member in theirs}


def test_every_setting_has_its_name_on_the_wire() -> None:
    names = {setting.value.removeprefix("anydesk.") for setting in Setting}
    assert names | {"other"} == {setting.value for setting in AnyDeskSetting}


def test_answers_go_into_the_end_of_the_session_in_their_order(bench: Bench) -> None:
    presence = Presence()
    for answer in core.PresenceAnswer:
        presence = presence.noted(AT, core.InputOrigin.UNKNOWN, answer)
    session = replace(bench.session(), presence=presence, ended_by=EndedBy.ABSENCE)
    case = bench.run.case()
    end = bench.consent._maker.session_end(session, case, consent_id=case.case_id)
    assert [entry["answer"] for entry in json.loads(canonical_bytes(end))["presence"]] == [
        answer.value for answer in core.PresenceAnswer
    ]
    none = bench.consent._maker.session_end(
        replace(session, presence=Presence()), case, consent_id=case.case_id
    )
    assert b"presence" not in canonical_bytes(none)


def test_a_full_list_of_answers_is_still_a_record(bench: Bench) -> None:
    presence = Presence()
    for _ in range(1000):
        presence = presence.noted(AT, core.InputOrigin.LOCAL, core.PresenceAnswer.CONFIRMED)
    session = replace(bench.session(), presence=presence)
    case = bench.run.case()
    end = bench.consent._maker.session_end(session, case, consent_id=case.case_id)
    assert len(canonical_bytes(end)) < 64 * 1024


@pytest.mark.parametrize(
    ("theirs", "own", "counts"),
    [
        (None, None, PRESENCE_SECONDS),
        (None, 3600, 3600),
        (600, 3600, 600),
        (7200, 3600, 3600),
        (600, None, 600),
        (-5, 3600, 0),
    ],
)
def test_the_backend_can_only_shorten_presence(
    theirs: int | None, own: int | None, counts: int, bench: Bench
) -> None:
    def rules(seconds: int | None) -> CaseRules:
        return CaseRules() if seconds is None else CaseRules(presence_seconds=seconds)

    bench.confirm()
    case = bench.run.case()
    statement = msgspec.structs.replace(case.statement, rules=rules(theirs))
    view = case_view(replace(case, statement=statement), rules(own))
    assert (view.presence_seconds, view.presence_answer_seconds) == (counts, ANSWER_SECONDS)


def test_what_is_told_of_settings_are_their_names_alone(bench: Bench) -> None:
    bench.confirm()
    bench.backend.tell(TellTechnician("settings_unknown", settings=("anydesk.vpn", "anydesk.new")))
    bench.backend.tell(TellTechnician("presence_asked"))
    bodies = [decode(asked.body, SessionEvent) for asked in bench.asked if asked.path.endswith("/events")]
    assert [body.kind for body in bodies] == [EventKind.SETTINGS_UNKNOWN, EventKind.PRESENCE_ASKED]
    assert bodies[0].settings == (AnyDeskSetting.VPN, AnyDeskSetting.OTHER)
    assert bodies[1].settings is msgspec.UNSET
