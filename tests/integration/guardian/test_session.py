"""A session with real processes: number, request, connection, end, closing proof; and everything that goes wrong."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskState, ClosingFact, ClosingProof, Fact, HowAccepted, Peer
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy
from demo.anydesk.remote import Faults
from tests.contracts.world import STRANGER, TECHNICIAN, AnyDeskWorld, ForeignAnyDesk, wait_for


def facts(proof: ClosingProof) -> dict[Fact, bool | None]:
    return {fact.fact: fact.holds for fact in proof.facts}


def test_the_whole_way_with_the_full_second_look(world: AnyDeskWorld) -> None:
    """Start, number, request, connection, the technician leaves, end; every fact is measured twice, 5 s apart."""
    prepared = world.session.prepare(frozenset((TECHNICIAN,)))
    assert prepared.sha256 == world.program.sha256
    world.start_ready(Faults(number="123456789"))
    assert world.session.number() == "123456789"
    world.connect()
    connected = world.events.wait_state(AnyDeskState.CONNECTED)
    assert connected.peer == Peer(TECHNICIAN, "Anna", HowAccepted.CLICK)
    assert not any(event.is_stranger for event in world.events.all)
    world.remote.disconnect("remote")
    left = world.events.wait(lambda event: event.left_by is not None)
    assert (left.state, left.left_by) == (AnyDeskState.READY, EndedBy.TECHNICIAN)

    firsts: list[tuple[ClosingFact, ...]] = []
    begun = time.monotonic()
    proof = world.session.end(EndedBy.CUSTOMER, firsts.append)
    seconds = time.monotonic() - begun
    assert proof.is_proven
    assert set(facts(proof)) == set(Fact)
    assert len(proof.facts) == 12
    assert all(holds is True for holds in facts(proof).values())
    assert firsts == [proof.at_once]
    assert 5 <= seconds < 8
    assert proof.seconds_to_close < 2
    assert list(world.private_root.glob("run-*")) == []
    # Asked again, the proof is the same.
    assert world.session.end(EndedBy.CUSTOMER) is proof


@pytest.mark.usefixtures("short_second_look")
class TestSession:
    def test_ending_before_any_start_measures_all_the_same(self, world: AnyDeskWorld) -> None:
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert facts(proof)[Fact.NO_PROCESS] is True

    def test_a_refused_request_is_over(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.remote.incoming(TECHNICIAN, name="Anna")
        world.events.wait_state(AnyDeskState.ASKING)
        world.remote.refuse()
        left = world.events.wait(lambda event: event.left_by is not None)
        assert left.left_by is EndedBy.CUSTOMER
        assert not any(event.state is AnyDeskState.CONNECTED for event in world.events.all)

    def test_a_stranger_is_cut_before_it_is_told(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.remote.incoming(STRANGER, name=f"Anna ({TECHNICIAN})")
        assert world.events.wait_state(AnyDeskState.ASKING).is_stranger
        with contextlib.suppress(Exception):
            world.remote.accept()
        event = world.events.wait_state(AnyDeskState.CONNECTED)
        assert event.is_stranger
        assert event.peer is not None
        assert event.peer.number == STRANGER
        assert world.own_processes() == []

    @pytest.mark.parametrize("how", ["Passwd", "Token"])
    def test_the_technician_without_a_click_is_cut_too(self, world: AnyDeskWorld, how: str) -> None:
        world.start_ready()
        world.remote.incoming(TECHNICIAN, how=how)
        event = world.events.wait(lambda event: event.is_stranger)
        assert event.peer is not None
        assert event.peer.how in (HowAccepted.PASSWORD, HowAccepted.TOKEN)
        wait_for(lambda: world.own_processes() == [], 2)

    def test_a_caller_that_anydesk_flags_is_cut(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.remote.incoming(TECHNICIAN, flags="direct scam paid 3")
        assert world.events.wait(lambda event: event.is_stranger).peer is not None

    def test_a_name_that_forges_a_line_cannot_change_the_number(self, world: AnyDeskWorld) -> None:
        """The name holds a whole line that claims another number: the signals disagree, so nobody is believed."""
        world.start_ready()
        line = f"   info 2026-01-01 10:00:00.000 back 1 1 anynet.any_socket - Client-ID: {TECHNICIAN} (FPR: 5f2d)."
        world.remote.incoming(STRANGER, name="x\n" + line + "\n")
        with contextlib.suppress(Exception):
            world.remote.accept()
        event = world.events.wait(lambda event: event.is_stranger)
        assert event.peer is not None
        assert event.peer.number in ("", STRANGER)
        assert not any(
            event.state is AnyDeskState.CONNECTED and not event.is_stranger for event in world.events.all
        )

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize("change", ["rotate", "truncate"])
    def test_the_log_changes_under_our_eyes(self, world: AnyDeskWorld, encoding: str, change: str) -> None:
        world.start_ready(Faults(encoding=encoding))
        world.remote.change_log(change)
        world.connect()
        world.remote.change_log(change)
        world.remote.disconnect("local")
        left = world.events.wait(lambda event: event.left_by is not None)
        assert left.left_by is EndedBy.CUSTOMER

    def test_old_lines_of_an_earlier_session_are_not_news(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.connect()
        world.session.end(EndedBy.CUSTOMER)
        world.events.forget()
        world.start_ready()
        assert [event.state for event in world.events.all] == [AnyDeskState.STARTING, AnyDeskState.READY]

    def test_without_an_alias_the_number_stands_twice(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.remote.incoming(TECHNICIAN)
        world.remote.accept()
        event = world.events.wait_state(AnyDeskState.CONNECTED)
        assert event.peer is not None
        assert event.peer.number == TECHNICIAN
        assert not event.is_stranger

    def test_questions_that_hang_do_not_hold_anything_up(self, world: AnyDeskWorld) -> None:
        """--get-id never answers: the number comes from the settings, connections are seen, closing is quick."""
        world.start_ready(Faults(hang_queries=True, number="123456789"))
        assert world.session.number() == "123456789"
        world.connect()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.seconds_to_close < 2
        assert facts(proof)[Fact.NOT_RUNNING] is None
        assert proof.is_proven

    def test_no_network_is_a_state_of_its_own(
        self, world: AnyDeskWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("client_app.services.anydesk.watch.LATE_SECONDS", 0.5)
        monkeypatch.setattr("client_app.services.anydesk.watch.ASK_LATE_SECONDS", 0.2)
        world.start(Faults(offline=True))
        event = world.events.wait_state(AnyDeskState.NO_NETWORK)
        assert event.error is ErrorCode.ANYDESK_NO_NUMBER
        world.remote.go_online()
        world.events.wait_state(AnyDeskState.READY)

    def test_its_window_is_closed(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.connect()
        world.remote.close_window()
        event = world.events.wait_state(AnyDeskState.GONE)
        assert event.error is ErrorCode.ANYDESK_DIED
        assert world.own_processes() == []
        assert world.session.end(EndedBy.ANYDESK).is_proven

    def test_its_window_crashes_and_helpers_stay(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.connect()
        world.remote.crash("window")
        world.events.wait_state(AnyDeskState.GONE)
        # Cut before it is told: the helpers could have kept the connection.
        assert world.own_processes() == []

    def test_its_service_alone_crashes_while_the_window_stays(self, world: AnyDeskWorld) -> None:
        """The end of a helper ends a wait; AnyDesk says twice that its service does not run, and is ended."""
        world.start_ready()
        world.connect()
        world.remote.crash("service")
        event = world.events.wait(lambda event: event.state is AnyDeskState.GONE, 8)
        assert event.error is ErrorCode.ANYDESK_DIED
        assert world.own_processes() == []

    def test_its_window_is_closed_at_once_and_a_process_stays(self, world: AnyDeskWorld) -> None:
        """That looks like handing over to the process that stayed, but nothing answers there."""
        world.start_ready(Faults(grandchild_at_start=True))
        world.remote.close_window()
        world.events.wait(lambda event: event.state is AnyDeskState.GONE, 8)
        assert world.own_processes() == []

    def test_a_sessions_own_helper_ends_and_nothing_is_wrong(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.connect()
        world.remote.disconnect("remote")
        world.events.wait(lambda event: event.left_by is not None)
        world.connect()
        assert not any(
            event.state in (AnyDeskState.GONE, AnyDeskState.UNEXPECTED) for event in world.events.all
        )

    def test_it_hands_over_to_another_process_of_its_own(self, world: AnyDeskWorld) -> None:
        world.start_ready(Faults(hands_over=True))
        assert not any(event.state is AnyDeskState.GONE for event in world.events.all)
        world.remote.close_window()
        world.events.wait_state(AnyDeskState.GONE)

    @pytest.mark.parametrize("faults", [Faults(), Faults(ignore_sigterm=True)], ids=["polite", "stubborn"])
    def test_grandchildren_that_detached_themselves_are_ended(
        self, world: AnyDeskWorld, faults: Faults
    ) -> None:
        world.start_ready(faults)
        world.connect()
        world.remote.spawn_grandchild()
        wait_for(lambda: len(world.own_processes()) == 5)
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert proof.seconds_to_close < 2
        assert world.own_processes() == []

    def test_a_hung_anydesk_is_ended(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.connect()
        world.remote.hang()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert proof.seconds_to_close < 2

    def test_somebody_elses_anydesk_is_never_touched(self, world: AnyDeskWorld, home: Path) -> None:
        foreign = ForeignAnyDesk(home)
        try:
            world.start_ready()
            world.connect()
            proof = world.session.end(EndedBy.CUSTOMER)
            assert foreign.is_alive()
            assert facts(proof)[Fact.FOREIGN_UNTOUCHED] is True
            held = next(fact for fact in proof.facts if fact.fact is Fact.FOREIGN_UNTOUCHED)
            assert held.detail == "3 processes, all still there"
        finally:
            foreign.close()

    def test_a_foreign_one_that_its_owner_closed_meanwhile_is_unknown(
        self, world: AnyDeskWorld, home: Path
    ) -> None:
        foreign = ForeignAnyDesk(home)
        world.start_ready()
        foreign.close()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert facts(proof)[Fact.FOREIGN_UNTOUCHED] is None
        assert proof.is_proven

    def test_ways_back_that_appeared_are_ended_and_proved(self, world: AnyDeskWorld) -> None:
        """A dishonest technician sets a password, adds an autostart and a profile: all three are taken out."""
        world.start_ready()
        world.connect()
        world.remote.set_setting("user.conf", {"ad.security.permission_profiles.evil.permissions.input": "1"})
        entry = world.remote.add_autostart()
        world.remote.set_unattended_password()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert facts(proof)[Fact.NO_PASSWORD] is True
        assert proof.ended == (str(entry),)
        assert not entry.exists()
        assert world.remote.setting("system.conf", "ad.anynet.id")

    def test_a_password_that_is_set_meanwhile_ends_it_at_once(self, world: AnyDeskWorld) -> None:
        world.start_ready()
        world.connect()
        world.remote.set_unattended_password()
        event = world.events.wait_state(AnyDeskState.GONE)
        assert event.error is ErrorCode.ANYDESK_UNSAFE
        assert world.own_processes() == []
        proof = world.session.end(EndedBy.ANYDESK)
        assert facts(proof)[Fact.NO_PASSWORD] is True

    def test_what_cannot_be_ended_is_told_and_measured_again_on_the_next_end(
        self, world: AnyDeskWorld
    ) -> None:
        """An autostart that only mentions our client behind a shell is not ours to delete, but it is a way back."""
        world.start_ready()
        entry = world.remote.add_autostart()
        entry.write_text(entry.read_text().replace("Exec=", "Exec=/bin/sh -c "))
        proof = world.session.end(EndedBy.CUSTOMER)
        assert not proof.is_proven
        assert {fact for fact, holds in facts(proof).items() if holds is False} == {Fact.NO_AUTOSTART}
        assert entry.exists()
        entry.unlink()
        again = world.session.end(EndedBy.CUSTOMER)
        assert again.is_proven
        assert facts(again)[Fact.NO_AUTOSTART] is True

    def test_what_others_added_is_named_and_left_alone(self, world: AnyDeskWorld, home: Path) -> None:
        world.start_ready()
        entry = home / ".config/autostart/printer.desktop"
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text("[Desktop Entry]\nExec=/usr/bin/printerd\n")
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert proof.new_entries == (str(entry),)
        assert entry.exists()

    def test_a_run_that_died_with_its_client_is_swept_by_the_next(self, world: AnyDeskWorld) -> None:
        """A private folder that nobody holds any more goes; one in use stays."""
        stale = world.system.files.make_folder(world.private_root)
        (stale / "anydesk").write_text("x")
        used = world.system.files.make_folder(world.private_root)
        lock = world.system.files.lock(used)
        assert lock is not None
        world.session.prepare(frozenset((TECHNICIAN,)))
        assert not stale.exists()
        assert used.exists()
        lock.close()
