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

    def __init__(self, kind: CheckKind | None) -> None:
        """Make the line of a check, or of all of them together."""
        super().__init__()
        name = f"check_{kind.value}" if kind is not None else "checks_summary"
        self.setObjectName(name)
        self.setProperty("role", "plain")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.icon = IconSpot("clock", 26)
        self.words = QVBoxLayout()
        self.words.setSpacing(2)
        self.title = label("text", f"{name}_result")
        self.advice = label("text", f"{name}_advice")
        self.code = label("code", f"{name}_code")
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
        self.show_words(
            _ICONS[view.state],
            colours[view.state],
            f"{_.say(view.name)}: {_.say(view.result)}",
            _.say(view.advice) if view.advice else "",
            _("Code to read out: {code}").format(code=view.code) if view.code else "",
        )

    def show_words(self, icon: str, colour: str, title: str, advice: str, code: str) -> None:
        """Show an icon and up to three lines."""
        self.icon.show_icon(icon, colour)
        set_text(self.title, title)
        set_text(self.advice, advice)
        set_text(self.code, code)
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
        self.summary = CheckLine(None)
        self._column.addWidget(self.summary)

    def show_checks(self, checks: tuple[CheckRow, ...], tokens: Tokens, _: Translator) -> None:
        """Show the checks; a line that is there stays and only changes."""
        self.setVisible(bool(checks))
        all_good = bool(checks) and all(check.state is CheckState.GOOD for check in checks)
        self.summary.setVisible(all_good)
        if all_good:
            names = " · ".join(_.say(check.name) for check in checks)
            self.summary.show_words("check", tokens.good, _("Checked, nothing stands in the way."), names, "")
        shown = set() if all_good else {check.kind for check in checks}
        for check in checks:
            if check.kind not in self.lines:
                self.lines[check.kind] = CheckLine(check.kind)
                self._column.addWidget(self.lines[check.kind])
            self.lines[check.kind].show_row(check, tokens, _)
        for kind, line in self.lines.items():
            line.setVisible(kind in shown)
