"""Real messages on Windows: what a program sends is told from everything else, and windows have their owners."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from ctypes import wintypes
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from client_app.core.desktop import Rect
from client_app.core.presence import ScreenState
from client_app.core.session import InputOrigin
from client_app.platforms.desktop import desktop
from client_app.platforms.windows.screen_lock import WM_ENDSESSION, WM_WTSSESSION_CHANGE
from client_app.workers.desktop_input import InputOrigins, device_name
from client_app.workers.screen_watch import ScreenWatch

pytestmark = pytest.mark.onscreen

_MOUSE, _KEYBOARD = 0, 1
_LEFT_DOWN, _LEFT_UP, _KEY_UP = 0x2, 0x4, 0x2
_SPACE = 0x20
FRAME = 64
"""A frame takes less on both sides together."""


class MouseInput(ctypes.Structure):
    _fields_ = (
        ("dx", wintypes.LONG),
        ("dy", wintypes.LONG),
        ("mouseData", wintypes.DWORD),
        ("dwFlags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("dwExtraInfo", ctypes.c_size_t),
    )


class KeyInput(ctypes.Structure):
    _fields_ = (
        ("wVk", wintypes.WORD),
        ("wScan", wintypes.WORD),
        ("dwFlags", wintypes.DWORD),
        ("time", wintypes.DWORD),
        ("dwExtraInfo", ctypes.c_size_t),
    )


class _Either(ctypes.Union):
    _fields_ = (("mouse", MouseInput), ("key", KeyInput))


class Input(ctypes.Structure):
    _fields_ = (("type", wintypes.DWORD), ("either", _Either))


def user32() -> Any:
    return vars(ctypes)["WinDLL"]("user32")


def send(*inputs: Input) -> None:
    """Send inputs as AnyDesk does: through SendInput."""
    array = (Input * len(inputs))(*inputs)
    assert user32().SendInput(len(inputs), array, ctypes.sizeof(Input)) == len(inputs)


def mouse(flags: int) -> Input:
    return Input(_MOUSE, _Either(mouse=MouseInput(0, 0, 0, flags, 0, 0)))


def key(flags: int) -> Input:
    return Input(_KEYBOARD, _Either(key=KeyInput(_SPACE, 0, flags, 0, 0)))


@pytest.fixture
def button(qtbot: QtBot) -> QPushButton:
    button = QPushButton("press")
    qtbot.addWidget(button)
    button.setGeometry(200, 200, 300, 200)
    with qtbot.waitExposed(button, timeout=10_000):
        button.show()
    button.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus, timeout=10_000)
    return button


@pytest.fixture
def pressed(button: QPushButton) -> Iterator[list[InputOrigin]]:
    messages = desktop(device_name).input
    assert messages is not None
    origins = InputOrigins(messages)
    origins.install()
    found: list[InputOrigin] = []
    button.clicked.connect(lambda: found.append(origins.memory.origin()))
    yield found
    origins.remove()


def test_it_is_the_real_platform() -> None:
    assert QGuiApplication.platformName() == "windows"


def test_a_click_of_a_program_is_injected(
    button: QPushButton, pressed: list[InputOrigin], qtbot: QtBot
) -> None:
    spot = button.mapToGlobal(QPoint(150, 100))
    user32().SetCursorPos(spot.x(), spot.y())
    send(mouse(_LEFT_DOWN), mouse(_LEFT_UP))
    qtbot.waitUntil(lambda: bool(pressed), timeout=5000)

    assert pressed == [InputOrigin.INJECTED]


def test_a_key_of_a_program_is_injected(
    button: QPushButton, pressed: list[InputOrigin], qtbot: QtBot
) -> None:
    user32().SetForegroundWindow(wintypes.HWND(int(button.winId())))
    send(key(0), key(_KEY_UP))
    qtbot.waitUntil(lambda: bool(pressed), timeout=5000)

    assert pressed == [InputOrigin.INJECTED]


def test_a_press_without_any_message_is_not_called_local(
    button: QPushButton, pressed: list[InputOrigin]
) -> None:
    button.click()

    assert pressed == [InputOrigin.UNKNOWN]


def test_windows_have_their_owners(button: QPushButton, qtbot: QtBot) -> None:
    windows = desktop(device_name).windows
    assert windows is not None
    button.move(320, 240)
    inner = button.geometry()
    wanted = Rect(inner.x(), inner.y(), inner.width(), inner.height())

    def is_seen() -> bool:
        mine = [one.place for one in windows.seen() or () if one.pid == os.getpid()]
        return any(place.holds(wanted) and place.width < wanted.width + FRAME for place in mine)

    qtbot.waitUntil(is_seen, timeout=5000)
    button.hide()
    qtbot.waitUntil(lambda: not is_seen(), timeout=5000)


def test_locking_and_logging_off_are_heard(button: QPushButton, qtbot: QtBot) -> None:
    watch = ScreenWatch(desktop(device_name))
    heard: list[ScreenState] = []
    watch.changed.connect(heard.append)
    window = int(button.winId())
    watch.start(window)
    post = user32().PostMessageW
    post.argtypes = [wintypes.HWND, wintypes.UINT, wintypes.WPARAM, wintypes.LPARAM]
    for message, wparam in ((WM_WTSSESSION_CHANGE, 7), (WM_WTSSESSION_CHANGE, 8), (WM_WTSSESSION_CHANGE, 2)):
        post(window, message, wparam, 0)
    wanted = [ScreenState.LOCKED, ScreenState.ACTIVE, ScreenState.SWITCHED_AWAY]
    qtbot.waitUntil(lambda: heard[-3:] == wanted, timeout=5000)
    post(window, WM_ENDSESSION, 1, 0)
    qtbot.waitUntil(lambda: heard[-1] is ScreenState.LOGGED_OFF, timeout=5000)
    watch.stop()
    post(window, WM_WTSSESSION_CHANGE, 7, 0)

    assert heard[-1] is ScreenState.LOGGED_OFF
