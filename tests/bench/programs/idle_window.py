"""The floor of a session: a bare PySide6 window that does nothing and tells on request what that costs."""

import sys

from PySide6.QtWidgets import QApplication, QLabel

from tests.bench.programs import talk

if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    window = QLabel("Hello")
    window.show()
    ears = talk.listen(lambda _message: talk.say_usage())
    talk.say(ready=True)
    sys.exit(application.exec())
