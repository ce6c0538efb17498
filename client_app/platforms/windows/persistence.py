"""Services and autostart entries of Windows, from the registry and the start-up folders.

Rule: an entry is taken out only while it is exactly the one that was judged.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from client_app.core.anydesk_system import PersistentEntry
from client_app.platforms.windows.scm import ServiceManager

_SERVICES = r"SYSTEM\CurrentControlSet\Services"
_RUN = (
    r"Software\Microsoft\Windows\CurrentVersion\Run",
    r"Software\Microsoft\Windows\CurrentVersion\RunOnce",
    r"Software\WOW6432Node\Microsoft\Windows\CurrentVersion\Run",
)
_STARTUP = Path("Microsoft/Windows/Start Menu/Programs/Startup")
_LINK_CAP = 64 * 1024


class WindowsPersistence:
    """`Persistence` of Windows.

    Args:
        registry: the module winreg, or what stands in for it.
        environment: names the start-up folders (APPDATA, ProgramData).
        manager: of the services; the system's own when left out.
    """

    def __init__(
        self,
        registry: Any = None,
        environment: Mapping[str, str] | None = None,
        manager: ServiceManager | None = None,
    ) -> None:
        self._given, self._environment = registry, environment
        self._manager = manager or ServiceManager()

    @property
    def _registry(self) -> Any:
        if self._given is None:
            import winreg

            self._given = winreg
        return self._given

    def services(self) -> tuple[PersistentEntry, ...] | None:
        """Return services and drivers with their image paths."""
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, _SERVICES) as root:
                return tuple(
                    PersistentEntry(name, self._image_path(root, name)) for name in self._names(root)
                )
        except OSError:
            return None

    def autostarts(self) -> tuple[PersistentEntry, ...] | None:
        """Return Run keys of user and machine and what lies in the start-up folders."""
        try:
            return (*self._run_values(), *self._links())
        except OSError:
            return None

    def disable(self, entry: PersistentEntry) -> bool:
        """Stop and delete a service, delete a value of a Run key or a file of a start-up folder."""
        if entry in (self.services() or ()):
            self._manager.remove(entry.name)
            left = self.services()
            return left is not None and entry not in left
        if entry not in (self.autostarts() or ()):
            return False
        with contextlib.suppress(OSError):
            if entry.place:
                self._delete_value(entry)
            else:
                Path(entry.name).unlink()
        left = self.autostarts()
        return left is not None and entry not in left

    def _delete_value(self, entry: PersistentEntry) -> None:
        registry = self._registry
        hive_name, _, path = entry.place.partition("\\")
        hive = dict(self._hives())[hive_name]
        with registry.OpenKey(hive, path, 0, registry.KEY_SET_VALUE) as key:
            registry.DeleteValue(key, entry.name)

    def _hives(self) -> tuple[tuple[str, Any], ...]:
        registry = self._registry
        return (("HKCU", registry.HKEY_CURRENT_USER), ("HKLM", registry.HKEY_LOCAL_MACHINE))

    def _names(self, key: Any) -> Iterator[str]:
        for index in range(self._registry.QueryInfoKey(key)[0]):
            yield self._registry.EnumKey(key, index)

    def _image_path(self, root: Any, name: str) -> str:
        try:
            with self._registry.OpenKey(root, name) as key:
                return str(self._registry.QueryValueEx(key, "ImagePath")[0])
        except OSError:
            # Many services have none (they share a host process).
            return ""

    def _run_values(self) -> Iterator[PersistentEntry]:
        registry = self._registry
        for hive_name, hive in self._hives():
            for path in _RUN:
                try:
                    key = registry.OpenKey(hive, path)
                except FileNotFoundError:
                    continue
                with key:
                    for index in range(registry.QueryInfoKey(key)[1]):
                        name, value, _ = registry.EnumValue(key, index)
                        yield PersistentEntry(str(name), str(value), f"{hive_name}\\{path}")

    def _links(self) -> Iterator[PersistentEntry]:
        known = os.environ if self._environment is None else self._environment
        for base in (known.get("APPDATA"), known.get("ProgramData")):
            folder = Path(base) / _STARTUP if base else None
            for path in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
                if path.is_file():
                    yield PersistentEntry(str(path), f"{path}\n{_link_text(path)}")


def _link_text(path: Path) -> str:
    """Return what a shortcut holds, as both texts it can be: its target stands in it in plain characters."""
    with path.open("rb") as file:
        data = file.read(_LINK_CAP)
    return data.decode("latin-1").replace("\0", "") + "\n" + data.decode("utf-16-le", "replace")
