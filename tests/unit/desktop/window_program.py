"""A window of another process: prints when it stands, then the origin of each press, until its input is closed."""

from __future__ import annotations

import os
import sys
import threading

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from client_app.platforms.desktop import desktop
from client_app.workers.desktop_input import InputOrigins, device_name


def main() -> int:
    application = QApplication(sys.argv[:1])
    messages = desktop(device_name).input
    assert messages is not None
    origins = InputOrigins(messages)
    origins.install()
    button = QPushButton("press")
    button.setGeometry(100, 120, 300, 200)

    def tell(text: str) -> None:
        print(text, flush=True)

    button.clicked.connect(lambda: tell(f"pressed {origins.memory.origin().value}"))
    button.show()
    button.activateWindow()
    QTimer.singleShot(300, lambda: tell(f"stands {os.getpid()} {int(button.winId())}"))

    def end_with_input() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=end_with_input, daemon=True).start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
