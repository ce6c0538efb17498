"""Checks as rows: an icon, words, and for what is not good the advice and the code to read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client_app.core.session import CheckKind, CheckState
from client_app.ui.icons import IconSpot
from client_app.ui.props import card, label, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import CheckRow
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens

_ICONS = {
    CheckState.RUNNING: "clock",
    CheckState.GOOD: "check",
    CheckState.WARNING: "warning",
    CheckState.BLOCKING: "error",
}


class CheckLine(QWidget):
    """One check."""

    def __init__(self, kind: CheckKind) -> None:
        super().__init__()
        self.setObjectName(f"check_{kind.value}")
        self.setProperty("role", "plain")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.icon = IconSpot("clock", 26)
        self.words = QVBoxLayout()
        self.words.setSpacing(2)
        self.title = label("text", f"check_{kind.value}_result")
        self.advice = label("text", f"check_{kind.value}_advice")
        self.code = label("code", f"check_{kind.value}_code")
        self.words.addWidget(self.title)
        self.words.addWidget(self.advice)
        self.words.addWidget(self.code)
        row.addWidget(self.icon)
        row.addLayout(self.words, 1)

    def show_row(self, view: CheckRow, tokens: Tokens, _: Translator) -> None:
        """Show the result in words; the icon says the same."""
        colours = {
            CheckState.RUNNING: tokens.muted,
            CheckState.GOOD: tokens.good,
            CheckState.WARNING: tokens.warn,
            CheckState.BLOCKING: tokens.bad,
        }
        self.icon.show_icon(_ICONS[view.state], colours[view.state])
        set_text(self.title, f"{_.say(view.name)}: {_.say(view.result)}")
        set_text(self.advice, _.say(view.advice) if view.advice else "")
        set_text(self.code, _("Code to read out: {code}").format(code=view.code) if view.code else "")
        self.setAccessibleName(
            " ".join(part.text() for part in (self.title, self.advice, self.code) if part.text())
        )


class CheckList(QWidget):
    """All checks in one card."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("checks")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = card("card", "checks_card")
        outer.addWidget(frame)
        self._column = QVBoxLayout(frame)
        self._column.setContentsMargins(18, 12, 18, 12)
        self._column.setSpacing(8)
        self.lines: dict[CheckKind, CheckLine] = {}

    def show_checks(self, checks: tuple[CheckRow, ...], tokens: Tokens, _: Translator) -> None:
        """Show the checks; a line that is there stays and only changes."""
        self.setVisible(bool(checks))
        shown = {check.kind for check in checks}
        for check in checks:
            if check.kind not in self.lines:
                self.lines[check.kind] = CheckLine(check.kind)
                self._column.addWidget(self.lines[check.kind])
            self.lines[check.kind].show_row(check, tokens, _)
        for kind, line in self.lines.items():
            line.setVisible(kind in shown)
