"""A window of another process: prints when it stands, then the origin of each press, until its input is closed.

It listens to keys as in a session after a line "session" in its input, and not after a line "none". To a line "focus"
it answers once it has the keyboard.
"""

from __future__ import annotations

import os
import sys
import threading

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from client_app.platforms.desktop import desktop
from client_app.workers.desktop_input import InputOrigins, OriginMemory, device_name


class Wishes(QObject):
    """Lines of the input, on the window's thread."""

    came = Signal(str)


def main() -> int:
    application = QApplication(sys.argv[:1])
    system = desktop(device_name)
    keys = system.key_sources
    assert system.input is not None
    assert keys is not None
    origins = InputOrigins(system.input)
    origins.install()
    button = QPushButton("press")
    button.setGeometry(100, 120, 300, 200)

    def tell(text: str) -> None:
        print(text, flush=True)

    def follow(wish: str) -> None:
        if wish == "focus":
            if QGuiApplication.focusWindow() is None:
                QTimer.singleShot(10, lambda: follow(wish))
                return
            tell(wish)
            return
        origins.memory = OriginMemory()
        if wish == "session":
            keys.open(has_keyboard=QGuiApplication.focusWindow() is not None)
        else:
            keys.close()
        tell(wish)

    wishes = Wishes()
    wishes.came.connect(follow)
    button.clicked.connect(lambda: tell(f"pressed {origins.memory.origin().value}"))
    button.show()
    button.activateWindow()
    QTimer.singleShot(300, lambda: tell(f"stands {os.getpid()} {int(button.winId())}"))

    def end_with_input() -> None:
        for line in sys.stdin:
            wishes.came.emit(line.strip())
        os._exit(0)

    threading.Thread(target=end_with_input, daemon=True).start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
