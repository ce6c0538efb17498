"""The switches that change settings: passwords, permission profiles, proxy, licence. Keys as AnyDesk writes them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from demo.anydesk.conf import update_conf
from demo.anydesk.faults import read_faults
from demo.anydesk.places import Places, client_of, own_program

EXIT_UNKNOWN_SWITCH, EXIT_NEEDS_ELEVATION = 7002, 8000
EXIT_NO_INPUT, EXIT_PASSWORD_SHORT, EXIT_NO_LICENCE = 9005, 9006, 9007
PROFILES = ("_default", "_full_access", "_screen_sharing", "_unattended_access")
PERMISSIONS = (
    *("audio", "input", "clipboard", "clipboard_files", "block_input", "sas", "restart", "file_manager"),
    *("lock_desk", "sysinfo", "whiteboard", "tcp_tunnel", "vpn", "user_pointer", "privacy_feature"),
    "record_session",
)
_PREFIX = "ad.security.permission_profiles"
_SHORTEST_PASSWORD = 8
_NAME = re.compile(r"\w{1,40}")
_PROXY = ("never", "detect", "http", "https", "socks")


def change_settings(places: Places, switch: str, arguments: Sequence[str]) -> int:
    """Run one of the switches; return its exit code."""
    if not read_faults(places.faults).elevated:
        return EXIT_NEEDS_ELEVATION
    places.make()
    if switch == "--set-password":
        return _set_password(places, arguments[0] if arguments else "")
    if switch == "--remove-password":
        return _remove_password(places, arguments[0] if arguments else "")
    if switch == "--add-profile":
        return _add_profile(places, arguments)
    if switch == "--register-license":
        return 0 if _line_of_input() else EXIT_NO_LICENCE
    return 0


def _set_password(places: Places, profile: str) -> int:
    password = _line_of_input()
    if password is None:
        return EXIT_NO_INPUT
    if len(password) < _SHORTEST_PASSWORD:
        return EXIT_PASSWORD_SHORT
    # Random, and not made from the password: nobody ever gets in by it here.
    salt, hashed = os.urandom(16).hex(), os.urandom(32).hex()
    name = profile or "_unattended_access"
    update_conf(places.system_conf, {f"{_PREFIX}.{name}.pwd": hashed, f"{_PREFIX}.{name}.salt": salt})
    if not profile:
        # Where releases before 7 look for the one password that they know.
        update_conf(places.service_conf, {"ad.anynet.pwd_hash": hashed, "ad.anynet.pwd_salt": salt})
    return 0


def _remove_password(places: Places, profile: str) -> int:
    name = profile or "_unattended_access"
    for key in ("pwd", "salt"):
        update_conf(places.system_conf, {}, without=f"{_PREFIX}.{name}.{key}")
    if not profile:
        update_conf(places.service_conf, {}, without="ad.anynet.pwd_")
    return 0


def _add_profile(places: Places, arguments: Sequence[str]) -> int:
    if not arguments or not _NAME.fullmatch(arguments[0]):
        return EXIT_UNKNOWN_SWITCH
    name, granted = arguments[0], arguments[1:]
    if any(one[:1] not in ("+", "-") or one[1:] not in PERMISSIONS for one in granted):
        return EXIT_UNKNOWN_SWITCH
    update_conf(
        places.system_conf,
        {f"{_PREFIX}.{name}.permissions.{one[1:]}": "1" if one[0] == "+" else "0" for one in granted},
    )
    return 0


def set_proxy(arguments: Sequence[str]) -> int:
    """`--proxy --set-host … | --set-auth …`: taken and not followed."""
    if len(arguments) < 2:
        return EXIT_UNKNOWN_SWITCH
    known = {"--set-host": _PROXY, "--set-auth": ("disable", "auto", "simple")}
    return 0 if arguments[1] in known.get(arguments[0], ()) else EXIT_UNKNOWN_SWITCH


def show_disclaimer(places: Places) -> int:
    """`--disclaimer`: only custom clients with a text of their own know it."""
    text = read_faults(places.faults).disclaimer
    if not text or not client_of(own_program()):
        return EXIT_UNKNOWN_SWITCH
    return 0


def _line_of_input() -> str | None:
    if sys.stdin is None:
        return None
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None
