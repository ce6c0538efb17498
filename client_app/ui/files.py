"""Asks where a file shall go, with the system's own dialog and without blocking the window."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[str], None]


class FileChooser(Protocol):
    """Asks for a place; `done` is called with a path, or not at all when the customer gives up."""

    def save(self, parent: QWidget, title: str, name: str, pattern: str, done: Chosen) -> None:
        """Ask for a file to write; `name` is suggested, `pattern` like `PDF (*.pdf)`."""
        ...

    def folder(self, parent: QWidget, title: str, done: Chosen) -> None:
        """Ask for a folder."""
        ...


class SystemFileChooser:
    """The dialogs of the system."""

    def save(self, parent: QWidget, title: str, name: str, pattern: str, done: Chosen) -> None:
        """Ask for a file to write."""
        dialog = QFileDialog(parent, title, _start_folder(), pattern)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(name.rpartition(".")[2])
        dialog.selectFile(name)
        self._open(dialog, done)

    def folder(self, parent: QWidget, title: str, done: Chosen) -> None:
        """Ask for a folder."""
        dialog = QFileDialog(parent, title, _start_folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, done)

    def _open(self, dialog: QFileDialog, done: Chosen) -> None:
        dialog.fileSelected.connect(lambda path: done(QDir.toNativeSeparators(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def safe_name(title: str, ending: str) -> str:
    """Return a file name that every system takes, made of a title."""
    kept = re.sub(r"[^\w \-]", "", title).strip()[:60] or "dokument"
    return f"{kept}.{ending}"


def _start_folder() -> str:
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return QStandardPaths.writableLocation(place) or QDir.homePath()
