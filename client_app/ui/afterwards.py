"""What the window does after its first paint, a small piece at a time, so that nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_app.ui import icons, theme

if TYPE_CHECKING:
    from client_app.ui.chores import Chore
    from client_app.ui.wizard import HelpWizard


def chores(wizard: HelpWizard) -> list[Chore]:
    """Return the pieces in order; each takes well under 50 ms."""
    return [
        lambda: _allow_minimising(wizard),
        lambda: _show_icons(wizard),
        lambda: _follow_system(wizard),
        wizard.translator.install_qt,
        _load_types,
        *[lambda page=page: _prepare(wizard, page) for page in range(1, 8)],
    ]


def _allow_minimising(wizard: HelpWizard) -> None:
    # A dialog has no button to make it small, and the customer needs the screen. The flags cannot be set before
    # the first paint (props.py says why), and setting them on the widget later would hide the window for a moment.
    from PySide6.QtCore import Qt

    flags = (
        Qt.WindowType.Window
        | Qt.WindowType.WindowTitleHint
        | Qt.WindowType.WindowSystemMenuHint
        | Qt.WindowType.WindowMinMaxButtonsHint
        | Qt.WindowType.WindowCloseButtonHint
    )
    wizard.overrideWindowFlags(flags)
    handle = wizard.windowHandle()
    if handle is not None:
        handle.setFlags(flags)


def _show_icons(wizard: HelpWizard) -> None:
    icons.show_icons()
    for spot in wizard.findChildren(icons.IconSpot):
        spot.update()


def _follow_system(wizard: HelpWizard) -> None:
    from PySide6.QtGui import QGuiApplication

    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(lambda _scheme: adopt_system_look(wizard))
    hints.accessibility().contrastPreferenceChanged.connect(lambda _preference: adopt_system_look(wizard))
    adopt_system_look(wizard)


def adopt_system_look(wizard: HelpWizard) -> None:
    """Take the system's colours: high contrast first, else light or dark."""
    from PySide6.QtGui import QGuiApplication

    palette = QGuiApplication.palette()
    scheme = theme.Scheme.CONTRAST if theme.wants_contrast() else theme.scheme_of(palette)
    if scheme is not wizard.tokens.scheme:
        wizard.apply_look(scheme, wizard.tokens.scale)


def _load_types() -> None:
    import client_app.core.view_state  # noqa: F401 - so that the first answer to a click is quick


def _prepare(wizard: HelpWizard, page_id: int) -> None:
    wizard.page_of(page_id)
