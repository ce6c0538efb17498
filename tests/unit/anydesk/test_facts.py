"""Every closing fact in its three values: it does not hold, it cannot be measured, it holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from client_app.core.anydesk import ClosingProof, Fact
from client_app.core.anydesk_system import DataPlaces, PersistentEntry, ProcessIdentity
from client_app.services.anydesk.before import Before, foreign_anydesk, is_anydesk_image, look_before
from client_app.services.anydesk.facts import FactMeter, make_fact
from client_app.services.anydesk.ownership import Ownership
from client_app.services.anydesk.ways_back import WaysBack
from client_app.services.guardian.client import GuardianError
from tests.unit.anydesk.fakes import FakeSystem

ROOT = "/home/anna/.private/"
OURS = ProcessIdentity(10, 100, ROOT + "run-1/AnyDesk-ad_5a1b2c3d")
FOREIGN = ProcessIdentity(20, 200, "/opt/AnyDesk/anydesk")
SHELL = ProcessIdentity(30, 300, "/bin/sh")
AUTOSTART = PersistentEntry("/home/anna/.config/autostart/x.desktop", OURS.image + " --control")


class FakeGuardian:
    """Answers as it is told."""

    def __init__(self) -> None:
        self.left: tuple[ProcessIdentity, ...] = ()
        self.answer: dict[str, Any] = {"ok": True, "code": 50, "output_untrusted": "SERVICE_NOT_RUNNING\n"}
        self.reason = ""
        self.asked = 0

    def members(self) -> tuple[ProcessIdentity, ...]:
        if self.reason:
            raise GuardianError(self.reason)
        return self.left

    def ask(self, _question: object) -> dict[str, Any]:
        self.asked += 1
        if self.reason:
            raise GuardianError(self.reason)
        return self.answer


class Scene:
    """A computer after closing."""

    def __init__(self, folder: Path) -> None:
        self.system = FakeSystem(FOREIGN, SHELL)
        self.guardian: FakeGuardian | None = FakeGuardian()
        self.places = DataPlaces((folder,), ("anydesk.trace",))
        self.settings = folder / "system.conf"
        self.settings.write_text("ad.anynet.id=123456789\n")
        self.before = Before((FOREIGN,), frozenset(), frozenset(), frozenset(("_default",)))
        self.ports: frozenset[int] | None = frozenset((7070,))
        self.signalled: frozenset[ProcessIdentity] = frozenset((OURS,))
        self.main: ProcessIdentity | None = OURS

    def guard(self) -> FakeGuardian:
        assert self.guardian is not None
        return self.guardian

    def meter(self) -> FactMeter:
        ownership = Ownership(ROOT, "AnyDesk-ad_5a1b2c3d", "")
        return FactMeter(
            self.system,
            self.places,
            ownership,
            WaysBack(self.system, ownership, self.before, self.places),
            self.before,
            cast("Any", self.guardian),
            self.main,
            self.ports,
            self.signalled,
        )

    def measure(self) -> dict[Fact, bool | None]:
        return {fact.fact: fact.holds for fact in self.meter().measure()}


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_clean_computer(scene: Scene) -> None:
    found = scene.measure()
    assert len(found) == 10
    assert set(found.values()) == {True}


def _service(scene: Scene) -> None:
    scene.system.persistence.service_entries = (
        PersistentEntry("anydesk.service", OURS.image + " --service"),
    )


def _service_by_name(scene: Scene) -> None:
    entry = PersistentEntry("AnyDesk", r'"C:\Program Files\anydesk-AD_5a1b2c3d\x.exe" --service')
    scene.system.persistence.service_entries = (entry,)


def _answer(text: str, code: int | None = 0) -> Callable[[Scene], None]:
    def change(scene: Scene) -> None:
        scene.guard().answer = {"ok": True, "code": code, "output_untrusted": text}

    return change


def _foreign_touched(scene: Scene) -> None:
    scene.signalled = frozenset((OURS, FOREIGN))


def _foreign_ended(scene: Scene) -> None:
    scene.system.processes.alive.remove(FOREIGN)


def _no_guardian(scene: Scene) -> None:
    scene.guardian = None


def _settings(text: str) -> Callable[[Scene], None]:
    return lambda scene: _ignore(scene.settings.write_text(text))


def _ignore(_value: object) -> None:
    return


def _unreadable(scene: Scene) -> None:
    scene.settings.write_bytes(b"\xff\xff\xff")


CASES: dict[str, tuple[Callable[[Scene], None], Fact, bool | None]] = {
    "a process runs": (lambda s: s.system.processes.alive.append(OURS), Fact.NO_PROCESS, False),
    "the window is there": (lambda s: s.system.processes.alive.append(OURS), Fact.WINDOW_GONE, False),
    "a child runs": (lambda s: setattr(s.guard(), "left", (SHELL,)), Fact.NO_CHILD, False),
    "children: guardian lost": (lambda s: setattr(s.guard(), "reason", "lost"), Fact.NO_CHILD, None),
    "children: no guardian": (_no_guardian, Fact.NO_CHILD, None),
    "says online": (_answer("online\n"), Fact.NOT_RUNNING, False),
    "says offline": (_answer("offline\n"), Fact.NOT_RUNNING, False),
    "says nothing in time": (_answer("", None), Fact.NOT_RUNNING, None),
    "says something odd": (_answer("jaja\n"), Fact.NOT_RUNNING, None),
    "status: guardian silent": (lambda s: setattr(s.guard(), "reason", "silent"), Fact.NOT_RUNNING, None),
    "status: no guardian": (_no_guardian, Fact.NOT_RUNNING, None),
    "a service by its path": (_service, Fact.NO_SERVICE, False),
    "a service by its name": (_service_by_name, Fact.NO_SERVICE, False),
    "no list of services": (
        lambda s: setattr(s.system.persistence, "service_entries", None), Fact.NO_SERVICE, None,
    ),
    "an autostart": (
        lambda s: setattr(s.system.persistence, "autostart_entries", (AUTOSTART,)), Fact.NO_AUTOSTART, False,
    ),
    "no list of autostarts": (
        lambda s: setattr(s.system.persistence, "autostart_entries", None), Fact.NO_AUTOSTART, None,
    ),
    "a password": (_settings("ad.anynet.pwd_hash=5e\n"), Fact.NO_PASSWORD, False),
    "password: unreadable": (_unreadable, Fact.NO_PASSWORD, None),
    "a profile": (
        _settings("ad.security.permission_profiles.evil.permissions.input=1\n"), Fact.NO_PROFILE, False,
    ),
    "profile: unreadable": (_unreadable, Fact.NO_PROFILE, None),
    "profile: unknown before": (
        lambda s: setattr(s, "before", Before((FOREIGN,), None, None, None)), Fact.NO_PROFILE, None,
    ),
    "the port is open": (lambda s: setattr(s.system.processes, "ports", {7070: None}), Fact.PORT_CLOSED, False),
    "the port is another's": (
        lambda s: setattr(s.system.processes, "ports", {7070: FOREIGN.pid}), Fact.PORT_CLOSED, True,
    ),
    "ports cannot be seen": (lambda s: setattr(s.system.processes, "ports", None), Fact.PORT_CLOSED, None),
    "ports were not seen before": (lambda s: setattr(s, "ports", None), Fact.PORT_CLOSED, None),
    "a foreign one was told to end": (_foreign_touched, Fact.FOREIGN_UNTOUCHED, False),
    "a foreign one ended": (_foreign_ended, Fact.FOREIGN_UNTOUCHED, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_facts_that_do_not_hold_or_cannot_be_measured(scene: Scene, case: str) -> None:
    change, fact, holds = CASES[case]
    change(scene)
    assert scene.measure()[fact] is holds


def test_a_reused_pid_is_not_our_window(scene: Scene) -> None:
    scene.system.processes.alive.append(ProcessIdentity(OURS.pid, OURS.created + 1, "/bin/cat"))
    assert scene.measure()[Fact.WINDOW_GONE] is True


def test_a_silent_program_is_asked_only_once(scene: Scene) -> None:
    _answer("", None)(scene)
    meter = scene.meter()
    for _ in range(2):
        meter.measure()
    assert scene.guard().asked == 1


def test_the_question_is_not_counted_and_the_other_looks_do_not_wait_for_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question runs our program once; it answers only when services were looked at meanwhile."""
    guard, persistence, looked = scene.guard(), scene.system.persistence, threading.Event()
    ask, services = guard.ask, persistence.services

    def slow_ask(question: object) -> dict[str, Any]:
        scene.system.processes.alive.append(OURS)
        assert looked.wait(10)
        return ask(question)

    def noted_services() -> tuple[PersistentEntry, ...] | None:
        looked.set()
        return services()

    monkeypatch.setattr(guard, "ask", slow_ask)
    monkeypatch.setattr(persistence, "services", noted_services)
    found = scene.meter().measure()
    assert [fact.holds for fact in found] == [True] * 10
    assert [fact.fact for fact in found][:4] == [
        Fact.NO_PROCESS, Fact.NO_CHILD, Fact.WINDOW_GONE, Fact.NOT_RUNNING,
    ]  # fmt: skip


def test_nothing_was_started(scene: Scene) -> None:
    scene.main, scene.guardian, scene.signalled = None, None, frozenset()
    found = scene.measure()
    assert (found[Fact.NO_CHILD], found[Fact.WINDOW_GONE], found[Fact.NOT_RUNNING]) == (True, True, None)


def test_a_standard_name_alone_proves_nothing(scene: Scene) -> None:
    """The customer's own AnyDesk has a service too; it is not ours because it is called anydesk."""
    scene.system.persistence.service_entries = (
        PersistentEntry("anydesk.service", "/usr/bin/anydesk --service"),
    )
    ownership = Ownership(ROOT, "anydesk", "")
    ways = WaysBack(scene.system, ownership, scene.before, scene.places)
    meter = FactMeter(
        scene.system, scene.places, ownership, ways, scene.before, None, None, frozenset(), frozenset()
    )
    assert {fact.fact: fact.holds for fact in meter.measure()}[Fact.NO_SERVICE] is True


def test_a_proof_needs_facts_and_none_that_fails() -> None:
    good, unknown = make_fact(Fact.NO_PROCESS, True), make_fact(Fact.NO_CHILD, None)
    assert ClosingProof((), (good, unknown), 0).is_proven
    assert not ClosingProof((), (good, make_fact(Fact.NO_CHILD, False)), 0).is_proven
    assert not ClosingProof((), (), 0).is_proven


def test_every_fact_has_a_sentence() -> None:
    assert all(fact.text.endswith(".") for fact in Fact)
    assert len({fact.text for fact in Fact}) == len(Fact) >= 8


@pytest.mark.parametrize(
    ("image", "is_one"),
    [
        ("/usr/bin/anydesk", True),
        (r"C:\Program Files (x86)\AnyDesk\AnyDesk.exe", True),
        ("/x/AnyDesk-ad_5a1b2c3d", True),
        ("/home/anydesk/bin/sh", False),
        ("", False),
    ],
)
def test_which_images_are_anydesks(image: str, is_one: bool) -> None:
    assert is_anydesk_image(image) is is_one


def test_before_knows_foreign_ones_and_not_ours_nor_those_of_another_home(tmp_path: Path) -> None:
    elsewhere = ProcessIdentity(40, 400, "/opt/anydesk")
    system = FakeSystem(OURS, FOREIGN, SHELL, elsewhere)
    system.processes.homes = {40: "/tmp/test-home", 20: system.home}
    assert foreign_anydesk(system, ROOT) == (FOREIGN,)
    before = look_before(system, DataPlaces((tmp_path,), ()), ROOT)
    assert before.foreign == (FOREIGN,)
    assert (before.services, before.autostarts, before.profiles) == (frozenset(), frozenset(), frozenset())
