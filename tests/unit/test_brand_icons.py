"""Icons are one family, follow the theme's colour, and can be drawn by Qt; the PNG is that of the SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

import resources

STEPS = ("caller", "details", "terms", "computer", "order", "help", "finish")
SIGNS = ("check", "warning", "error", "info", "print", "save", "phone", "stop", "clock", "person", "lock",
         "trash", "external")  # fmt: skip
ICONS = (*(f"step_{name}" for name in STEPS), *SIGNS)
PICTURES = (*ICONS, "app")


def drawn(svg: bytes, size: int) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def inked(image: QImage) -> list[tuple[int, int]]:
    """The places of all pixels that are not white."""
    white = QColor("white").rgb()
    return [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != white]


def test_every_icon_is_there_and_no_other() -> None:
    found = {path.stem for path in resources.path("icons").glob("*.svg")}
    assert found == set(PICTURES)


@pytest.mark.parametrize("name", ICONS)
def test_icon_belongs_to_the_family(name: str) -> None:
    text = resources.path(f"icons/{name}.svg").read_text(encoding="ascii")
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke"), root.get("stroke-width"), root.get("fill")) == ("currentColor", "2", "none")
    assert (root.get("stroke-linecap"), root.get("stroke-linejoin")) == ("round", "round")
    inner = text.split(">", 1)[1]
    assert not re.search(r"fill|stroke|style|class|<text|href|script|#", inner)
    assert len(text) < 1000


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ICONS)
def test_icon_takes_the_colour_and_stays_inside(name: str) -> None:
    svg = resources.path(f"icons/{name}.svg").read_bytes()
    places = inked(drawn(svg, 48))
    assert 48 * 48 * 0.03 < len(places) < 48 * 48 * 0.6
    assert all(0 < x < 47 and 0 < y < 47 for x, y in places)  # nothing is cut off at the edge
    red = drawn(svg.replace(b"currentColor", b"#ff0000"), 48)
    colours = {red.pixel(x, y) & 0xFFFFFF for x, y in inked(red)}
    assert 0xFF0000 in colours
    assert all(colour >> 16 == 0xFF and (colour >> 8) & 0xFF == colour & 0xFF for colour in colours)


@pytest.mark.usefixtures("qapp")
def test_icons_differ() -> None:
    images = [drawn(resources.path(f"icons/{name}.svg").read_bytes(), 32) for name in ICONS]
    assert all(a != b for i, a in enumerate(images) for b in images[:i])


@pytest.mark.usefixtures("qapp")
def test_png_is_drawn_from_the_svg() -> None:
    png = QImage(str(resources.path("icons/app.png")))
    assert (png.width(), png.height()) == (256, 256)
    canvas = QImage(256, 256, QImage.Format.Format_ARGB32)
    canvas.fill(QColor("white"))
    painter = QPainter(canvas)
    painter.drawImage(0, 0, png)
    painter.end()
    fresh = drawn(resources.path("icons/app.svg").read_bytes(), 256)
    apart = sum(
        abs(canvas.pixelColor(x, y).lightness() - fresh.pixelColor(x, y).lightness())
        for x in range(0, 256, 4)
        for y in range(0, 256, 4)
    )
    assert apart / 64**2 < 1, "run: python -m resources.render_icon"
    assert resources.path("icons/app.png").stat().st_size < 40_000


@pytest.mark.usefixtures("qapp")
def test_picture_of_the_question_shows_a_green_button_and_no_words() -> None:
    svg = resources.path("illustrations/anydesk_accept.svg").read_bytes()
    assert b"<text" not in svg  # one picture for every language
    image = drawn(svg, 500)
    assert any(
        image.pixelColor(x, y) == QColor("#2e8b57") for x in range(0, 500, 5) for y in range(0, 500, 5)
    )


def test_no_picture_refers_to_anything_outside() -> None:
    pictures: list[Path] = [
        *resources.path("icons").glob("*.svg"),
        *resources.path("illustrations").glob("*.svg"),
    ]
    for path in pictures:
        text = path.read_text(encoding="ascii")
        assert not re.search(r"<!ENTITY|<script|(href|src)=|@import|data:", text), path
