"""Facts about every page x language x size: nothing cut off, nothing without a name, nothing too small to hit."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from client_app.core.config import Brand
from client_app.ui import theme
from client_app.ui.theme import Scheme, Tokens, contrast, tokens_for
from demo.pictures import contrast_palette
from demo.scenes import Scene
from tests.ui.conftest import SMALL, WIDE, MakeTable
from tests.ui.findings import findings, focus_ring, horizontally_scrolling, out_of_order

SIZES = {"wide": WIDE, "small": SMALL}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.timeout(180)
def test_every_page_can_be_read_and_used(
    language: str, size: str, make_table: MakeTable, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table = make_table(language, SIZES[size])
    problems: list[str] = []
    for name, scene in all_scenes[language].items():
        table.put(scene)
        table.live()
        found = [*findings(table.wizard), *horizontally_scrolling(table.wizard)]
        if table.wizard.panel is not None and table.wizard.panel.isVisible():
            found += findings(table.wizard.panel)
        if scene.then is None:
            found += out_of_order(focus_ring(table.wizard), table.wizard.current_page().body)
        problems += [f"{name}: {finding}" for finding in found]

    assert (table.wizard.width(), table.wizard.height()) == SIZES[size], "the window kept its size"
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("scale", theme.TEXT_SCALES[1:])
@pytest.mark.timeout(180)
def test_larger_text_cuts_nothing_off(
    scale: float, make_table: MakeTable, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table = make_table("pl", WIDE)
    table.wizard.apply_look(Scheme.LIGHT, scale)
    problems: list[str] = []
    for name, scene in all_scenes["pl"].items():
        table.put(scene)
        table.live()
        found = [*findings(table.wizard), *horizontally_scrolling(table.wizard)]
        problems += [f"{name}: {finding}" for finding in found]

    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    "name",
    ["caller_code", "caller_word", "details_consumer", "terms", "computer", "order_ticked", "help_waiting"],
)
def test_the_usual_path_needs_no_scrolling(
    name: str, make_table: MakeTable, all_scenes: dict[str, dict[str, Scene]]
) -> None:
    table = make_table("pl", WIDE)
    table.put(all_scenes["pl"][name])

    assert table.wizard.current_page().scroller.verticalScrollBar().maximum() == 0


def test_the_code_can_be_typed_on_a_small_window_without_scrolling(make_table: MakeTable) -> None:
    table = make_table("pl", SMALL)
    scroller = table.wizard.current_page().scroller
    field = table.find("code", type(table.wizard.current_page().code))  # type: ignore[attr-defined]  # the first page
    bottom = field.mapTo(scroller.viewport(), field.rect().bottomLeft()).y()

    assert bottom <= scroller.viewport().height()


def test_the_rail_becomes_one_line(make_table: MakeTable) -> None:
    table = make_table("pl", SMALL)
    assert table.sees("topline_step")
    assert not table.sees("rail")
    table.wizard.resize(*WIDE)
    table.live()

    assert table.sees("rail")
    assert not table.sees("topline_step")


# --- colours ------------------------------------------------------------------------------------------------------

TEXT_ON = [
    ("text", "window"),
    ("text", "surface"),
    ("text", "rail"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "rail"),
    ("accent_text", "accent"),
    ("text", "accent_soft"),
    ("text", "hover"),
    ("warn", "warn_soft"),
    ("text", "warn_soft"),
    ("good", "good_soft"),
    ("text", "good_soft"),
    ("bad", "window"),
    ("bad", "surface"),
    ("text", "bad_soft"),
    ("bad_text", "bad"),
]
EDGES_ON = [
    ("line", "surface"),
    ("line", "window"),
    ("accent", "surface"),
    ("focus", "window"),
    ("good", "rail"),
]


def all_tokens(brand: Brand) -> list[Tokens]:
    """Return the tokens of every scheme."""
    plain = QGuiApplication.palette()
    return [
        tokens_for(Scheme.LIGHT, brand.appearance, plain),
        tokens_for(Scheme.DARK, brand.appearance, plain),
        tokens_for(Scheme.CONTRAST, brand.appearance, contrast_palette()),
    ]


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.usefixtures("qapp")
def test_words_and_edges_can_be_told_from_the_ground(scheme: Scheme, example: Brand) -> None:
    tokens = next(found for found in all_tokens(example) if found.scheme is scheme)
    values = tokens._asdict()
    weak = [
        f"{ink} on {ground}: {contrast(values[ink], values[ground]):.2f}"
        for pairs, least in ((TEXT_ON, 4.5), (EDGES_ON, 3.0))
        for ink, ground in pairs
        if contrast(values[ink], values[ground]) < least
    ]

    assert not weak, "\n".join(weak)


@pytest.mark.usefixtures("qapp")
def test_high_contrast_adds_no_colour_of_ours(example: Brand) -> None:
    palette = contrast_palette()
    tokens = tokens_for(Scheme.CONTRAST, example.appearance, palette)
    groups = (QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled)
    theirs = {palette.color(group, role).name() for group in groups for role in ROLES}

    assert {value for value in tokens._asdict().values() if str(value).startswith("#")} <= theirs


ROLES = (
    QPalette.ColorRole.Window,
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Highlight,
    QPalette.ColorRole.HighlightedText,
)


@pytest.mark.parametrize(
    ("first", "second", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)]
)
def test_the_contrast_formula(first: str, second: str, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)


@pytest.mark.usefixtures("qapp")
def test_the_stylesheet_leaves_no_token_behind(example: Brand) -> None:
    for tokens in all_tokens(example):
        assert "@" not in theme.stylesheet(tokens)


@pytest.mark.usefixtures("qapp")
def test_light_is_told_from_dark() -> None:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, QColor("#202020"))
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#ffffff"))

    assert theme.scheme_of(palette) is Scheme.DARK


def test_colours_change_while_the_window_is_open(make_table: MakeTable) -> None:
    table = make_table()
    table.type("1234")
    table.wizard.apply_look(Scheme.DARK, 1.0)

    assert table.session.code == "1234"
    assert table.focus().objectName() == "code"
    assert table.wizard.tokens.scheme is Scheme.DARK
