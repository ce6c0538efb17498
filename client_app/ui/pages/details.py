"""Step 2: who orders. Problems appear under a field once it was left, or all of them after "Next"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from client_app.core import events as ev
from client_app.core.messages import N_
from client_app.core.person import CustomerKind, Field, Person
from client_app.ui.pages.base import WizardPage
from client_app.ui.props import card, label, set_text
from client_app.ui.widgets.choice import ChoiceButton
from client_app.ui.widgets.field_row import FieldRow

if TYPE_CHECKING:
    from client_app.core.view_state_types import DetailsView
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Tokens
    from client_app.ui.wizard import HelpWizard

_LABELS: dict[Field, str] = {
    Field.COMPANY: N_("Company name"),
    Field.NIP: N_("Tax number (NIP), ten digits"),
    Field.NAME: N_("First and last name"),
    Field.EMAIL: N_("E-mail address"),
    Field.ADDRESS: N_("Address: street, number, postal code, town"),
}
_WIDE = {
    Field.COMPANY: (0, 0, 1),
    Field.NIP: (0, 1, 1),
    Field.NAME: (1, 0, 1),
    Field.EMAIL: (1, 1, 1),
    Field.ADDRESS: (2, 0, 2),
}
_BUSINESS_ONLY = (Field.COMPANY, Field.NIP)


class DetailsPage(WizardPage):
    """The form. What is typed goes out at once; an answer to an older state never overwrites what was typed since."""

    def __init__(self, wizard: HelpWizard) -> None:
        super().__init__("details")
        self._wizard = wizard
        self._person = Person()
        self._sent: Person | None = None
        self._left: set[Field] = set()
        self._view: DetailsView | None = None
        self._was_all_shown = False
        self.column.addWidget(self._make_kind())
        self.fields = {field: FieldRow(field.value) for field in _LABELS}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        for field, row in self.fields.items():
            row.edited.connect(lambda text, field=field: self._on_edited(field, text))
            row.left.connect(lambda field=field: self._on_left(field))
        self._place_fields(compact=False)
        self.column.addLayout(self._grid)
        self.column.addWidget(self._make_privacy())
        self.column.addStretch()

    def _make_kind(self) -> QWidget:
        box = QWidget()
        box.setProperty("role", "plain")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.kind_label = label("field", "kind_label")
        column.addWidget(self.kind_label)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.kinds = {kind: ChoiceButton(f"kind_{kind.value}") for kind in CustomerKind}
        for kind, button in self.kinds.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, kind=kind: self._on_kind(kind))
            row.addWidget(button)
        column.addLayout(row)
        self.kind_problem = label("error", "kind_error")
        self.kind_problem.hide()
        column.addWidget(self.kind_problem)
        return box

    def _make_privacy(self) -> QWidget:
        frame = card("card", "privacy_card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(14)
        self.privacy = label("small", "privacy_short")
        self.privacy_button = QPushButton()
        self.privacy_button.setObjectName("privacy_whole")
        self.privacy_button.setAutoDefault(False)
        self.privacy_button.clicked.connect(self._on_privacy_clicked)
        row.addWidget(self.privacy, 1)
        row.addWidget(self.privacy_button)
        return frame

    def _place_fields(self, compact: bool) -> None:
        for place, (field, row) in enumerate(self.fields.items()):
            across = (place, 0, 2) if compact else _WIDE[field]
            self._grid.addWidget(row, across[0], across[1], 1, across[2], Qt.AlignmentFlag.AlignTop)

    def set_compact(self, compact: bool) -> None:
        """Two columns, or one on a small window."""
        super().set_compact(compact)
        self._place_fields(compact)

    def retranslate(self, tokens: Tokens, _: Translator) -> None:
        """Set labels."""
        set_text(self.kind_label, _("How do you order?"))
        self.kinds[CustomerKind.CONSUMER].show_choice(_("As a private person"), "", tokens)
        self.kinds[CustomerKind.BUSINESS].show_choice(_("As a company"), "", tokens)
        for field, row in self.fields.items():
            row.name_field(_(_LABELS[field]))
        self.privacy_button.setText(_("Read all of it"))
        self.privacy_button.setAccessibleName(_("Read the whole privacy notice"))

    def show_body(self, body: DetailsView, tokens: Tokens, _: Translator) -> None:
        """Show person and problems."""
        self._view = body
        # An answer that is older than what was typed since must not undo it.
        if self._sent is None or body.person == self._sent:
            self._sent = None
            self._person = body.person
        for kind, button in self.kinds.items():
            button.setChecked(self._person.kind is kind)
        for field, row in self.fields.items():
            row.show_text(str(getattr(self._person, field.value)))
            row.setVisible(field not in _BUSINESS_ONLY or self._person.kind is CustomerKind.BUSINESS)
        self._show_problems(_)
        set_text(self.privacy, body.privacy_short)
        self.privacy_button.setVisible(body.privacy is not None)
        if body.show_all and not self._was_all_shown:
            self._focus_first_problem()
        self._was_all_shown = body.show_all

    def _show_problems(self, _: Translator) -> None:
        view = self._view
        if view is None:
            return
        for field, row in self.fields.items():
            shown = view.show_all or field in self._left
            row.show_problem(view.problems.get(field) if shown else None, _)
        kind = view.problems.get(Field.KIND) if view.show_all else None
        text = f"{_(kind.info.title)} {_(kind.info.advice)} ({kind.value})" if kind is not None else ""
        set_text(self.kind_problem, text)

    def _focus_first_problem(self) -> None:
        problems = self._view.problems if self._view else {}
        if Field.KIND in problems:
            self.kinds[CustomerKind.CONSUMER].setFocus()
            self.scroller.ensureWidgetVisible(self.kind_problem)
            return
        for field, row in self.fields.items():
            if field in problems:
                row.edit.setFocus()
                self.scroller.ensureWidgetVisible(row)
                return

    def first_focus(self) -> QWidget:
        """The first field that is empty, once it is known who orders."""
        if self._person.kind is None:
            return self.scroller
        empty = (row.edit for row in self.fields.values() if row.isVisibleTo(self) and not row.edit.text())
        return next(empty, self.scroller)

    def _on_kind(self, kind: CustomerKind) -> None:
        for other, button in self.kinds.items():
            button.setChecked(self._person.kind is other)
        self._send(replace(self._person, kind=kind))

    def _on_edited(self, field: Field, text: str) -> None:
        # While a field is typed in for the first time, it is not told off.
        self._send(_with_text(self._person, field, text))

    def _on_left(self, field: Field) -> None:
        if field not in self._left and self.fields[field].edit.text():
            self._left.add(field)
            self._show_problems(self._wizard.translator)

    def _send(self, person: Person) -> None:
        self._person = self._sent = person
        self.intent.emit(ev.PersonEdited(person))

    def _on_privacy_clicked(self) -> None:
        from client_app.core.view_state_types import DocumentView
        from client_app.ui.document_panel import open_document

        if self._view is not None and self._view.privacy is not None:
            open_document(self._wizard, DocumentView(self._view.privacy))


def _with_text(person: Person, field: Field, text: str) -> Person:
    match field:
        case Field.NAME:
            return replace(person, name=text)
        case Field.EMAIL:
            return replace(person, email=text)
        case Field.ADDRESS:
            return replace(person, address=text)
        case Field.COMPANY:
            return replace(person, company=text)
        case Field.NIP:
            return replace(person, nip=text)
        case Field.KIND:
            return person
