"""The start after a restart on Windows itself: a value of RunOnce, written and taken back. Nothing restarts here."""

from __future__ import annotations

import importlib
import sys

import pytest

from client_app.core.returning import ReturnStart
from client_app.platforms.windows.restart import RUN_ONCE, WindowsRestart

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="the registry is Windows'")


def value(name: str) -> str | None:
    registry = importlib.import_module("winreg")
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, RUN_ONCE) as key:
            return str(registry.QueryValueEx(key, name)[0])
    except FileNotFoundError:
        return None


def test_the_value_is_written_and_taken_back() -> None:
    half = WindowsRestart("pomoc-zdalna-test")
    half.unregister()
    half.register(ReturnStart((r"C:\Program Files\Pomoc\pomoc.exe", "--return")))
    assert value(half.entry_name) == r'"C:\Program Files\Pomoc\pomoc.exe" --return'
    half.unregister()
    assert value(half.entry_name) is None
