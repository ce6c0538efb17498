"""A customer who acts through the controller: the same services as the window's, without the window."""

import os
from pathlib import Path

from pytestqt.qtbot import QtBot

from client_app.bootstrap import Built, Company, build
from client_app.core import events as ev
from client_app.core.config import load_brand
from client_app.core.services import Services
from client_app.core.session import ANYDESK_MAY_RUN, BackupChoice, Control, Phase, Session
from client_app.workers.controller import Controller
from demo.anydesk.remote import StandInRemote
from demo.world import TECHNICIAN_NUMBER, World
from tests.unit.core.sessions import PERSON, act

LIMIT_MS = 20_000


class Customer:
    """One run of the client.

    Args:
        world: to act in.
        qtbot: lets the event loop run.
        folder: home and data lie below it.
    """

    def __init__(self, world: World, qtbot: QtBot, folder: Path) -> None:
        self.world = world
        self.folder = folder
        home = Path(os.environ["HOME"])
        home.mkdir(exist_ok=True)
        self.remote = StandInRemote(world.standin.program, home)
        self.case_id = world.technician.open_case("Drukarka nie drukuje", 12300, "naprawa drukarki", {}, "pl")
        self._qtbot = qtbot
        self._built: Built | None = None
        self.controller = Controller(Session(), self._build)
        self.controller.start()

    @property
    def session(self) -> Session:
        """The flow's session."""
        return self.controller.session

    def until(self, phase: Phase) -> None:
        """Let the program run until it is in a phase."""
        self._qtbot.waitUntil(lambda: self.session.phase is phase, timeout=LIMIT_MS)

    def come_to(self, target: Phase) -> "Customer":
        """Do what leads to a phase, in order, through the real backend."""
        for phase, step in (
            (Phase.WORD, self._type_code),
            (Phase.DETAILS, self._pick_word),
            (Phase.TERMS, self._give_details),
            (Phase.COMPUTER, self._accept_terms),
            (Phase.ORDER, self._answer_backup),
            (Phase.WAITING, self._order),
            (Phase.CONNECTED, self._let_in),
            (Phase.FINISHED, lambda: self.do(ev.EndPressed())),
        ):
            step()
            self.until(phase)
            if phase is target:
                return self
        raise AssertionError(target)

    def do(self, *events: ev.Event) -> None:
        """Let events happen."""
        for event in events:
            self.controller.dispatch(event)

    def leave(self) -> None:
        """End the run, and AnyDesk with it."""
        if self.session.phase in ANYDESK_MAY_RUN and self.session.phase is not Phase.CLOSING:
            self.do(ev.EndPressed())
        if self.session.phase in ANYDESK_MAY_RUN:
            self.until(Phase.FINISHED)
        self.controller.shut_down()
        if self._built is not None:
            self._built.let_go()

    def _build(self) -> Services:
        company = Company(self.world.company)
        brand = load_brand(self.world.company / "brand.json")
        self._built = build(brand, company, self.folder / "data", lambda _language: lambda text: text)
        return self._built.services

    def _type_code(self) -> None:
        self._qtbot.waitUntil(lambda: bool(self.session.documents), timeout=LIMIT_MS)
        self.do(ev.CodeTyped(self.world.technician.case(self.case_id)["code"]))

    def _pick_word(self) -> None:
        self.do(ev.WordPicked(self.world.technician.case(self.case_id)["word"]))

    def _give_details(self) -> None:
        self.do(ev.PersonEdited(PERSON), ev.NextPressed())

    def _accept_terms(self) -> None:
        self.do(ev.Ticked(act(Control.ACCEPT_TERMS)), ev.Ticked(act(Control.ACCEPT_PRICE)), ev.NextPressed())

    def _answer_backup(self) -> None:
        self._qtbot.waitUntil(lambda: not self.session.checks_running, timeout=LIMIT_MS)
        self.do(ev.BackupChosen(BackupChoice.HAVE_ONE))

    def _order(self) -> None:
        self.do(
            ev.Ticked(act(Control.AUTHORITY)),
            ev.Ticked(act(Control.EARLY_START)),
            ev.OrderPressed(act(Control.ORDER, "Zamawiam z obowiązkiem zapłaty")),
        )

    def _let_in(self) -> None:
        self.remote.wait_until_online()
        self.remote.incoming(TECHNICIAN_NUMBER, alias="anna@bitservice", name="Anna")
        self.remote.accept()
