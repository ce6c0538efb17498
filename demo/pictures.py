"""`make pictures`: every page x language x colours x size, photographed into build/pictures, with an index page.

Each size is a process of its own, because Qt reads the scale of the screen once.
"""

import argparse
import html
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "pictures"
LANGUAGES = ("pl", "en")
SCHEMES = ("light", "dark", "contrast")
SIZES = {"100": (1080, 690, "1"), "200": (640, 360, "2")}
"""Logical width and height, and Qt's scale: 200 is a screen of 1280x800 at 200 % less its task bar."""
SCREEN = {"width": 1280, "height": 720}
"""The invented screen less its task bar; Qt's own offscreen one is 800x800, which no computer has."""
LIMIT_SECONDS = 600


def photograph(widget: QWidget, path: Path) -> None:
    """Save a picture of a widget as it looks now.

    Raises:
        OSError: the picture could not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(path)):
        raise OSError(f"the picture {path} could not be saved")


def settle(application: QApplication, done: Callable[[], bool], seconds: float = 5.0) -> None:
    """Let the windows live until something is true.

    Raises:
        TimeoutError: it did not become true in time.
    """
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("the window did not come to rest")
        application.processEvents()


def main() -> int:
    """Photograph everything, or with --size only one size in this process."""
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--size", choices=tuple(SIZES))
    parser.add_argument("--only", default="", help="scenes whose name begins so")
    parser.add_argument("--scheme", choices=SCHEMES, action="append")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    options = parser.parse_args()
    schemes, languages = options.scheme or SCHEMES, options.language or LANGUAGES
    if options.size:
        count = _photograph_size(options.size, options.only, schemes, languages)
        print(f"{count} pictures at {options.size} %")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        platform = _offscreen(Path(scratch))
        for size, (_width, _height, scale) in SIZES.items():
            environment = {**os.environ, "QT_QPA_PLATFORM": platform, "QT_SCALE_FACTOR": scale}
            command = [sys.executable, "-m", "demo.pictures", *sys.argv[1:], "--size", size]
            done = subprocess.run(command, env=environment, cwd=ROOT, timeout=LIMIT_SECONDS, check=False)
            if done.returncode:
                return done.returncode
    print(_write_index().relative_to(ROOT))
    return 0


def _offscreen(folder: Path) -> str:
    """Return Qt's offscreen platform with a screen as customers have it; its size fits both scales."""
    screen = {"name": "screen", "x": 0, "y": 0, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1, **SCREEN}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={file}"


def _photograph_size(size: str, only: str, schemes: tuple[str, ...], languages: tuple[str, ...]) -> int:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    count = 0
    with tempfile.TemporaryDirectory() as scratch:
        for language in languages:
            for scheme in schemes:
                for name, widget in _widgets(application, Path(scratch), size, language, scheme, only):
                    photograph(widget, FOLDER / size / scheme / language / f"{name}.png")
                    count += 1
    return count


def _widgets(
    application: QApplication, folder: Path, size: str, language: str, scheme: str, only: str
) -> Iterator[tuple[str, QWidget]]:
    from client_app.ui.i18n import Translator
    from client_app.ui.theme import Scheme
    from client_app.ui.wizard import HelpWizard
    from demo.scenes import example_brand, scenes

    brand = example_brand(folder)
    width, height, _scale = SIZES[size]
    wizard = HelpWizard(brand, Translator(language))
    wizard.resize(width, height)
    wizard.show()
    settle(application, lambda: wizard.is_at_rest)
    wizard.apply_look(Scheme(scheme), 1.0, contrast_palette() if scheme == "contrast" else None)
    for name, scene in scenes(folder, brand, language).items():
        if not name.startswith(only):
            continue
        wizard.render(scene.session)
        if scene.then is not None:
            scene.then(wizard)
        for _turn in range(3):
            application.processEvents()
        yield name, wizard
        if wizard.panel is not None and wizard.panel.isVisible():
            settle(application, lambda: wizard.panel is not None and wizard.panel.question.is_alive)
            yield f"{name}_panel", wizard.panel
        wizard.close_overlay()
    wizard.leave()
    wizard.deleteLater()
    application.processEvents()


def contrast_palette() -> QPalette:
    """Return colours like those of a high-contrast theme of Windows: yellow and white on black."""
    palette = QPalette()
    role = QPalette.ColorRole
    black, white, yellow, blue = (QColor(name) for name in ("#000000", "#ffffff", "#ffff00", "#1aebff"))
    for wanted, colour in (
        (role.Window, black),
        (role.Base, black),
        (role.Button, black),
        (role.WindowText, white),
        (role.Text, white),
        (role.ButtonText, yellow),
        (role.Highlight, blue),
        (role.HighlightedText, black),
    ):
        palette.setColor(wanted, colour)
    palette.setColor(QPalette.ColorGroup.Disabled, role.WindowText, QColor("#3ff23f"))
    return palette


def _write_index() -> Path:
    rows = []
    for picture in sorted(FOLDER.glob("*/*/*/*.png")):
        place = picture.relative_to(FOLDER).as_posix()
        name = html.escape(place)
        rows.append(
            f'<figure><img loading="lazy" src="{name}" alt="{name}"><figcaption>{name}</figcaption></figure>'
        )
    style = "body{font:16px sans-serif}figure{margin:2em 0}img{max-width:100%;border:1px solid #999}"
    index = FOLDER / "index.html"
    page = f'<!doctype html><meta charset="utf-8"><title>Pictures</title><style>{style}</style>' + "".join(
        rows
    )
    index.write_text(page, encoding="utf-8")
    return index


if __name__ == "__main__":
    sys.exit(main())
