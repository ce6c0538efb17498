"""Windows: restarting by InitiateSystemShutdownExW, and one start at the next log-in by the user's RunOnce key.

Rules: Windows deletes a value of RunOnce before it starts what stands there, so it starts once however that ends. No
program is forced to close: one with unsaved work asks its user first.
"""

from __future__ import annotations

import ctypes
import importlib
import subprocess
from ctypes import wintypes
from typing import Any

from client_app.core.returning import ReturnStart
from client_app.platforms.windows.libraries import ERROR_FILE_NOT_FOUND, Libraries

RUN_ONCE = r"Software\Microsoft\Windows\CurrentVersion\RunOnce"
COMMAND_LIMIT = 260
"""Longest command of a RunOnce value (learn.microsoft.com, "Run and RunOnce Registry Keys")."""

_TOKEN_ADJUST_AND_QUERY = 0x0020 | 0x0008
_SE_PRIVILEGE_ENABLED = 0x2
_ERROR_NOT_ALL_ASSIGNED = 1300
_REASON_PLANNED_OTHER = 0x80000000
"""SHTDN_REASON_FLAG_PLANNED with major and minor "other"."""


class _Luid(ctypes.Structure):
    _fields_ = (("low", wintypes.DWORD), ("high", wintypes.LONG))


class _Privileges(ctypes.Structure):
    _fields_ = (("count", wintypes.DWORD), ("luid", _Luid), ("attributes", wintypes.DWORD))


class WindowsRestart:
    """`RestartSystem` for Windows.

    Args:
        package: name of the registry's value.
        libraries: the system's, when left out loaded at first use.
        registry: the module winreg, imported at first use when left out.
    """

    def __init__(self, package: str, libraries: Libraries | None = None, registry: Any = None) -> None:
        self._name = f"{package}-return"
        self._libraries = libraries
        self._registry = registry

    @property
    def entry_name(self) -> str:
        """The value's name."""
        return self._name

    def register(self, start: ReturnStart) -> None:
        """Write the value; the folder makes no difference to a program with an absolute path."""
        command = subprocess.list2cmdline(list(start.command))
        if len(command) > COMMAND_LIMIT:
            raise OSError("the command is too long for RunOnce")
        registry = self._winreg()
        with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, RUN_ONCE, 0, registry.KEY_SET_VALUE) as key:
            registry.SetValueEx(key, self._name, 0, registry.REG_SZ, command)

    def unregister(self) -> None:
        """Delete the value."""
        registry = self._winreg()
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, RUN_ONCE, 0, registry.KEY_SET_VALUE) as key:
                registry.DeleteValue(key, self._name)
        except FileNotFoundError:
            return
        except OSError as error:
            if getattr(error, "winerror", None) != ERROR_FILE_NOT_FOUND:
                raise

    def restart(self) -> None:
        """Take the right that every user has but that is switched off, and ask Windows."""
        system = self._libraries or Libraries()
        self._enable_shutdown(system)
        shutdown = system.advapi32.InitiateSystemShutdownExW
        shutdown.argtypes = [
            wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD, wintypes.BOOL, wintypes.BOOL, wintypes.DWORD,
        ]  # fmt: skip
        if not shutdown(None, None, 0, False, True, _REASON_PLANNED_OTHER):
            raise system.error("InitiateSystemShutdownExW")

    def _enable_shutdown(self, system: Libraries) -> None:
        advapi32 = system.advapi32
        lookup, adjust = advapi32.LookupPrivilegeValueW, advapi32.AdjustTokenPrivileges
        lookup.argtypes = [wintypes.LPCWSTR, wintypes.LPCWSTR, ctypes.c_void_p]
        adjust.argtypes = [
            wintypes.HANDLE,
            wintypes.BOOL,
            ctypes.c_void_p,
            wintypes.DWORD,
            *[ctypes.c_void_p] * 2,
        ]
        token, luid = wintypes.HANDLE(), _Luid()
        process = system.kernel32.GetCurrentProcess()
        if not advapi32.OpenProcessToken(process, _TOKEN_ADJUST_AND_QUERY, ctypes.byref(token)):
            raise system.error("OpenProcessToken")
        try:
            if not lookup(None, "SeShutdownPrivilege", ctypes.byref(luid)):
                raise system.error("LookupPrivilegeValueW")
            wanted = _Privileges(1, luid, _SE_PRIVILEGE_ENABLED)
            done = adjust(token, False, ctypes.byref(wanted), 0, None, None)
            # It answers with success when it gave nothing, and says so here only.
            if not done or system.last_error() == _ERROR_NOT_ALL_ASSIGNED:
                raise system.error("AdjustTokenPrivileges")
        finally:
            system.kernel32.CloseHandle(token)

    def _winreg(self) -> Any:
        if self._registry is None:
            self._registry = importlib.import_module("winreg")
        return self._registry
