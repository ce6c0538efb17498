"""A customer who acts through the controller: the same services as the window's, without the window."""

import os
from collections.abc import Callable
from pathlib import Path

from pytestqt.exceptions import TimeoutError
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
ORDER_LABEL = "Zamawiam z obowiązkiem zapłaty"


class Program:
    """One run of the client; nobody acts in it yet.

    Args:
        company: the folder that a company added to the program.
        qtbot: lets the event loop run.
        data: folder of the program's own files.
        first: the session that it begins with.
    """

    def __init__(self, company: Path, qtbot: QtBot, data: Path, first: Session | None = None) -> None:
        self.data = data
        self._company = company
        self._qtbot = qtbot
        self._built: Built | None = None
        self.has_left = False
        self.controller = Controller(first or Session(), self._build)
        self.controller.start()

    @property
    def session(self) -> Session:
        """The flow's session."""
        return self.controller.session

    def until(self, phase: Phase) -> None:
        """Let the program run until it is in a phase."""
        self.wait_for(lambda: self.session.phase is phase, f"phase {phase.value}")

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Let the program run until a condition holds.

        Raises:
            AssertionError: it did not within the limit; the text says where the program stood instead.
        """
        try:
            self._qtbot.waitUntil(condition, timeout=LIMIT_MS)
        except TimeoutError as error:
            session = self.session
            raise AssertionError(f"{what}: still {session.phase.value}, {session.error}") from error

    def wait_for_code_or(self, *phases: Phase) -> None:
        """Let the program run until it is in one of the phases, or shows a code that can be read out."""
        names = " or ".join(phase.value for phase in phases)
        self.wait_for(
            lambda: self.session.phase in phases or self.session.error is not None, f"{names} or a code"
        )

    def wait_until_all_is_sent(self) -> None:
        """Let the program run until the outbox holds no record without a receipt."""
        self.wait_for(lambda: self.controller.services is not None, "services")
        services = self.controller.services
        assert services is not None
        self.wait_for(lambda: services.consent.unsent() == 0, "all receipts")

    def when(self, phase: Phase, act: Callable[[], None]) -> None:
        """Do something once, at the very moment in which a phase is entered (now, if it has been)."""
        done: list[None] = []

        def look(session: Session) -> None:
            if session.phase is phase and not done:
                done.append(None)
                act()

        self.controller.session_changed.connect(look)
        look(self.session)

    def do(self, *events: ev.Event) -> None:
        """Let events happen."""
        for event in events:
            self.controller.dispatch(event)

    def leave(self) -> None:
        """End the run, and AnyDesk with it. A second time does nothing."""
        if self.has_left:
            return
        self.has_left = True
        if self.session.phase in ANYDESK_MAY_RUN and self.session.phase is not Phase.CLOSING:
            self.do(ev.EndPressed())
        if self.session.phase in ANYDESK_MAY_RUN:
            self.until(Phase.FINISHED)
        self.controller.shut_down()
        if self._built is not None:
            self._built.let_go()

    def _build(self) -> Services:
        brand = load_brand(self._company / "brand.json")
        self._built = build(brand, Company(self._company), self.data, lambda _language: lambda text: text)
        return self._built.services


class Customer(Program):
    """A run with somebody who acts, and a case that the technician opened for them.

    Args:
        world: to act in; HOME must be the customer's.
        qtbot: lets the event loop run.
        folder: the program's data lie below it.
    """

    def __init__(self, world: World, qtbot: QtBot, folder: Path) -> None:
        self.world = world
        home = Path(os.environ["HOME"])
        home.mkdir(exist_ok=True)
        self.remote = StandInRemote(world.standin.program, home)
        self.case_id = open_case(world)
        super().__init__(world.company, qtbot, folder / "data")

    def come_to(self, target: Phase) -> "Customer":
        """Do what leads from here to a phase, in order, through the real backend."""
        path = (
            (Phase.CODE, self.type_code, Phase.WORD),
            (Phase.WORD, self.pick_word, Phase.DETAILS),
            (Phase.DETAILS, self.give_details, Phase.TERMS),
            (Phase.TERMS, self.accept_terms, Phase.COMPUTER),
            (Phase.COMPUTER, self.answer_backup, Phase.ORDER),
            (Phase.ORDER, self.order, Phase.WAITING),
            (Phase.WAITING, self.let_in, Phase.CONNECTED),
            (Phase.CONNECTED, lambda: self.do(ev.EndPressed()), Phase.FINISHED),
        )
        for here, step, there in path:
            if self.session.phase is not here:
                continue
            step()
            self.until(there)
            if there is target:
                return self
        raise AssertionError(f"from {self.session.phase} nothing leads to {target}")

    def type_code(self) -> None:
        """Type the code that the technician dictates."""
        self.wait_for(lambda: bool(self.session.documents), "documents")
        self.do(ev.CodeTyped(self.world.technician.case(self.case_id)["code"]))

    def pick_word(self) -> None:
        """Pick the word that the technician says."""
        self.do(ev.WordPicked(self.world.technician.case(self.case_id)["word"]))

    def give_details(self) -> None:
        """Fill the details in and go on."""
        self.do(*DETAILS)

    def accept_terms(self) -> None:
        """Tick both boxes and go on."""
        self.do(*TERMS)

    def answer_backup(self) -> None:
        """Say that there is a backup, once the checks are done."""
        self.wait_for(lambda: not self.session.checks_running, "checks")
        self.do(*BACKUP)

    def order(self) -> None:
        """Tick what the order covers and press the order button."""
        self.do(*ORDER)

    def let_in(self) -> None:
        """Let the technician call, and click AnyDesk's question away."""
        let_in(self.remote)


DETAILS = (ev.PersonEdited(PERSON), ev.NextPressed())
TERMS = (ev.Ticked(act(Control.ACCEPT_TERMS)), ev.Ticked(act(Control.ACCEPT_PRICE)), ev.NextPressed())
BACKUP = (ev.BackupChosen(BackupChoice.HAVE_ONE),)
ORDER = (
    ev.Ticked(act(Control.AUTHORITY)),
    ev.Ticked(act(Control.EARLY_START)),
    ev.OrderPressed(act(Control.ORDER, ORDER_LABEL)),
)
"""What a customer does on a page, from the page's first moment to its last."""


def open_case(world: World) -> str:
    """Let the technician open a case, and return its id."""
    return world.technician.open_case("Drukarka nie drukuje", 12300, "naprawa drukarki", {}, "pl")


def let_in(remote: StandInRemote) -> None:
    """Let the technician call, and click AnyDesk's question away."""
    remote.wait_until_online()
    remote.incoming(TECHNICIAN_NUMBER, alias="anna@bitservice", name="Anna")
    remote.accept()
