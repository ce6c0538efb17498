"""Where the session panel stands: never on AnyDesk's windows while there is room, else where it covers the least.

Rule: the panel moves only when it would cover something that the customer must see, or is off the screen; where the
customer put it, it stays otherwise, and it goes back there when there is room again. Pure; all in one unit.
"""

from __future__ import annotations

import enum

from client_app.core.desktop import Rect

MARGIN = 16
"""Room between the panel and the edge of the screen or another window."""


class Corner(enum.Enum):
    """Corners of a screen in the order in which they are tried: AnyDesk itself opens low on the right."""

    TOP_RIGHT = "top_right"
    TOP_LEFT = "top_left"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_RIGHT = "bottom_right"


def in_corner(corner: Corner, screen: Rect, width: int, height: int) -> Rect:
    """Return a panel of this size in a corner; in one that is too small it begins at the screen's left and top."""
    is_left = corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT)
    is_top = corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT)
    left = screen.left + MARGIN if is_left else screen.right - width - MARGIN
    top = screen.top + MARGIN if is_top else screen.bottom - height - MARGIN
    return kept_inside(Rect(left, top, width, height), screen)


def kept_inside(panel: Rect, screen: Rect) -> Rect:
    """Return the nearest place at which a panel is wholly on the screen, as far as it fits."""
    left = max(screen.left, min(panel.left, screen.right - panel.width))
    top = max(screen.top, min(panel.top, screen.bottom - panel.height))
    return Rect(left, top, panel.width, panel.height)


def placed(
    wanted: Rect, screen: Rect, windows: tuple[Rect, ...], preferred: Corner = Corner.TOP_RIGHT
) -> Rect:
    """Return where the panel shall stand.

    Args:
        wanted: where it stands or where the customer put it, with the size it needs.
        screen: the part of the screen that is free of task bars.
        windows: what must not be covered.
        preferred: corner that is tried first.

    Returns:
        `wanted`, kept inside the screen, if it covers nothing; else the nearest of all tried places that covers
        nothing; else the one that covers the least.
    """
    here = kept_inside(wanted, screen)
    if _covered(here, windows) == 0:
        return here
    tried = [place for place in _candidates(here, screen, windows, preferred) if screen.holds(place)]
    free = [place for place in tried if _covered(place, windows) == 0]
    if free:
        corners = [place for place in free if place in _corners(here, screen, preferred)]
        return corners[0] if corners else min(free, key=lambda place: _distance(place, here))
    return min([*tried, here], key=lambda place: _covered(place, windows))


def _candidates(here: Rect, screen: Rect, windows: tuple[Rect, ...], preferred: Corner) -> list[Rect]:
    """Return the corners, then the places that touch a window's or the screen's edge: if any is free, one of these."""
    width, height = here.width, here.height
    columns = {screen.left, screen.right - width, here.left}
    rows = {screen.top, screen.bottom - height, here.top}
    for window in windows:
        columns |= {window.left - width, window.right}
        rows |= {window.top - height, window.bottom}
    beside = [Rect(left, top, width, height) for left in sorted(columns) for top in sorted(rows)]
    return [*_corners(here, screen, preferred), *beside]


def _corners(here: Rect, screen: Rect, preferred: Corner) -> list[Rect]:
    order = [preferred, *(corner for corner in Corner if corner is not preferred)]
    return [in_corner(corner, screen, here.width, here.height) for corner in order]


def _covered(panel: Rect, windows: tuple[Rect, ...]) -> int:
    area = 0
    for window in windows:
        width = min(panel.right, window.right) - max(panel.left, window.left)
        height = min(panel.bottom, window.bottom) - max(panel.top, window.top)
        area += width * height if width > 0 and height > 0 else 0
    return area


def _distance(place: Rect, here: Rect) -> int:
    return abs(place.left - here.left) + abs(place.top - here.top)


# --- pixels -------------------------------------------------------------------------------------------------------


def to_logical(window: Rect, screens: tuple[tuple[Rect, float], ...]) -> Rect:
    """Return a rectangle of the screen's own pixels in the toolkit's scaled ones.

    Args:
        window: in the screen's own pixels.
        screens: of each screen its place in the toolkit's pixels (whose left and top are not scaled) and its scale.
    """
    for place, scale in screens:
        own = Rect(place.left, place.top, round(place.width * scale), round(place.height * scale))
        if own.covers(window):
            left = place.left + int((window.left - place.left) // scale)
            top = place.top + int((window.top - place.top) // scale)
            # Rounded outwards: a window may seem a pixel larger, never smaller.
            right = place.left + int(-((place.left - window.right) // scale))
            bottom = place.top + int(-((place.top - window.bottom) // scale))
            return Rect(left, top, right - left, bottom - top)
    return window
