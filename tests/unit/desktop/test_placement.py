"""The panel's place: it never covers AnyDesk while there is room, and moves for nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_app.core.desktop import Rect
from client_app.core.placement import Corner, in_corner, kept_inside, placed, to_logical

SCREEN = Rect(0, 0, 1280, 770)
PANEL = in_corner(Corner.TOP_RIGHT, SCREEN, 340, 260)


def rects(left: int, right: int, least: int, most: int) -> st.SearchStrategy[Rect]:
    return st.builds(
        Rect,
        st.integers(left, right),
        st.integers(left, right),
        st.integers(least, most),
        st.integers(least, most),
    )


screens = rects(-2000, 2000, 300, 4000)
panels = rects(-5000, 5000, 20, 280)
windows = st.lists(rects(-3000, 3000, 1, 3000), max_size=4).map(tuple)


def free_places(panel: Rect, screen: Rect, windows: tuple[Rect, ...], step: int) -> list[Rect]:
    """Return the places of a grid at which a panel would cover nothing: a slow, plain second opinion."""
    found = []
    for left in range(screen.left, screen.right - panel.width + 1, step):
        for top in range(screen.top, screen.bottom - panel.height + 1, step):
            place = Rect(left, top, panel.width, panel.height)
            if not any(place.covers(window) for window in windows):
                found.append(place)
    return found


@given(panels, screens, windows)
def test_it_is_always_whole_and_on_the_screen(panel: Rect, screen: Rect, windows: tuple[Rect, ...]) -> None:
    place = placed(panel, screen, windows)

    assert (place.width, place.height) == (panel.width, panel.height)
    assert screen.holds(place)


@given(panels, screens, windows)
def test_it_covers_nothing_wherever_there_is_room(
    panel: Rect, screen: Rect, windows: tuple[Rect, ...]
) -> None:
    place = placed(panel, screen, windows)
    if any(place.covers(window) for window in windows):
        assert not free_places(panel, screen, windows, step=97)


@given(panels, screens, windows)
def test_it_moves_only_when_it_would_cover(panel: Rect, screen: Rect, windows: tuple[Rect, ...]) -> None:
    here = kept_inside(panel, screen)
    if not any(here.covers(window) for window in windows):
        assert placed(panel, screen, windows) == here


@given(panels, screens, windows)
def test_having_moved_it_stays(panel: Rect, screen: Rect, windows: tuple[Rect, ...]) -> None:
    place = placed(panel, screen, windows)
    if not any(place.covers(window) for window in windows):
        assert placed(place, screen, windows) == place


def test_the_next_corner_is_preferred_to_the_nearest_gap() -> None:
    asking = Rect(700, 10, 570, 420)

    assert placed(PANEL, SCREEN, (asking,)) == in_corner(Corner.TOP_LEFT, SCREEN, 340, 260)


def test_a_gap_is_found_where_every_corner_is_taken() -> None:
    corners = tuple(in_corner(corner, SCREEN, 340, 260) for corner in Corner)
    place = placed(PANEL, SCREEN, corners)

    assert not any(place.covers(corner) for corner in corners)


def test_without_room_it_covers_as_little_as_it_can() -> None:
    asking = Rect(0, 100, 1280, 670)
    place = placed(PANEL, SCREEN, (asking,))

    assert place.top == 0


@given(rects(-2000, 4000, 1, 2000), st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0]))
def test_scaling_never_makes_a_window_smaller(window: Rect, scale: float) -> None:
    screen = Rect(0, 0, 3000, 3000)
    logical = to_logical(window, ((screen, scale),))
    if Rect(0, 0, round(3000 * scale), round(3000 * scale)).covers(window):
        assert logical.left * scale <= window.left
        assert logical.top * scale <= window.top
        assert logical.right * scale >= window.right
        assert logical.bottom * scale >= window.bottom
        assert logical.width * scale <= window.width + 2 * scale


@pytest.mark.parametrize(
    ("window", "wanted"),
    [
        (Rect(200, 100, 400, 200), Rect(100, 50, 200, 100)),
        (Rect(2560 + 100, 50, 300, 100), Rect(2560 + 100, 50, 300, 100)),
        (Rect(9000, 9000, 5, 5), Rect(9000, 9000, 5, 5)),
    ],
)
def test_each_screen_has_its_own_scale(window: Rect, wanted: Rect) -> None:
    # The first screen has 2560 x 1600 pixels of its own at 200 %.
    assert to_logical(window, ((Rect(0, 0, 1280, 800), 2.0), (Rect(2560, 0, 1920, 1080), 1.0))) == wanted
