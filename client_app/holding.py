"""Loads what the frozen program may still need, before removal deletes the files that it would be loaded from.

A frozen program reads its modules, libraries and pictures when they are first used. After its own removal the window is
still there, with a page to read and buttons to press, and PyInstaller ends a program that wants to load anything then.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil

import resources

_log = logging.getLogger(__name__)

PACKAGES = ("client_app", "consent_record")
"""Every module of these."""

LATE = (
    "_strptime", "encodings.idna", "PySide6.QtNetwork", "PySide6.QtPrintSupport", "PySide6.QtSvg", "platformdirs",
    "grp", "platformdirs.unix", "psutil", "segno", "segno.writers", "stdnum.pl.nip", "truststore",
)  # fmt: skip
"""Modules that are imported inside functions, here or in the standard library; a test finds those that are missing."""

_ENTRY = "client_app.__main__"


def hold_program() -> None:
    """Import every module of the program, read every picture, style and catalogue; quick, since most are there."""
    names = [name for package in PACKAGES for name in _modules(package)]
    for name in (*names, *LATE):
        try:
            importlib.import_module(name)
        except ImportError:
            # What this system does not have is not asked for on this system either.
            _log.info("module_not_held")
    resources.hold()
    from client_app.ui.i18n import LANGUAGES, catalogue

    for language in LANGUAGES:
        catalogue(resources.path("locale"), language)


def _modules(package: str) -> list[str]:
    folder = importlib.import_module(package).__path__
    return [info.name for info in pkgutil.walk_packages(folder, f"{package}.") if info.name != _ENTRY]
