"""The buttons under every page: stop on the left, back and the one primary button on the right.

They are QWizard's own slots with our buttons in them. Enter presses only what can be taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWizard

from client_app.ui.frame import place_hint
from client_app.ui.props import label, set_text

if TYPE_CHECKING:
    from client_app.core.view_state_types import Primary, WizardView
    from client_app.ui.i18n import Translator
    from client_app.ui.wizard import HelpWizard


class PrimaryButton(QPushButton):
    """The one primary button; QWizard may not show it when the view state hides it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_wanted = True
        self.setObjectName("primary")
        self.setProperty("role", "primary")

    def setVisible(self, visible: bool) -> None:  # noqa: N802 - Qt's name
        """Show the button only while the view state wants it."""
        super().setVisible(visible and self.is_wanted)


class ButtonRow:
    """Makes the buttons and shows a view state on them."""

    def __init__(self, wizard: HelpWizard) -> None:
        self._wizard = wizard
        self.is_compact = False
        self.primary = PrimaryButton()
        self.stop, self.back = QPushButton(), QPushButton()
        self.stop.setObjectName("stop")
        self.stop.setAutoDefault(False)
        self.back.setObjectName("back")
        place = QWizard.WizardButton
        wizard.setOption(QWizard.WizardOption.NoDefaultButton)
        wizard.setOption(QWizard.WizardOption.HaveNextButtonOnLastPage)
        wizard.setButton(place.NextButton, self.primary)
        wizard.setButton(place.CustomButton1, self.stop)
        wizard.setButton(place.CustomButton2, self.back)
        wizard.setButtonLayout([place.CustomButton1, place.Stretch, place.CustomButton2, place.NextButton])
        self.back.hide()
        self.hint = label("hint", "primary_hint")
        self.hint.setMinimumWidth(230)
        self.hint.hide()
        # The row keeps its height on pages without any button.
        policy = self.stop.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.stop.setSizePolicy(policy)

    def show_words(self, _: Translator, primary: str = "") -> None:
        """Set the words; through QWizard, which sets the texts of its buttons anew at every change of page."""
        place = QWizard.WizardButton
        texts = {
            # A single & would become a mnemonic.
            place.NextButton: (primary or _("Next")).replace("&", "&&"),
            place.CustomButton1: _("Stop here"),
            place.CustomButton2: _("Back"),
        }
        for which, text in texts.items():
            if self._wizard.buttonText(which) != text:
                self._wizard.setButtonText(which, text)

    def show_view(self, view: WizardView, _: Translator) -> None:
        """Show which buttons there are and what the primary one says and means."""
        self._show_primary(view.primary)
        self.show_words(_, _.say(view.primary.label))
        self.show_hint(_.say(view.primary.hint) if view.primary.hint else "")
        self.stop.setVisible(view.can_stop)
        self.back.setVisible(view.can_go_back)

    def _show_primary(self, primary: Primary) -> None:
        from client_app.core.view_state_types import Press
        from client_app.ui.props import set_role

        self.primary.is_wanted = primary.visible
        self.primary.setVisible(primary.visible)
        self.primary.setEnabled(primary.enabled)
        # Enter goes on where going on can be taken back, and nowhere else.
        self.primary.setAutoDefault(primary.press is Press.NEXT)
        role = "danger" if primary.press is Press.END else "primary"
        set_role(self.primary, "" if primary.is_second else role)

    def show_hint(self, hint: str) -> None:
        """Say beside the primary button, where there is room, why it is not alive."""
        self.primary.setAccessibleDescription(hint)
        shown = "" if self.is_compact else hint
        if shown:
            place_hint(self._wizard)
        set_text(self.hint, shown)

    def shown_label(self) -> str:
        """Return the primary button's label as a person reads it."""
        return self.primary.text().replace("&&", "&")
