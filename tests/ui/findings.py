"""Looks over a window as a strict reader would: what is cut off, too small, without a name, out of order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTextBrowser,
    QWidget,
)

from client_app.ui.props import ZERO_WIDTH_SPACE
from client_app.ui.widgets.choice import ChoiceButton

TARGET = 44
"""Smallest side of what is clicked, in logical pixels (WCAG 2.2, 2.5.5)."""

SLACK = 1


def findings(window: QWidget) -> list[str]:
    """Return what is wrong with a window as it is shown now, one sentence each."""
    found: list[str] = []
    for widget in _visible(window):
        found += _clipped(widget, window)
        found += _nameless(widget)
        found += _too_small(widget)
    return found


def horizontally_scrolling(window: QWidget) -> list[str]:
    """Return the areas that would have to be scrolled sideways."""
    return [
        f"{area.objectName()} scrolls sideways by {area.horizontalScrollBar().maximum()} px"
        for area in window.findChildren(QAbstractScrollArea)
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0
    ]


def focus_ring(window: QWidget, limit: int = 200) -> list[QWidget]:
    """Return what Tab reaches, in order, beginning with the first in the chain."""
    ring: list[QWidget] = []
    widget: QWidget | None = window.nextInFocusChain()
    for _step in range(limit):
        if widget is None or widget is window:
            break
        takes = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
        if widget.isVisible() and widget.isEnabled() and takes and window.isAncestorOf(widget):
            ring.append(widget)
        widget = widget.nextInFocusChain()
    return ring


def out_of_order(ring: list[QWidget], inside: QWidget) -> list[str]:
    """Return the jumps back up in the part of a ring that lies inside a widget (reading order)."""
    places = [(w.objectName(), w.mapTo(inside, QPoint(0, 0))) for w in ring if inside.isAncestorOf(w)]
    found = []
    for (first, above), (second, below) in pairwise(places):
        same_row = abs(above.y() - below.y()) < TARGET
        if (same_row and below.x() + SLACK < above.x()) or (not same_row and below.y() < above.y()):
            found.append(f"Tab goes from {first} back to {second}")
    return found


def _visible(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not isinstance(widget, QScrollBar) and not _is_inner(widget):
            yield widget


def _is_inner(widget: QWidget) -> bool:
    """Tell whether a widget is a part that Qt makes of another one (the line of a date field, a viewport)."""
    return isinstance(widget.parentWidget(), QAbstractSpinBox) or widget.objectName().startswith("qt_")


def _clipped(widget: QWidget, window: QWidget) -> list[str]:
    name = widget.objectName() or type(widget).__name__
    if isinstance(widget, QLabel) and widget.text():
        return [*_clipped_label(widget, name), *_outside(widget, window, name)]
    if isinstance(widget, ChoiceButton | QCheckBox):
        wanted = widget.heightForWidth(widget.width())
        cut = (
            [f"{name} needs {wanted} px and has {widget.height()}"]
            if wanted > widget.height() + SLACK
            else []
        )
        return [*cut, *_outside(widget, window, name)]
    if isinstance(widget, QPushButton) and widget.text():
        wanted = widget.sizeHint().width()
        cut = [f"{name} is {widget.width()} px wide for {wanted}"] if wanted > widget.width() + SLACK else []
        return [*cut, *_outside(widget, window, name)]
    return []


def _clipped_label(label: QLabel, name: str) -> list[str]:
    room = label.contentsRect().width()
    metrics = QFontMetrics(label.font())
    words = label.text().replace(ZERO_WIDTH_SPACE, " ").split()
    widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
    found = []
    if label.wordWrap():
        if widest > room + SLACK:
            found.append(f"{name}: a word of {widest} px in {room}: {label.text()!r}")
        if label.heightForWidth(label.width()) > label.height() + SLACK:
            found.append(f"{name} needs {label.heightForWidth(label.width())} px and has {label.height()}")
    elif label.sizeHint().width() > label.width() + SLACK:
        found.append(f"{name} is {label.width()} px wide for {label.sizeHint().width()}: {label.text()!r}")
    return found


def _outside(widget: QWidget, window: QWidget, name: str) -> list[str]:
    """What no scrolling can bring into view."""
    holder = widget.parentWidget()
    frame: QWidget = window
    while holder is not None and holder is not window:
        if isinstance(holder.parentWidget(), QWidget) and isinstance(_area_of(holder), QScrollArea):
            frame = holder
            break
        holder = holder.parentWidget()
    place = QRect(widget.mapTo(frame, QPoint(0, 0)), widget.size())
    room = frame.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK)
    return [] if room.contains(place) else [f"{name} sticks out: {place} of {room}"]


def _area_of(content: QWidget) -> QWidget | None:
    viewport = content.parentWidget()
    area = viewport.parentWidget() if viewport is not None else None
    return area if isinstance(area, QScrollArea) and area.widget() is content else None


def _nameless(widget: QWidget) -> list[str]:
    if not isinstance(widget, QAbstractButton | QLineEdit | QAbstractSpinBox | QTextBrowser | QScrollArea):
        return []
    found = []
    if not widget.objectName():
        found.append(f"a {type(widget).__name__} has no objectName")
    spoken = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
    if not spoken.strip() and not (
        isinstance(widget, QScrollArea) and widget.focusPolicy() == Qt.FocusPolicy.NoFocus
    ):
        found.append(f"{widget.objectName()} has no accessible name")
    return found


def _too_small(widget: QWidget) -> list[str]:
    if not isinstance(widget, QAbstractButton | QLineEdit | QAbstractSpinBox) or not widget.isEnabled():
        return []
    size = widget.size()
    if size.width() >= TARGET and size.height() >= TARGET:
        return []
    return [f"{widget.objectName()} is only {size.width()} x {size.height()} px"]
