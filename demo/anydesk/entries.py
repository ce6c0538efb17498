"""What an installed client leaves in the system: its service, its link at log-in, shortcuts, the entry for removal.

Everything lies below the home folder on POSIX systems; on Windows in the places that AnyDesk uses.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

from demo.anydesk.places import PROGRAM_DATA, ROOT, Installation, config_home, plain_name

_STARTUP = Path("Microsoft/Windows/Start Menu/Programs/StartUp")
_PROGRAMS = Path("Microsoft/Windows/Start Menu/Programs")
_UNINSTALL = r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"


class ServiceError(Exception):
    """The system's service manager would not."""


def autostart_entry(program: str, environment: Mapping[str, str]) -> Path:
    """Return where the link for the log-in belongs."""
    name = plain_name(program)
    if sys.platform == "win32":
        return Path(environment[PROGRAM_DATA]) / _STARTUP / f"{name}.lnk"
    return config_home(environment) / "autostart" / f"{name}.desktop"


def shortcut_entries(
    program: str, environment: Mapping[str, str], *, menu: bool, desktop: bool
) -> list[Path]:
    """Return where shortcuts belong."""
    name, found = plain_name(program), []
    home = Path(environment.get("HOME", "/"))
    if sys.platform == "win32":
        if menu:
            found.append(Path(environment[PROGRAM_DATA]) / _PROGRAMS / name / f"{name}.lnk")
        if desktop:
            found.append(Path(os.environ.get("PUBLIC", r"C:\users\Public")) / "Desktop" / f"{name}.lnk")
        return found
    if menu:
        found.append(home / ".local" / "share" / "applications" / f"{name}.desktop")
    if desktop:
        found.append(home / "Desktop" / f"{name}.desktop")
    return found


def make_link(path: Path, program: Path, arguments: str = "") -> None:
    """Write a desktop entry, or a shortcut of Windows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".lnk":
        path.write_bytes(_shortcut(str(program), arguments))
        return
    command = f"{program} {arguments}".strip()
    path.write_text(f"[Desktop Entry]\nType=Application\nName=AnyDesk\nExec={command}\n", "utf-8")


def shell_for(command: str) -> tuple[Path, str]:
    """Return a shell and the arguments by which it starts a command, so that an entry only mentions our client."""
    if sys.platform == "win32":
        return Path(os.environ["COMSPEC"]), f"/c {command}"
    return Path("/bin/sh"), f'-c "{command}"'


def _shortcut(target: str, arguments: str) -> bytes:
    """Return a shell link ([MS-SHLLINK]): arguments, and the target as a path with variables (2.5.4)."""
    has_arguments, is_unicode, has_expandable = 0x20, 0x80, 0x200
    flags = is_unicode | has_expandable | (has_arguments if arguments else 0)
    kind = bytes.fromhex("0114020000000000c000000000000046")
    header = struct.pack("<I16sII24sIIIHHII", 0x4C, kind, flags, 0x20, b"", 0, 0, 1, 0, 0, 0, 0)
    strings = struct.pack("<H", len(arguments)) + arguments.encode("utf-16-le") if arguments else b""
    wide = target.encode("utf-16-le")
    block = struct.pack("<II260s520s", 0x314, 0xA0000001, target.encode("ascii", "replace"), wide)
    return header + strings + block + bytes(4)


# --- the service's entry ----------------------------------------------------------------------------------------


def unit_path(service: str, environment: Mapping[str, str], *, system: bool) -> Path:
    """Return the unit file of a service, of the user or (below the stand-in's root) of the system."""
    if system:
        return Path(environment.get("HOME", "/")) / ROOT / "etc" / "systemd" / "system" / f"{service}.service"
    return config_home(environment) / "systemd" / "user" / f"{service}.service"


def create_service(installation: Installation, *, system_unit: bool) -> list[str]:
    """Make the service's entry; return the files that belong to it.

    Raises:
        ServiceError: it could not be made.
    """
    command = f'"{installation.path}" --service'
    if sys.platform == "win32":
        from demo.anydesk import scm

        try:
            scm.create(installation.service, f"{installation.service} Service", command)
        except scm.ManagerError as error:
            raise ServiceError(str(error)) from error
        return []
    from demo.anydesk.supervisor import is_there

    if not is_there(installation.environment):
        raise ServiceError("no service manager runs")
    unit = unit_path(installation.service, installation.environment, system=system_unit)
    unit.parent.mkdir(parents=True, exist_ok=True)
    unit.write_text(
        f"[Unit]\nDescription=AnyDesk\n\n[Service]\nType=simple\nExecStart={command}\nRestart=always\n\n"
        "[Install]\nWantedBy=multi-user.target\n",
        "utf-8",
    )
    return [str(unit)]


def start_service(installation: Installation) -> None:
    """Start it; not yet ready when this returns.

    Raises:
        ServiceError: it could not be started.
    """
    if sys.platform == "win32":
        from demo.anydesk import scm

        try:
            scm.start(installation.service)
        except scm.ManagerError as error:
            raise ServiceError(str(error)) from error
        return
    _order(installation, "start")


def stop_service(installation: Installation) -> bool:
    """Stop it and wait for its end; False when it was not running.

    Raises:
        ServiceError: it could not be stopped.
    """
    if sys.platform == "win32":
        from demo.anydesk import scm

        try:
            return scm.stop(installation.service)
        except scm.ManagerError as error:
            raise ServiceError(str(error)) from error
    return bool(_order(installation, "stop"))


def delete_service(installation: Installation) -> None:
    """Remove the entry that is no file."""
    if sys.platform == "win32":
        from demo.anydesk import scm

        scm.delete(installation.service)


def _order(installation: Installation, what: str) -> object:
    from demo.anydesk.supervisor import SupervisorError, order

    unit = next((entry for entry in installation.entries if entry.endswith(".service")), "")
    try:
        return order(installation.environment, what, unit)
    except SupervisorError as error:
        raise ServiceError(str(error)) from error


# --- the entry in the list of programs (Windows) -----------------------------------------------------------------


def add_to_programs(installation: Installation) -> None:
    """Windows: the client stands in the list of installed programs."""
    if sys.platform == "win32":
        import winreg

        key = rf"{_UNINSTALL}\{installation.service}"
        with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_SET_VALUE) as opened:
            for name, value in (
                ("DisplayName", "AnyDesk"),
                ("DisplayVersion", "ad 9.7.1"),
                ("InstallLocation", str(installation.folder)),
                ("UninstallString", f'"{installation.path}" --uninstall'),
            ):
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)


def remove_from_programs(installation: Installation) -> None:
    """Windows: no longer."""
    if sys.platform == "win32":
        import contextlib
        import winreg

        with contextlib.suppress(FileNotFoundError):
            winreg.DeleteKey(winreg.HKEY_LOCAL_MACHINE, rf"{_UNINSTALL}\{installation.service}")
