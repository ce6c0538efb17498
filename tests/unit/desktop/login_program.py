"""A log-in service on a private bus, and what hears it: run under a bus of its own; prints each state of the screen.

Commands on its input, one a line: `lock`, `unlock`, `away`, `back`, `saver on`, `saver off`, `shutdown`, `end`.
"""

from __future__ import annotations

import os
import sys
import threading

from PySide6.QtCore import QObject, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusObjectPath, QDBusVariant, QDBusVirtualObject
from PySide6.QtGui import QGuiApplication

from client_app.platforms import System
from client_app.platforms.desktop import desktop
from client_app.workers.screen_bus import LOGIN
from client_app.workers.screen_watch import ScreenWatch

SESSION = "/org/freedesktop/login1/session/_31"


class Login(QDBusVirtualObject):
    """Answers as logind does, as far as it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {"LockedHint": False, "Active": True}

    def introspect(self, path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:  # noqa: N802 - Qt's name
        if message.member() == "GetSession":
            answer: object = QDBusObjectPath(SESSION)
        elif message.member() == "Get":
            answer = QDBusVariant(self.values[message.arguments()[1]])
        else:
            return False
        reply = message.createReply()
        reply.setArguments([answer])
        return connection.send(reply)


class Commands(QObject):
    """Lines of the input, on the window's thread."""

    came = Signal(str)

    def read(self) -> None:
        for line in sys.stdin:
            self.came.emit(line.strip())
        os._exit(0)


def main() -> int:
    application = QGuiApplication(sys.argv[:1])
    # The service has a connection of its own, as another process would.
    address = os.environ["DBUS_SYSTEM_BUS_ADDRESS"]
    bus = QDBusConnection.connectToBus(address, "login")
    login = Login()
    with_children = QDBusConnection.VirtualObjectRegisterOption.SubPath
    assert bus.registerVirtualObject("/org/freedesktop/login1", login, with_children)
    assert bus.registerService(LOGIN)
    watch = ScreenWatch(desktop(lambda _device: "", System.LINUX))
    watch.changed.connect(lambda state: print(state.value, flush=True))
    watch.start(0)

    def signal(path: str, interface: str, name: str, *arguments: object) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        bus.send(message)

    def obey(command: str) -> None:
        changes = {"lock": ("LockedHint", True), "unlock": ("LockedHint", False)}
        changes |= {"away": ("Active", False), "back": ("Active", True)}
        if command in changes:
            name, value = changes[command]
            login.values[name] = value
            signal(SESSION, f"{LOGIN}.Session", "Lock")
        elif command.startswith("saver"):
            saver = "org.freedesktop.ScreenSaver"
            signal("/org/freedesktop/ScreenSaver", saver, "ActiveChanged", command == "saver on")
        elif command == "shutdown":
            signal("/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForShutdown", True)
        elif command == "stop":
            watch.stop()
            print("stopped", flush=True)

    commands = Commands()
    commands.came.connect(obey)
    threading.Thread(target=commands.read, daemon=True).start()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
