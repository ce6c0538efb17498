"""Attacks by text that is shown: pictures that would be read from a path, markup, names that pretend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from client_app.ui import markdown
from client_app.ui.props import label


@pytest.fixture
def reader(qtbot: QtBot) -> QTextBrowser:
    """What documents are read in."""
    made = QTextBrowser()
    made.setOpenLinks(False)
    made.resize(400, 400)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A red picture of the customer's own."""
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    file = tmp_path / "mine.png"
    assert image.save(str(file))
    return file


PICTURES = (
    "![my words]({path})",
    "![my words](<{path}>)",
    "![my words](file://{path} \"title\")",
    "![my words][r]\n\n[r]: {path}",
    "![r]\n\n[r]: {path}",
    "![my *words* ![twice]({path})]({path})",
    "[![my words]({path})](https://example.com)",
    "- ![my words]({path})",
    "| a |\n|---|\n| ![my words]({path}) |",
    "# ![my words]({path})",
    "!!![my words]({path})",
    "<img src=\"{path}\">",
    "<p style=\"background-image: url({path})\">x</p>",
    "![my words](\\\n{path})",
)  # fmt: skip


@pytest.mark.parametrize("text", PICTURES)
def test_no_document_shows_a_picture(text: str, reader: QTextBrowser, picture: Path, qtbot: QtBot) -> None:
    markdown.fill(reader.document(), text.format(path=picture), 17, "#000000")
    with qtbot.waitExposed(reader):
        reader.show()
    shown = reader.grab().toImage()
    points = [(x, y) for x in range(0, shown.width(), 4) for y in range(0, shown.height(), 4)]
    colours = [QColor(shown.pixel(x, y)) for x, y in points]
    assert [c for c in colours if c.red() > 200 and c.green() < 60 and c.blue() < 60] == []
    assert "\ufffc" not in reader.toPlainText()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.timeout(20)
def test_a_path_that_never_answers_holds_nothing_up(
    reader: QTextBrowser, tmp_path: Path, qtbot: QtBot
) -> None:
    """Opening a pipe without a writer waits for ever; a share of another computer waits and tells who asks."""
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    markdown.fill(reader.document(), f"![x]({pipe})", 17, "#000000")
    with qtbot.waitExposed(reader):
        reader.show()
    assert "x" in reader.toPlainText()


def test_not_a_letter_of_a_text_is_lost() -> None:
    text = "Uwaga![1] Zobacz ![schemat](x.png).\n\n    kod ![a](b)\n"
    kept = QTextDocument()
    markdown.fill(kept, text, 17, "#000000")
    assert markdown.without_pictures(text).replace("\u200b", "") == text
    plain = kept.toPlainText().replace("\u200b", "")
    assert "Uwaga![1] Zobacz !schemat." in plain
    assert "kod ![a](b)" in plain


@pytest.mark.parametrize("text", ["<b>Anna</b>", "<img src='/etc/hostname'>", "<a href='x'>y</a>", "&lt;"])
def test_a_label_shows_what_it_is_given(text: str, qtbot: QtBot) -> None:
    made = label("text", "x", text)
    qtbot.addWidget(made)
    assert made.textFormat().value == 0
    assert made.text() == text
