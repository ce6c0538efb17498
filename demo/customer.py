"""The customer of the demo: walks through the real wizard, page by page, and keeps a picture of each."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QScrollArea, QWidget

from client_app.app import Application, make_application
from client_app.core.events import ClockRanOut
from client_app.core.presence import Clock
from client_app.core.session import Phase, Session
from client_app.options import Options
from client_app.workers.anydesk_work import now
from demo.hands import Hands
from demo.report import Report
from demo.world import TECHNICIAN_NUMBER, World

PROBLEM = {"pl": "Drukarka nie drukuje (przykład)", "en": "The printer does not print (example)"}
WHAT_FOR = {"pl": "naprawa ustawień drukarki", "en": "setting the printer right"}
DETAILS = {
    "kind": "consumer",
    "name": "Jan Przykładowy",
    "email": "jan@example.com",
    "address": "ul. Przykładowa 1, 00-000 Warszawa",
}
AMOUNT = 12300


class Customer:
    """One customer at one wizard.

    Args:
        world: to act in; a case is opened at once.
        report: filled while it happens.
        options: of the client.
    """

    def __init__(self, world: World, report: Report, options: Options) -> None:
        self.world = world
        self.report = report
        self.hands = Hands(report.actions)
        self.language = options.language
        self._pictures = world.folder / "pictures"
        self._pictures.mkdir(exist_ok=True)
        self.case_id = self.hands.beside(self._open_case, "the technician opens a case")
        self.application: Application = make_application(options)
        self.application.open()
        self.hands.wait(lambda: self.application.joined is not None, "the window answers")
        self.hands.wait(
            lambda: bool(self.session.documents), f"the documents are there (error {self.session.error})"
        )

    @property
    def session(self) -> Session:
        """The flow's session."""
        joined = self.application.joined
        if joined is None:
            raise RuntimeError("the flow is not there yet")
        return joined.controller.session

    @property
    def window(self) -> QWidget:
        """The wizard."""
        return self.application.wizard

    def until(self, *phases: Phase) -> None:
        """Wait for one of some phases, and note the step."""
        wanted = ", ".join(phase.value for phase in phases)
        self.hands.wait(
            lambda: self.session.phase in phases,
            f"{wanted} (it is {self.session.phase.value}, {self.session.error})",
        )
        self.note_step()

    def note_step(self) -> None:
        """Keep the step that is reached and its picture."""
        step = self.session.step.value if self.session.step else "stopped"
        if step not in self.report.steps:
            self.report.steps.append(step)
            self.picture(step)

    def picture(self, name: str, window: QWidget | None = None) -> None:
        """Keep a picture, from the top of the page; a later one of the same name replaces it."""
        for area in (window or self.window).findChildren(QScrollArea, "page_scroll"):
            area.verticalScrollBar().setValue(0)
        file = self._pictures / f"{name}.png"
        self.hands.photograph(window or self.window, file)
        kept = self.report.pictures if name in self.report.steps else self.report.more_pictures
        kept[name] = str(file)

    # --- the pages ----------------------------------------------------------------------------------------------

    def identify_caller(
        self, choose: Callable[[str, tuple[str, ...]], str] = lambda word, _words: word
    ) -> None:
        """Type the code and pick a word; `choose` gets the right one and all nine."""
        self.note_step()
        case = self.hands.beside(
            lambda: self.world.technician.case(self.case_id), "the technician reads the code"
        )
        self.hands.type("code", case["code"], "type the code")
        self.until(Phase.WORD, Phase.CODE)
        self.hands.wait(lambda: self.session.phase is Phase.WORD, "the code is right")
        assert self.session.case is not None
        self.picture("caller_word")
        words = self.session.case.words
        chosen = choose(case["word"], words)
        self.hands.press(f"word_{words.index(chosen) + 1}", "pick the word")
        self.until(Phase.DETAILS, Phase.STOPPED)

    def confirm_details(self) -> None:
        """Confirm what the technician filled in."""
        self.hands.press("primary", "confirm the details")
        self.until(Phase.TERMS)

    def accept_terms(self) -> None:
        """Tick terms and price and go on."""
        self.hands.press("accept_terms", "accept the terms")
        self.hands.press("accept_price", "accept the price")
        self.picture("terms")
        self.hands.press("primary", "go on from the terms")
        self.until(Phase.COMPUTER)

    def answer_backup(self) -> None:
        """Say that there is a backup."""
        self.hands.wait(lambda: not self.session.checks_running, "the checks are done")
        self.picture("computer")
        self.hands.press("backup_have", "say that there is a backup")
        self.until(Phase.ORDER)

    def order(self) -> None:
        """Tick and order."""
        self.hands.press("authority", "declare to stay and watch")
        self.hands.press("early_start", "ask to start now")
        self.picture("order")
        self.hands.press("primary", "order")

    def be_helped(self) -> None:
        """Let the technician in and watch."""
        self.until(Phase.WAITING)
        remote = self.world.remote
        self.hands.beside(remote.wait_until_online, "AnyDesk is online")
        self.hands.beside(
            lambda: remote.incoming(TECHNICIAN_NUMBER, alias="anna@przyklad", name="Anna"),
            "the technician calls",
        )
        self.hands.wait(lambda: self.session.asking is not None, "AnyDesk asks")
        self.picture("help_asking")
        self.report.actions.append("accept in AnyDesk")
        self.hands.beside(remote.accept, "AnyDesk's own button")
        self.until(Phase.CONNECTED)

    def answer_presence(self) -> None:
        """Be asked whether somebody is there, half an hour early, and press "I am here" on the small panel."""
        joined = self.application.joined
        assert joined is not None
        joined.controller.dispatch(ClockRanOut(Clock.PRESENCE, now()))
        self.hands.wait(lambda: self.session.presence.is_asked, "presence is asked")
        # Its buttons are alive a moment after it appears.
        self.hands.wait(lambda: self.hands.find("panel_yes", QWidget).isEnabled(), "it can be answered")
        self.picture("panel_presence", self.hands.find("session_panel", QWidget))
        self.hands.press("panel_yes", "I am here")
        self.hands.wait(lambda: not self.session.presence.is_asked, "presence is confirmed")

    def end(self) -> None:
        """Press "End now" on the small panel."""
        panel = self.hands.find("session_panel", QWidget)
        self.picture("panel", panel)
        self.hands.press("panel_end", "end now")
        self.until(Phase.FINISHED)

    def save_receipt(self, folder: Path) -> Path:
        """Keep the receipt as JSON and as PDF; returns the JSON file."""
        joined = self.application.joined
        assert joined is not None
        json_file, pdf_file = folder / "receipt.json", folder / "receipt.pdf"
        # The system's own file dialog cannot be driven; what it would return is given to the same signal.
        self.report.actions.append("save the receipt")
        self.application.wizard.save_receipt_requested.emit(str(json_file), "json")
        self.hands.wait(lambda: self.session.receipt_path == str(json_file), "the receipt is saved as JSON")
        self.application.wizard.save_receipt_requested.emit(str(pdf_file), "pdf")
        self.hands.wait(lambda: self.session.receipt_path == str(pdf_file), "the receipt is saved as PDF")
        return json_file

    def remove(self) -> None:
        """Look at the list and remove the program."""
        self.hands.wait(lambda: bool(self.session.removal.planned), "the list of what will be removed")
        self.hands.press("remove", "remove the program")
        self.picture("finish_removal")
        self.hands.press("remove_yes", "yes, remove it")
        self.until(Phase.REMOVED)

    def _open_case(self) -> str:
        return self.world.technician.open_case(
            PROBLEM[self.language], AMOUNT, WHAT_FOR[self.language], DETAILS, self.language
        )
