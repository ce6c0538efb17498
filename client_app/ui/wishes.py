"""What people may want on any page: back, stop, another language, larger text, "this is not them", the end.

Made before the first paint, so the events are imported when something is wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_app.ui.theme import TEXT_SCALES

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard


class Wishes:
    """Turns presses into events of the flow or into questions in the window."""

    def __init__(self, wizard: HelpWizard) -> None:
        self._wizard = wizard

    def go_back(self) -> None:
        """One page back; the flow decides which."""
        from client_app.core import events as ev

        self._wizard.report_reading()
        self._wizard.intent.emit(ev.BackPressed())

    def change_language(self, language: str) -> None:
        """Another language, at any time."""
        from client_app.core import events as ev

        self._wizard.intent.emit(ev.LanguageChosen(language))

    def end(self) -> None:
        """End the help now."""
        from client_app.core import events as ev

        self._wizard.intent.emit(ev.EndPressed())

    def stop(self) -> None:
        """Refuse or finish later, after a question."""
        from client_app.ui import questions

        questions.ask_stop(self._wizard)

    def say_not_them(self) -> None:
        """End everything, after a question; or see whom to call."""
        from client_app.ui import questions

        questions.ask_not_them(self._wizard)

    def enlarge_text(self) -> None:
        """The next text size; after the largest the normal one again."""
        tokens = self._wizard.tokens
        place = TEXT_SCALES.index(tokens.scale) if tokens.scale in TEXT_SCALES else 0
        self._wizard.apply_look(tokens.scheme, TEXT_SCALES[(place + 1) % len(TEXT_SCALES)])
