"""The numbered rail: which steps there are, which one this is, and what is at hand on every page.

It is the wizard's side widget; on a small window the one-line form of the same (`topline.py`) takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from client_app.core.messages import N_
from client_app.core.steps import Step
from client_app.ui.i18n import LANGUAGES
from client_app.ui.props import ALIGN_CENTER, label, set_role

if TYPE_CHECKING:
    from client_app.core.brand_types import Text
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens

RAIL_WIDTH = 264
CIRCLE = 30
_STATES = {"done": N_("done"), "now": N_("you are here"), "later": N_("later")}


class StepRow:
    """One step: its number in a circle (a tick when done) and its name; the state is in words for screen readers."""

    def __init__(self, step: Step) -> None:
        self.step = step
        # The circle is drawn by the stylesheet: a pen in Python would load all of Qt's enumerations (props.py).
        self.circle = QLabel()
        self.circle.setProperty("alignment", ALIGN_CENTER)
        self.name = label("", f"rail_{step.value}")

    def show_state(self, state: str, tokens: Tokens, _: Translator) -> None:
        """Show the step as `done`, `now` or `later`."""
        title = _(self.step.title)
        size = tokens.px(CIRCLE)
        self.circle.setFixedSize(size, size)
        self.circle.setText("✓" if state == "done" else str(self.step.number))
        self.name.setText(title)
        set_role(self.circle, f"circle_{state}")
        set_role(self.name, f"step_{state}")
        self.name.setAccessibleName(f"{self.step.number}. {title}: {_(_STATES[state])}")


class LanguageSwitch(QWidget):
    """One button a language, named in that language."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.buttons: dict[str, QPushButton] = {}
        for language, name in LANGUAGES.items():
            button = QPushButton(name)
            button.setObjectName(f"language_{language}")
            button.setProperty("role", "choice_small")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, language=language: self._on_clicked(language))
            self.buttons[language] = button
            row.addWidget(button)

    def show_language(self, language: str) -> None:
        """Mark the language in use."""
        for name, button in self.buttons.items():
            button.setChecked(name == language)

    def _on_clicked(self, language: str) -> None:
        # The mark follows the session, not the click.
        self.buttons[language].setChecked(False)
        self.chosen.emit(language)


class StepRail(QFrame):
    """Company, seven steps, language, text size, the company's number, "this is not them"."""

    not_them_pressed = Signal()
    text_size_pressed = Signal()

    def __init__(self, company: str, phone: str, notice: Text | None = None) -> None:
        """Build the rail; `notice` is a sentence that stands on every page (example data), if there is one."""
        super().__init__()
        self.setObjectName("rail")
        self.setProperty("role", "rail")
        self._phone = phone
        self._notice = notice
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 24, 16, 20)
        column.setSpacing(2)
        self.company = label("company", "rail_company", company)
        self.product = label("small", "rail_product")
        column.addWidget(self.company)
        column.addWidget(self.product)
        self.notice = label("small", "rail_notice")
        self.notice.setVisible(bool(notice))
        column.addWidget(self.notice)
        column.addSpacing(16)
        column.addLayout(self._make_steps())
        column.addSpacing(10)
        column.addStretch()
        self._add_foot(column)

    def _make_steps(self) -> QGridLayout:
        self.rows = [StepRow(step) for step in Step]
        steps = QGridLayout()
        steps.setHorizontalSpacing(12)
        # With larger text and lines as high as Segoe UI's, more would cut the names off.
        steps.setVerticalSpacing(8)
        steps.setColumnStretch(1, 1)
        for place, row in enumerate(self.rows):
            steps.addWidget(row.circle, place, 0)
            steps.addWidget(row.name, place, 1)
        return steps

    def _add_foot(self, column: QVBoxLayout) -> None:
        self.phone = label("small", "rail_phone")
        self.languages = LanguageSwitch()
        self.text_size = QPushButton("A+")
        self.text_size.setObjectName("text_size")
        self.text_size.setProperty("role", "choice_small")
        self.text_size.clicked.connect(self.text_size_pressed)
        self.not_them = QPushButton()
        self.not_them.setObjectName("not_them")
        self.not_them.setProperty("role", "quiet")
        self.not_them.clicked.connect(self.not_them_pressed)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.languages, 1)
        tools.addWidget(self.text_size)
        column.addWidget(self.phone)
        column.addSpacing(10)
        column.addLayout(tools)
        column.addSpacing(6)
        column.addWidget(self.not_them)

    def show_step(self, number: int, tokens: Tokens, _: Translator) -> None:
        """Mark the step; 0 when the case was stopped (nothing is marked as reached)."""
        self.setFixedWidth(tokens.px(RAIL_WIDTH))
        for row in self.rows:
            state = "done" if row.step.number < number else "now" if row.step.number == number else "later"
            row.show_state(state, tokens, _)
        self.languages.show_language(_.language)
        self.product.setText(_("Remote help"))
        self.notice.setText(self._notice.in_language(_.language) if self._notice else "")
        self.text_size.setAccessibleName(_("Larger text"))
        self.not_them.setText(_("This is not them?\nI already let somebody in"))
        self.not_them.setAccessibleName(_("This is not them, or I already let somebody in"))
        self.setAccessibleName(_("Steps"))
        number_line = (
            _("Company's number: {number}").format(number=self._phone.replace(" ", "\u00a0"))
            if self._phone
            else ""
        )
        self.phone.setText(number_line)
        self.phone.setVisible(bool(number_line))
