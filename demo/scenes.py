"""Every page in every state that matters, as invented sessions: for the pictures and for the tests of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from client_app.core.anydesk import Fact
from client_app.core.config import Brand
from client_app.core.errors import ErrorCode
from client_app.core.person import Person
from client_app.core.session import (
    BackupChoice,
    CheckKind,
    CheckResult,
    CheckState,
    Control,
    Document,
    EndedBy,
    FoundView,
    Money,
    Phase,
    RemovalView,
    Session,
    StopReason,
)
from demo.scene_sessions import Sessions, example_brand, example_documents
from demo.scenes_session import between_sessions, panel_sessions

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard

__all__ = ["Scene", "Stories", "example_brand", "example_documents", "scenes"]


@dataclass(frozen=True)
class Scene:
    """A session and what is done in the window before it is looked at."""

    session: Session
    then: Callable[[HelpWizard], None] | None = None


def scenes(folder: Path, brand: Brand, language: str) -> dict[str, Scene]:
    """Return every scene by name, in the order in which a customer may meet them."""
    stories = Stories(language, example_documents(folder, brand))
    return {
        **stories.caller(),
        **stories.details(),
        **stories.terms(),
        **stories.computer(),
        **stories.order(),
        **stories.help(),
        **{name: Scene(session) for name, session in panel_sessions(stories).items()},
        **stories.finish(),
        **{name: Scene(session) for name, session in between_sessions(stories).items()},
        **stories.stopped(),
    }


class Stories(Sessions):
    """The scenes of one language, step by step."""

    def caller(self) -> dict[str, Scene]:
        """Step 1."""
        wrong = replace(self.start, code="123456789", error=ErrorCode.CODE_CHECK)
        return {
            "caller_code": Scene(self.start),
            "caller_typing": Scene(replace(self.start, code="12345")),
            "caller_wrong_digit": Scene(wrong),
            "caller_joining": Scene(replace(self.start, code="123456782", phase=Phase.JOINING)),
            "caller_no_connection": Scene(replace(wrong, code="123456782", error=ErrorCode.NO_CONNECTION)),
            "caller_word": Scene(self.joined),
            "caller_not_them": Scene(self.joined, lambda wizard: wizard.rail.not_them.click()),
            "caller_close": Scene(self.joined, lambda wizard: wizard.reject()),
        }

    def details(self) -> dict[str, Scene]:
        """Step 2."""
        empty = replace(self.detailed, person=Person())
        wrong = replace(
            self.detailed,
            person=replace(self.firm, nip="123", email="jan@", name=""),
            error=ErrorCode.NAME_MISSING,
        )
        blocked = (
            *self.checks[:2],
            CheckResult(CheckKind.DISPLAY, CheckState.BLOCKING, ErrorCode.DISPLAY_WAYLAND),
        )
        return {
            "details_empty": Scene(empty),
            "details_consumer": Scene(self.detailed),
            "details_business_wrong": Scene(wrong),
            "details_blocked": Scene(replace(self.detailed, checks=blocked)),
            "details_stop": Scene(self.detailed, lambda wizard: wizard.buttons.stop.click()),
            "details_privacy": Scene(self.detailed, _press("privacy_whole")),
        }

    def terms(self) -> dict[str, Scene]:
        """Step 3."""
        without_list = tuple(d for d in self.documents if d.kind is not Document.PRICE)
        bundled = tuple(replace(d, bundled=True) for d in without_list)
        changed = replace(self.read, error=ErrorCode.DOCUMENTS_CHANGED)
        return {
            "terms": Scene(self.read),
            "terms_ticked": Scene(
                replace(self.read, acts=self.acts(Control.ACCEPT_TERMS, Control.ACCEPT_PRICE))
            ),
            "terms_bundled": Scene(replace(self.read, documents=bundled)),
            "terms_changed": Scene(changed),
            "terms_missing": Scene(replace(self.read, documents=(), error=ErrorCode.DOCUMENTS_MISSING)),
            "terms_whole": Scene(self.read, lambda wizard: _open_terms(wizard)),
        }

    def computer(self) -> dict[str, Scene]:
        """Step 4."""
        fetching = CheckResult(CheckKind.ANYDESK, CheckState.RUNNING, fetched=12_400_000, to_fetch=25_600_000)
        running = (*self.checks[:3], fetching)
        trouble = (
            CheckResult(CheckKind.BACKEND, CheckState.GOOD),
            CheckResult(CheckKind.RIGHTS, CheckState.WARNING, ErrorCode.RIGHTS_NONE),
            CheckResult(CheckKind.DISPLAY, CheckState.GOOD),
            CheckResult(CheckKind.ANYDESK, CheckState.BLOCKING, ErrorCode.ANYDESK_CHANGED),
        )
        none = replace(
            self.accepted,
            backup=BackupChoice.NONE,
            acts=(*self.accepted.acts, *self.acts(Control.NO_BACKUP)),
        )
        refused = {
            f"computer_{code.name.lower()}": Scene(
                replace(
                    self.accepted,
                    checks=(*self.checks[:3], CheckResult(CheckKind.ANYDESK, CheckState.BLOCKING, code)),
                )
            )
            for code in (
                ErrorCode.DOWNLOAD_FAILED,
                ErrorCode.DOWNLOAD_WRONG,
                ErrorCode.SIGNATURE_WRONG,
                ErrorCode.SIGNATURE_REVOKED,
            )
        }
        return {
            "computer": Scene(self.accepted),
            "computer_checking": Scene(replace(self.accepted, checks=running)),
            "computer_trouble": Scene(replace(self.accepted, checks=trouble)),
            **refused,
            "computer_none": Scene(self.accepted, _press("backup_none")),
            "computer_waiting": Scene(none),
            "computer_later": Scene(self.accepted, _press("backup_later")),
            "computer_answered": Scene(
                replace(self.accepted, backup=BackupChoice.HAVE_ONE, backup_made_on=date(2026, 11, 20))
            ),
        }

    def order(self) -> dict[str, Scene]:
        """Step 5."""
        ticked = replace(
            self.ready, acts=(*self.ready.acts, *self.acts(Control.AUTHORITY, Control.EARLY_START))
        )
        free = replace(self.case, price=Money(0))
        offline = replace(self.ordered, phase=Phase.OFFLINE, online=False, error=ErrorCode.NO_CONNECTION)
        return {
            "order": Scene(self.ready),
            "order_ticked": Scene(ticked),
            "order_business_free": Scene(replace(self.ready, person=self.firm, case=free)),
            "order_withdrawal": Scene(self.ready, _press("withdrawal_information")),
            "order_sending": Scene(self.ordered),
            "order_offline": Scene(replace(offline, error=None)),
            "order_offline_wrong": Scene(replace(offline, error=ErrorCode.ANSWER_WRONG, answer_tries_left=3)),
        }

    def help(self) -> dict[str, Scene]:
        """Step 6."""
        return {
            "help_starting": Scene(self.receipted),
            "help_not_started": Scene(replace(self.receipted, error=ErrorCode.ANYDESK_NOT_STARTED)),
            "help_waiting": Scene(self.waiting),
            "help_asking": Scene(replace(self.waiting, asking=self.peer)),
            "help_connected": Scene(
                replace(self.waiting, phase=Phase.CONNECTED, peer=self.peer, connected_once=True)
            ),
            "help_closing": Scene(replace(self.waiting, phase=Phase.CLOSING, ended_by=EndedBy.CUSTOMER)),
        }

    def finish(self) -> dict[str, Scene]:
        """Step 7."""
        facts = self.over.closing
        open_facts = (replace(facts[0], holds=False), replace(facts[1], holds=None), *facts[2:])
        stranger = replace(
            self.over,
            ended_by=EndedBy.STRANGER,
            error=ErrorCode.STRANGER_CONNECTED,
            stranger=replace(self.peer, number="999888777"),
        )
        found = FoundView(
            ended=("anydesk-pomoc.service",),
            new_entries=("OneDrive", "skaner.desktop"),
            remote_tools=("TeamViewer", "RustDesk"),
        )
        survives = tuple(
            replace(fact, holds=False) if fact.fact == Fact.NO_SERVICE.value else fact for fact in facts
        )
        left = ("/home/jan/Potwierdzenie.pdf",)
        return {
            "finish": Scene(self.over),
            "finish_late_receipt": Scene(replace(self.over, consent=self.consent, rating=4)),
            "finish_not_closed": Scene(replace(self.over, closing=open_facts, error=ErrorCode.NOT_CLOSED)),
            "finish_not_closed_service": Scene(
                replace(self.over, closing=survives, error=ErrorCode.NOT_CLOSED)
            ),
            "finish_found": Scene(replace(self.over, found=found, rating=4)),
            "finish_absence": Scene(
                replace(self.over, ended_by=EndedBy.ABSENCE, error=ErrorCode.PRESENCE_MISSED)
            ),
            "finish_not_them": Scene(replace(self.over, stop_reason=StopReason.NOT_THEM)),
            "finish_stranger": Scene(stranger),
            "finish_remove": Scene(self.over, _press("remove")),
            "finish_unsent": Scene(replace(self.over, error=ErrorCode.UNSENT_RECORDS)),
            "finish_removing": Scene(replace(self.over, phase=Phase.REMOVING)),
            "finish_removed": Scene(
                replace(
                    self.over, phase=Phase.REMOVED, removal=RemovalView(removed=self.planned(), left=left)
                )
            ),
        }

    def stopped(self) -> dict[str, Scene]:
        """The page for what was never started."""
        found = {}
        for reason in StopReason:
            session = replace(
                self.detailed,
                phase=Phase.STOPPED,
                stop_reason=reason,
                removal=RemovalView(planned=self.planned()),
            )
            found[f"stopped_{reason.value}"] = Scene(session)
        return found


def _press(name: str) -> Callable[[HelpWizard], None]:
    def act(wizard: HelpWizard) -> None:
        from PySide6.QtWidgets import QPushButton

        button = wizard.current_page().findChild(QPushButton, name)
        if button is None:
            raise LookupError(name)
        button.click()

    return act


def _open_terms(wizard: HelpWizard) -> None:
    from client_app.ui.document_panel import open_document

    view = wizard.view
    terms = getattr(view.body, "terms", None) if view is not None else None
    if terms is None:
        raise LookupError("terms")
    open_document(wizard, terms)
