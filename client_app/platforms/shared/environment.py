"""The environment that AnyDesk is started with: the customer's, without what belongs to our own program."""

from __future__ import annotations

from collections.abc import Mapping

_OURS = ("_PYI_", "_MEIPASS", "PYTHON", "QT_", "QML", "SBK_")
_LOADER = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")
# Names by which anybody could put code of their own into the program that we verified.
_INJECTING = ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES", "GTK_MODULES", "GTK3_MODULES")


def child_environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a foreign program.

    The freezer's loader path is put back to what it was before (PyInstaller keeps it under `<name>_ORIG`); variables
    of our own runtime and those that inject libraries are left out.
    """
    result = {
        name: value
        for name, value in own.items()
        if not name.startswith(_OURS) and name not in _INJECTING and name.removesuffix("_ORIG") not in _LOADER
    }
    for name in _LOADER:
        original = own.get(f"{name}_ORIG")
        # Without the freezer's mark the variable is the customer's own.
        value = original if original is not None else ("" if _is_frozen(own) else own.get(name, ""))
        if value:
            result[name] = value
    return result


def _is_frozen(own: Mapping[str, str]) -> bool:
    return any(name.startswith("_PYI_") for name in own)
