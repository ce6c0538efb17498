"""What of the files that PyInstaller collects goes into the program: the closure of what is used, and nothing else.

Rules: Qt plugins are named one by one; a library stays only because something that stays needs it; libraries that
belong to the customer's desktop (X11, fonts, the C++ run time) come from there, because two copies of them disagree.
Everything here is a pure function over PyInstaller's lists, so that it is tested without freezing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence

Entry = tuple[str, str, str]
"""One line of a PyInstaller list: place in the program, source file (for a link its target), type code."""

LINK = "SYMLINK"

EXCLUDED_MODULES = (
    # Parts of Python that only tests, tools or other programs use.
    "tkinter", "unittest", "doctest", "test", "lib2to3", "idlelib", "ensurepip", "venv", "setuptools", "pip",
    "distutils", "pdb", "bdb", "turtle", "curses", "readline", "multiprocessing", "asyncio", "xmlrpc",
    "imaplib", "smtplib", "ftplib", "telnetlib", "nntplib", "cProfile", "pstats", "profile", "trace", "tracemalloc",
    "socketserver", "http.server", "webbrowser",
    "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec",
    # Parts of Qt that no page uses.
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets",
    "PySide6.QtDesigner", "PySide6.QtTest", "PySide6.QtSql", "PySide6.QtXml", "PySide6.QtHelp", "PySide6.QtUiTools",
    # Offered by libraries that we use, never used by us.
    "yaml", "tomli_w", "numpy", "socks", "brotli", "zstandard", "simplejson", "lxml", "zeep", "suds", "OpenSSL",
    "cryptography", "PIL", "certifi.__main__",
    # Never shipped with the client.
    "consent_backend", "demo", "tests", "tools", "installer",
)  # fmt: skip

QT_TRANSLATIONS = re.compile(r"/translations/qtbase_(pl|en)\.qm$")

_ROOTS = re.compile(
    r"""
    ^libpython | ^python3[^/]*\.dll$                               # the interpreter
    | (^|/)lib-dynload/                                            # its modules that the analysis asked for
    | ^(?!PySide6/Qt/|PySide6/plugins/)[^/]+/.*\.(so|pyd)$         # modules of libraries, bindings of Qt
    | ^[^/]+\.(cpython|abi3|cp3)[^/]*\.(so|pyd)$
    | ^(libpyside6|libshiboken6|pyside6|shiboken6)[^/]*$
    | plugins/platforms/(lib)?q(xcb|offscreen|windows|cocoa)\.
    | plugins/platforminputcontexts/lib(compose|ibus)platforminputcontextplugin\.
    | plugins/imageformats/(lib)?qjpeg\.                           # photos of technicians
    | plugins/imageformats/(lib)?qsvg\.                            # a company's logo
    | plugins/printsupport/
    | plugins/styles/
    """,
    re.VERBOSE,
)

# Every desktop with X11 has these, in the version that fits its graphics driver, its fonts and its configuration.
DESKTOP_LIBRARIES = re.compile(
    r"lib(X11|X11-xcb|xcb|EGL|GL|GLX|OpenGL|GLdispatch|fontconfig|freetype|expat|stdc\+\+|gcc_s|z|ICE|SM|uuid"
    r"|dbus-1|systemd|cups)\.so(\.[0-9.]+)?$"
)

_DROPPED_DATA = re.compile(
    r"\.pyi$|\.dist-info/|/(glue|typesystems|include|metatypes|mkspecs|qml|resources)/|^stdnum/.*\.dat$"
)


def kept_binaries(collected: Iterable[Entry], needed_by: Callable[[str], Sequence[str]]) -> list[Entry]:
    """Return the binaries that are used, in the order given.

    Args:
        collected: PyInstaller's list of binaries.
        needed_by: returns the file names of the libraries that the file at a path is linked to.
    """
    entries = list(collected)
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(os.path.basename(entry[0]), []).append(entry)
    kept: set[str] = set()
    waiting = [entry for entry in entries if _ROOTS.search(_posix(entry[0]))]
    while waiting:
        place, source, code = waiting.pop()
        name = os.path.basename(place)
        if place in kept or DESKTOP_LIBRARIES.fullmatch(name):
            continue
        kept.add(place)
        names = [os.path.basename(source)] if code == LINK else needed_by(source)
        waiting += [entry for needed in names for entry in by_name.get(needed, ())]
    return [entry for entry in entries if entry[0] in kept]


def kept_data(collected: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """Return the data files that are used: of Qt's translations only our languages, no stubs, no package metadata.

    Links to libraries stay when the library does.
    """
    names = {os.path.basename(place) for place, _, _ in binaries}
    return [entry for entry in collected if _is_kept_data(entry, names)]


def _is_kept_data(entry: Entry, libraries: set[str]) -> bool:
    place = _posix(entry[0])
    if entry[2] == LINK:
        return os.path.basename(entry[1]) in libraries
    if "/translations/" in place:
        return QT_TRANSLATIONS.search(place) is not None
    return not _DROPPED_DATA.search(place)


def _posix(place: str) -> str:
    return place.replace("\\", "/")
