"""Somebody else's installed AnyDesk beside ours: what holds for it whatever we do, on every system.

Rule of the product: only what lies in our private folder (or bears our client's whole name) is ever ended or removed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from client_app.core.anydesk import AnyDeskState, ClosingProof, Fact
from client_app.core.anydesk_system import PersistentEntry, ProcessIdentity
from client_app.core.session import EndedBy
from client_app.platforms import anydesk_system
from client_app.services.anydesk import session as session_module
from demo.anydesk.remote import Faults, StandInRemote
from demo.anydesk.supervisor import Supervisor
from tests.contracts.client import IS_WINDOWS, Client, InstalledClient, home_variables
from tests.contracts.waiting import wait_for
from tests.contracts.world import STRANGER, AnyDeskWorld, stand_in

STANDARD = "AnyDesk" if IS_WINDOWS else "anydesk"
OTHER_FIRM = "AnyDesk-ad_deadbeef"
_ALIVE = "all still there"


class State(NamedTuple):
    """All of a foreign AnyDesk that can be seen: processes, files with bytes, service, entry for the log-in."""

    processes: frozenset[ProcessIdentity]
    files: dict[str, bytes]
    service: PersistentEntry | None
    autostart: PersistentEntry | None


class Foreign(InstalledClient):
    """Somebody else's AnyDesk, with a service, a password for access at any time, a profile and a port of its own."""

    def __init__(self, home: Path, name: str) -> None:
        program = stand_in(name).program
        super().__init__(
            Client(program, home, anydesk_system().data_places(program.name, "")), home / "opt" / name
        )
        self.remote = StandInRemote(self.program, home, installed=True)
        # Its settings before it is installed go along with it.
        StandInRemote(program, home).prepare(
            Faults(install_disallowed=False, elevated=True, remove_delay=0, direct_port=_free_port())
        )

    def set_up(self) -> None:
        """Install it as its owner would, with its window open."""
        assert self.install("--start-with-win") == 0
        self.remote.wait_until_online(30)
        assert self.ask("--set-password", standard_input="its-owners-own\n")[0] == 0
        assert self.ask("--add-profile", "colleagues", "+file_manager", "+tcp_tunnel")[0] == 0
        self.start()
        # Service, tray and window.
        wait_for(lambda: self.images() == 3 and self.remote.has_window(), 30)

    def state(self) -> State:
        """Return all that can be seen of it now."""
        # On Windows the folders of custom clients lie in the standard client's, and are not its own.
        data = (self.remote.places.folder, self.remote.places.user_folder)
        found = (*self.folder.rglob("*"), *(path for folder in data for path in folder.iterdir()))
        files = [path for path in sorted(found) if path.is_file()]
        return State(
            frozenset(self.own_processes()),
            {str(path): path.read_bytes() for path in files},
            self.service(),
            self.autostart(),
        )

    def seen_by_us(self) -> int:
        """Number of its processes that belong to this desktop: on Windows a service may belong to the system alone."""
        homes = [self.table.home_of(one.pid) for one in self.own_processes()]
        return len([home for home in homes if home in (anydesk_system().home, None)])

    def leave(self) -> None:
        """End and remove it; the test is over."""
        InstalledClient.close(self)
        self.remove()


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def facts(proof: ClosingProof) -> dict[Fact, bool | None]:
    """Return each fact of the second look."""
    return {fact.fact: fact.holds for fact in proof.facts}


class BesideContract:
    """A foreign AnyDesk that is there before we come and after we have gone."""

    @pytest.fixture(params=[STANDARD, OTHER_FIRM])
    def name(self, request: pytest.FixtureRequest) -> str:
        """The foreign one's name: a standard client, or another firm's custom client."""
        return str(request.param)

    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The customer's home folder; on Windows the folder of this user's application data."""
        for variable, value in home_variables(tmp_path).items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
        monkeypatch.setattr(session_module, "SECOND_LOOK_SECONDS", 0.1)
        return tmp_path

    @pytest.fixture
    def world(self, home: Path) -> Iterator[AnyDeskWorld]:
        """Our session, ended whatever happened."""
        world = AnyDeskWorld(home)
        yield world
        world.end_everything()

    @pytest.fixture
    def foreign(self, home: Path, name: str) -> Iterator[Foreign]:
        """The foreign one, not installed yet."""
        with contextlib.nullcontext() if IS_WINDOWS else Supervisor(home):
            foreign = Foreign(home, name)
            yield foreign
            foreign.leave()

    def test_it_ran_before_us(self, world: AnyDeskWorld, foreign: Foreign) -> None:
        """Same processes, same bytes, same entries; and our proof is whole."""
        foreign.set_up()
        before = foreign.state()
        assert before.service is not None
        assert before.autostart is not None
        world.session.prepare(frozenset())
        world.start_ready()
        assert world.session.number() == world.remote.number() != foreign.remote.number()
        world.connect()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert facts(proof)[Fact.FOREIGN_UNTOUCHED] is True
        held = next(fact for fact in proof.facts if fact.fact is Fact.FOREIGN_UNTOUCHED)
        assert held.detail == f"{foreign.seen_by_us()} processes, {_ALIVE}"
        # Its service, entry for the log-in, password and profile are not ours to judge.
        for fact in (Fact.NO_SERVICE, Fact.NO_AUTOSTART, Fact.NO_PASSWORD, Fact.NO_PROFILE, Fact.PORT_CLOSED):
            assert facts(proof)[fact] is True
        assert foreign.state() == before
        assert foreign.ask("--get-status")[1] == "online"

    def test_our_guardian_is_killed_and_ends_only_ours(self, world: AnyDeskWorld, foreign: Foreign) -> None:
        """Not even the emergency way, by image path, reaches it; nor does the clearing at our next start."""
        foreign.set_up()
        before = foreign.state()
        world.start_ready(Faults(ignore_sigterm=True))
        run = world.session._run
        assert run is not None
        identity = world.system.processes.identify(run.guardian.pid)
        assert identity is not None
        world.system.processes.end(identity, force=True)
        world.events.wait_state(AnyDeskState.UNGUARDED)
        assert world.own_processes() == []
        world.session.end(EndedBy.UNKNOWN)
        world.session.prepare(frozenset())
        assert foreign.state() == before


class SecondAnyDeskContract(BesideContract):
    """What may happen to the foreign one while we help."""

    def test_somebody_is_connected_to_it(self, world: AnyDeskWorld, foreign: Foreign) -> None:
        """Who calls there is no stranger here, even one that AnyDesk knows for a fraud, and stays connected."""
        foreign.set_up()
        world.start_ready()
        foreign.remote.incoming(STRANGER, name="Anna (221436813)", flags="direct scam paid 3", how="Passwd")
        world.connect()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        assert all(event.peer is None or event.peer.number != STRANGER for event in world.events.all)
        assert foreign.remote.peers() == {STRANGER: "running"}
        # Service, tray, window and the session's own process.
        assert foreign.images() == 4

    def test_it_comes_while_we_help(self, world: AnyDeskWorld, foreign: Foreign) -> None:
        """Its owner installs it during our session: new, and not ours."""
        world.start_ready()
        world.connect()
        foreign.set_up()
        before = foreign.state()
        proof = world.session.end(EndedBy.CUSTOMER)
        assert proof.is_proven
        found = facts(proof)
        assert found[Fact.NO_SERVICE] is found[Fact.NO_AUTOSTART] is found[Fact.FOREIGN_UNTOUCHED] is True
        assert foreign.state() == before

    def test_it_stops_by_itself_while_we_help(self, world: AnyDeskWorld, foreign: Foreign) -> None:
        """What its owner stops stays stopped, and we say that it was not us."""
        foreign.set_up()
        seen = foreign.seen_by_us()
        world.start_ready()
        world.connect()
        assert foreign.ask("--stop-service")[0] == 0
        wait_for(lambda: foreign.images() == 0, 20)
        before = foreign.state()
        proof = world.session.end(EndedBy.CUSTOMER)
        held = next(fact for fact in proof.facts if fact.fact is Fact.FOREIGN_UNTOUCHED)
        assert held.holds is None
        assert held.detail == f"{seen} ended meanwhile, not by this program"
        assert all(
            holds is True for fact, holds in facts(proof).items() if fact is not Fact.FOREIGN_UNTOUCHED
        )
        assert foreign.state() == before
        assert before.service is not None
