"""Plays customer and technician through the whole path, checks what can be checked from outside, writes the report."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from client_app.core.presence import PresenceAnswer
from client_app.core.session import Phase, StopReason
from client_app.options import Options
from consent_backend.store.readback import read_back
from demo.breaking import Spoiler, spoilt
from demo.customer import Customer
from demo.hands import NotThereError
from demo.installation import Installation, install
from demo.report import Report
from demo.world import World, living_world
from tests.helpers.ui_watchdog import UiWatchdog

ROOT = Path(__file__).resolve().parent.parent
VERIFY_LIMIT_SECONDS = 30
LEAST_FACTS = 8


def play(folder: Path, *, language: str, broken: str | None, refuse: bool) -> int:
    """Play one run; returns 0 when everything held, and leaves report.json in `folder` in any case."""
    qt = QApplication.instance() or QApplication(["demo"])
    if not QFontDatabase.families():
        print("There is no font on this computer; the pictures will show boxes.")
    report = Report()
    print("Setting up the backend, its documents, an AnyDesk stand-in and an installation ...", flush=True)
    with spoilt(broken) as spoiler, living_world(folder, between=spoiler.between) as world:
        installation = install(world)
        with _at_home(world.home):
            began = time.monotonic()
            options = Options(company=world.company, language=language, installed=installation.list_file)
            customer = Customer(world, report, options)
            try:
                with UiWatchdog(watched=(ROOT / "client_app", ROOT / "consent_record")) as watchdog:
                    _walk(customer, spoiler, refuse)
                report.longest_block_ms = round(watchdog.longest_seconds * 1000, 1)
            except NotThereError as problem:
                report.problems.append(str(problem))
            finally:
                customer.application.shut_down()
                customer.window.close()
            report.seconds = round(time.monotonic() - began, 1)
            _look_from_outside(customer, refuse)
            if not refuse:
                _look_at_removal(customer, installation)
    report.write(folder / "report.json")
    _tell(report, folder)
    qt.processEvents()
    return 1 if report.problems else 0


def _walk(customer: Customer, spoiler: Spoiler, refuse: bool) -> None:
    """Do everything a customer does, up to where it ends."""
    report = customer.report
    customer.identify_caller(spoiler.choose_word)
    if customer.session.phase is Phase.STOPPED:
        report.problems.append(f"stopped: {_code(customer)} ({customer.session.stop_reason})")
        return
    customer.confirm_details()
    if refuse:
        _refuse(customer)
        return
    customer.accept_terms()
    customer.answer_backup()
    spoiler.before_order(customer)
    customer.order()
    customer.hands.wait(
        lambda: customer.session.phase not in (Phase.ORDER, Phase.STORING), "the order is stored"
    )
    customer.hands.wait(
        lambda: customer.session.phase is not Phase.SENDING or customer.session.error is not None,
        "the receipt",
    )
    if customer.session.phase in (Phase.SENDING, Phase.OFFLINE):
        customer.note_step()
        report.problems.append(f"no receipt, so no AnyDesk: {_code(customer)}")
        return
    customer.be_helped()
    _note_anydesk(customer)
    _note_presence(customer)
    spoiler.before_end(customer)
    customer.end()
    _note_closing(customer)
    consent = customer.session.consent
    assert consent is not None
    report.consent.record_id = consent.record_id
    report.consent.receipt = str(customer.save_receipt(customer.world.folder))
    if customer.session.error is None:
        customer.remove()
        customer.picture("finish_removed")


def _refuse(customer: Customer) -> None:
    customer.hands.press("stop", "stop here")
    customer.picture("terms_stop")
    customer.hands.press("stop_refuse", "refuse")
    customer.until(Phase.STOPPED)
    customer.report.demand(
        customer.session.stop_reason is StopReason.REFUSED, "the refusal was not taken as one"
    )
    refused = customer.hands.beside(
        lambda: customer.world.technician.wait_until(customer.case_id, lambda c: bool(c["records"])),
        "the refusal reaches the backend",
    )
    stored = read_back(customer.world.backend.database, refused["records"][0]["record_id"])
    kept = stored is not None and stored.kind == "refusal" and b"jan@example.com" not in stored.canonical
    customer.report.demand(kept, "the refusal was not stored, or not without name and e-mail")


def _note_anydesk(customer: Customer) -> None:
    session, seen = customer.session, customer.report.anydesk
    seen.started = bool(_running(customer.world))
    seen.number = session.anydesk_number
    case = customer.hands.beside(
        lambda: customer.world.technician.wait_until(customer.case_id, lambda c: bool(c["peer_number"])),
        "the console shows who is connected",
    )
    seen.incoming_seen = session.peer is not None and case["peer_number"] == session.peer.number
    customer.report.demand(seen.number == case["anydesk_number"], "the console shows another AnyDesk number")


def _note_presence(customer: Customer) -> None:
    customer.answer_presence()
    confirmed = [entry.answer for entry in customer.session.presence.entries] == [PresenceAnswer.CONFIRMED]
    customer.report.demand(confirmed, "the answer to the question about presence was not noted")


def _note_closing(customer: Customer) -> None:
    session, report = customer.session, customer.report
    report.anydesk.ended_by = session.ended_by.value if session.ended_by else ""
    report.closing = [{"fact": f.fact, "holds": f.holds} for f in session.closing]
    report.demand(len(report.closing) >= LEAST_FACTS, "fewer than eight closing facts")
    for fact in session.closing:
        report.demand(
            fact.holds is not False, f"closing is not proven: {fact.fact} does not hold ({_code(customer)})"
        )


def _look_from_outside(customer: Customer, refuse: bool) -> None:
    """What the program says of itself is checked by others: psutil, the verifier's command line, the database file."""
    report, world = customer.report, customer.world
    report.anydesk.left_running = _running(world)
    report.demand(not report.anydesk.left_running, f"still running: {report.anydesk.left_running}")
    if refuse or (report.problems and not report.consent.record_id):
        traces = [str(path) for path in world.home.glob(".anydesk*")]
        report.demand(
            not report.anydesk.started and not traces, f"AnyDesk was started all the same: {traces}"
        )
        return
    root = world.backend.root_path
    report.consent.root = str(root)
    verified = subprocess.run(
        [sys.executable, "-m", "consent_record", "verify", report.consent.receipt, "--root", str(root)],
        cwd=ROOT, capture_output=True, text=True, timeout=VERIFY_LIMIT_SECONDS, check=False,
    )  # fmt: skip
    report.consent.verified = verified.returncode == 0
    report.demand(report.consent.verified, f"the receipt does not verify: {verified.stdout}{verified.stderr}")
    stored = read_back(world.backend.database, report.consent.record_id)
    saved = Path(report.consent.receipt).read_bytes()
    report.consent.stored_by_backend = stored is not None and stored.receipt.strip() == saved.strip()
    report.demand(report.consent.stored_by_backend, "the backend's database does not hold this receipt")


def _look_at_removal(customer: Customer, installation: Installation) -> None:
    report = customer.report
    if report.problems:
        return
    report.removal.removed = installation.gone()
    report.removal.left = installation.left()
    report.demand(bool(report.removal.removed), "nothing was removed")
    report.demand(not report.removal.left, f"left behind: {report.removal.left}")


def _running(world: World) -> list[str]:
    """Processes of this world's AnyDesk, wherever their file lies, by a look at the process table."""
    found = []
    for process in psutil.process_iter(["pid", "exe", "environ"]):
        image, surroundings = process.info["exe"] or "", process.info["environ"] or {}
        if Path(image).name == world.standin.program.name and surroundings.get("HOME") == str(world.home):
            found.append(f"{process.info['pid']} {image}")
    return found


@contextmanager
def _at_home(home: Path) -> Iterator[None]:
    """Let the client find its folders below the customer's home."""
    before = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("XDG_")]:
        del os.environ[name]
    os.environ["HOME"] = str(home)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _code(customer: Customer) -> str:
    error = customer.session.error
    if error is None:
        return "no code"
    customer.report.codes.append(error.value)
    return f"{error.value} {error.info.title}"


def _tell(report: Report, folder: Path) -> None:
    print(f"Steps: {' > '.join(report.steps)}")
    print(f"The customer did: {', '.join(report.actions)}")
    for fact in report.closing:
        sign = {True: "yes", False: "NO", None: "unknown"}[fact["holds"]]
        print(f"  {sign:8}{fact['fact']}")
    print(
        f"Report: {folder / 'report.json'} ({report.seconds} s, longest block {report.longest_block_ms} ms)"
    )
    for problem in report.problems:
        print(f"PROBLEM: {problem}")
