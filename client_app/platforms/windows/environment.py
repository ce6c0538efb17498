r"""The environment of an elevated guardian: what it needs by name, and folders of the system as the system gives them.

Rule: Windows gives a process that was started through the permission window the variables of the logged-in user, which
every program of that user can set (HKCU\Environment). Some name libraries that are loaded into whoever has them
(OPENSSL_CONF, COR_PROFILER, folders in PATH), so nothing that is not in the list here is kept, and this comes before
anything that could read one: AnyDesk inherits what is left.

Sources: learn.microsoft.com, Environment Variables, GetSystemWindowsDirectoryW; docs.openssl.org, openssl-env.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import MutableMapping

from client_app.platforms.windows.libraries import Libraries

_KEPT = frozenset(
    (
        *(
            "ALLUSERSPROFILE",
            "APPDATA",
            "LOCALAPPDATA",
            "PROGRAMDATA",
            "PUBLIC",
            "TEMP",
            "TMP",
            "USERPROFILE",
        ),
        *("COMMONPROGRAMFILES", "COMMONPROGRAMFILES(X86)", "COMMONPROGRAMW6432"),
        *("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"),
        *(
            "COMPUTERNAME",
            "LOGONSERVER",
            "SESSIONNAME",
            "USERDOMAIN",
            "USERDOMAIN_ROAMINGPROFILE",
            "USERNAME",
        ),
        *("HOMEDRIVE", "HOMEPATH", "NUMBER_OF_PROCESSORS", "OS", "PROCESSOR_ARCHITECTURE"),
    )
)
_LENGTH = 260


def keep_known_variables(environment: MutableMapping[str, str], windows: str) -> None:
    """Leave only harmless variables, and the system's own folders where programs and libraries are looked for.

    Args:
        environment: changed in place; `os.environ` changes this process' own.
        windows: the system's folder, as `windows_folder` returns it.
    """
    for name in list(environment):
        if name.upper() not in _KEPT:
            del environment[name]
    environment["SYSTEMROOT"] = environment["WINDIR"] = windows
    environment["SYSTEMDRIVE"] = windows[:2]
    environment["PATH"] = f"{windows}\\System32;{windows};{windows}\\System32\\Wbem"
    environment["PATHEXT"] = ".COM;.EXE;.BAT;.CMD"
    environment["COMSPEC"] = f"{windows}\\System32\\cmd.exe"


def windows_folder(libraries: Libraries) -> str:
    """Return the system's folder, asked of the system: the variables of that name belong to the user.

    Raises:
        OSError: the system does not tell.
    """
    buffer = ctypes.create_unicode_buffer(_LENGTH)
    length = libraries.kernel32.GetSystemWindowsDirectoryW(buffer, _LENGTH)
    if not 0 < length < _LENGTH:
        raise libraries.error("GetSystemWindowsDirectoryW")
    return buffer.value


def clean_own_environment(libraries: Libraries | None = None) -> None:
    """Do that to this process.

    Raises:
        OSError: the system does not tell its folder; nothing was changed.
    """
    keep_known_variables(os.environ, windows_folder(libraries or Libraries()))
