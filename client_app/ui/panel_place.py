"""Puts the session panel where it covers nothing that the customer must see, and lets the customer put it elsewhere.

Rules: it looks at AnyDesk's windows when something changes and, once a second, only while somebody asks to connect.
Where the customer put it, it stays, unless it would cover AnyDesk's question; afterwards it goes back there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from client_app.core.desktop import Rect
from client_app.core.placement import Corner, in_corner, kept_inside, placed, to_logical

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QWidget

    from client_app.core.desktop import WindowsOfAnyDesk

LOOK_MS = 1000
EDGE = 4
STEP = 24
"""So many pixels one press of an arrow key moves the panel."""

_ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0),
    Qt.Key.Key_Right: (STEP, 0),
    Qt.Key.Key_Up: (0, -STEP),
    Qt.Key.Key_Down: (0, STEP),
}


class PanelPlacer(QObject):
    """Moves one panel."""

    def __init__(self, panel: QWidget, windows: WindowsOfAnyDesk | None = None) -> None:
        """Prepare.

        Args:
            panel: a window without frame.
            windows: where AnyDesk's windows are, in the screen's own pixels; None where nobody can tell.
        """
        super().__init__(panel)
        self._panel = panel
        self.windows = windows
        self._screen: QScreen | None = None
        self._home: QPoint | None = None
        self._is_held = self._is_moving = self._is_asked = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.settle)

    @property
    def can_see(self) -> bool:
        """Tell whether this system says where AnyDesk's windows are."""
        return self.windows is not None and self.windows() is not None

    def watch_question(self, is_asked: bool) -> None:
        """Look once a second while AnyDesk asks; its window comes a moment after its log says so."""
        self._is_asked = is_asked
        if not is_asked:
            self._timer.stop()
        elif self.windows is not None and not self._timer.isActive():
            self._timer.start()

    def rest(self) -> None:
        """Look at nothing any more."""
        self._timer.stop()

    def use(self, screen: QScreen) -> None:
        """Use this screen until the customer moves the panel to another one."""
        self._screen = screen

    def room(self) -> QSize:
        """Return how large the panel may be."""
        free = self._home_screen().availableGeometry()
        return QSize(free.width() - 2 * EDGE, free.height() - 2 * EDGE)

    def settle(self) -> None:
        """Move the panel if it covers something, or back if it need not stand aside any more."""
        screen = self._home_screen()
        area = _rect(screen.availableGeometry())
        width, height = self._panel.width(), self._panel.height()
        corner = self._corner()
        if self._home is None:
            wanted = in_corner(corner, area, width, height)
        else:
            wanted = kept_inside(Rect(self._home.x(), self._home.y(), width, height), area)
        place = placed(wanted, area, self._covered(), corner)
        if (place.left, place.top) != (self._panel.x(), self._panel.y()):
            self._move(QPoint(place.left, place.top))

    def hold(self) -> None:
        """Note that the customer has taken hold of the panel."""
        self._is_held = True

    def moved(self) -> None:
        """Note where the panel stands after a move that was not ours."""
        if self._is_held and not self._is_moving:
            self._home = self._panel.pos()

    def press_arrow(self, key: int) -> bool:
        """Move the panel by a step; False for a key that is no arrow."""
        step = _ARROWS.get(Qt.Key(key))
        if step is None:
            return False
        self._home = self._panel.pos() + QPoint(*step)
        self.settle()
        self._home = self._panel.pos()
        return True

    def _corner(self) -> Corner:
        # Where nobody can tell, the panel leaves the side on which AnyDesk's question usually opens.
        is_blind = self._is_asked and not self.can_see
        return Corner.TOP_LEFT if is_blind else Corner.TOP_RIGHT

    def _covered(self) -> tuple[Rect, ...]:
        seen = self.windows() if self.windows is not None else None
        screens = tuple(
            (_rect(screen.geometry()), screen.devicePixelRatio()) for screen in QGuiApplication.screens()
        )
        return tuple(to_logical(window, screens) for window in seen or ())

    def _home_screen(self) -> QScreen:
        at = QGuiApplication.screenAt(self._home) if self._home is not None else None
        return at or self._screen or QGuiApplication.primaryScreen()

    def _move(self, place: QPoint) -> None:
        self._is_moving, self._is_held = True, False
        try:
            self._panel.move(place)
        finally:
            self._is_moving = False


def _rect(found: QRect) -> Rect:
    return Rect(found.x(), found.y(), found.width(), found.height())
