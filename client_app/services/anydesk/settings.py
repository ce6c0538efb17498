"""Whether the settings of our AnyDesk client are safe, as far as its files can be read.

Keys as seen in the field: `ad.security.*` in system.conf, service.conf and user.conf, plain `key=value` lines.
Rule: a password is only looked for, its value is never kept; what is not written down is unknown, not safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from client_app.core.anydesk import Setting, SettingFinding
from client_app.core.anydesk_system import DataPlaces
from client_app.services.files import open_plain

Settings = Mapping[str, str]


_MAX_BYTES = 1024 * 1024
_PASSWORD = re.compile(
    r"ad\.anynet\.pwd_hash|ad\.security\.pwd|ad\.security\.unattended_access_override_password"
    r"|ad\.security\.permission_profiles\.[^.]+\.pwd"
)
_SWITCHED_ON = ("ad.features.unattended", "ad.security.unattended_access_enabled")
_TOKEN = "ad.security.allow_logon_token"
# AnyDesk's own profiles for access by password allow everything and apply only with a password, which is judged apart.
_PERMISSION = re.compile(
    r"ad\.security\.(?:permission_profiles\.(?!_unattended_access|_full_access)[^.]+\.permissions\.)?(?P<feature>[a-z_]+)"
)
_PROFILE = re.compile(r"ad\.security\.permission_profiles\.(?P<name>[^.=]+)\.")
_FEATURES = {
    "block_input": Setting.BLOCK_INPUT,
    "privacy_feature": Setting.PRIVACY_FEATURE,
    "record_session": Setting.RECORD_SESSION,
    "tcp_tunnel": Setting.TCP_TUNNEL,
    "vpn": Setting.VPN,
    "file_manager": Setting.FILE_MANAGER,
}
_TRUE = frozenset(("1", "true", "on", "yes"))
_FALSE = frozenset(("0", "false", "off", "no", ""))


class UnreadableSettingsError(Exception):
    """A settings file is there and cannot be read."""


def read_settings(places: DataPlaces) -> Settings | None:
    """Return all settings of our client; None when it has not written any yet.

    Raises:
        UnreadableSettingsError: a file is there but cannot be read.
    """
    found: dict[str, str] = {}
    is_any = False
    for folder in places.folders:
        for name in places.settings_names:
            data = read_settings_file(folder / name)
            if data is not None:
                is_any = True
                found.update(parse_settings(decode_settings(data, folder / name)[0]))
    return found if is_any else None


def read_settings_file(path: Path) -> bytes | None:
    """Return what a settings file holds; None when there is none.

    Raises:
        UnreadableSettingsError: it is there but cannot be read, or is far too long.
    """
    try:
        with open_plain(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableSettingsError(path.name) from error
    if len(data) > _MAX_BYTES:
        raise UnreadableSettingsError(path.name)
    return data


def decode_settings(data: bytes, path: Path) -> tuple[str, str]:
    """Return the text of a settings file and the codec that turns it back into the same bytes.

    Raises:
        UnreadableSettingsError: it is no text.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSettingsError(path.name) from error
    return text, "utf-8" if encoding == "utf-8-sig" and not data.startswith(b"\xef\xbb\xbf") else encoding


def parse_settings(text: str) -> dict[str, str]:
    """Return `key=value` lines as a mapping; keys in lower case, later lines win."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip().lower(): value.strip() for key, sign, value in pairs if sign}


def judge_settings(
    settings: Settings | None,
    *,
    technician_numbers: Iterable[str],
    namespace: str = "",
    allowed_features: frozenset[str] = frozenset(),
) -> tuple[SettingFinding, ...]:
    """Return one finding for each setting that matters, in the order of `Setting`."""
    if settings is None:
        return tuple(SettingFinding(setting, None, "no settings written yet") for setting in Setting)
    findings = [
        _judge_access_list(settings, frozenset(technician_numbers), namespace),
        _judge_password(settings),
        _judge_asking(settings),
        *(_judge_feature(settings, name, setting, allowed_features) for name, setting in _FEATURES.items()),
    ]
    return tuple(findings)


def unreadable_findings() -> tuple[SettingFinding, ...]:
    """Return the findings for settings that are there and cannot be read."""
    return tuple(SettingFinding(setting, None, "cannot be read") for setting in Setting)


def has_password(settings: Settings) -> bool:
    """Whether any password for access without the customer is set."""
    return any(value and is_password_key(key) for key, value in settings.items())


def is_password_key(key: str) -> bool:
    """Whether a key (in small letters) holds a password for access without the customer."""
    return _PASSWORD.fullmatch(key) is not None


def profile_of(key: str) -> str | None:
    """Return the permission profile that a key (in small letters) belongs to, None when to none."""
    match = _PROFILE.match(key)
    return match["name"] if match else None


def profile_names(settings: Settings) -> frozenset[str]:
    """Return the names of the permission profiles that are defined."""
    return frozenset(name for name in map(profile_of, settings) if name is not None)


def _judge_access_list(settings: Settings, numbers: frozenset[str], namespace: str) -> SettingFinding:
    setting = Setting.ACCESS_LIST
    listed = settings.get("ad.security.acl_list")
    entries = [entry.strip().partition(":") for entry in (listed or "").split(";") if entry.strip()]
    allowed = [name.strip() for name, _, state in entries if state.strip().lower() not in _FALSE - {""}]
    foreign = [name for name in allowed if not _belongs(name, numbers, namespace)]
    if foreign:
        return SettingFinding(setting, False, f"{len(foreign)} entries are not the company's")
    if settings.get("ad.security.acl_enabled", "").lower() in _TRUE and allowed:
        return SettingFinding(setting, True)
    return SettingFinding(setting, None, "no access list")


def _belongs(name: str, numbers: frozenset[str], namespace: str) -> bool:
    return name in numbers or bool(namespace and name.lower().endswith(f"@{namespace.lower()}"))


def _judge_password(settings: Settings) -> SettingFinding:
    if has_password(settings):
        return SettingFinding(Setting.UNATTENDED_PASSWORD, False, "a password is set")
    on = [key for key in _SWITCHED_ON if settings.get(key, "").lower() in _TRUE]
    if on:
        return SettingFinding(Setting.UNATTENDED_PASSWORD, False, "access without the customer is on")
    if settings.get(_TOKEN, "").lower() in _TRUE:
        # A saved log-in stems from a password, of which none is known here; who comes by one is cut.
        return SettingFinding(Setting.UNATTENDED_PASSWORD, None, "saved log-ins are allowed")
    return SettingFinding(Setting.UNATTENDED_PASSWORD, True)


def _judge_asking(settings: Settings) -> SettingFinding:
    """0 asks always, 1 asks while the window is open, 2 never asks (support.anydesk.com/docs/settings)."""
    value = settings.get("ad.security.interactive_access")
    if value in ("0", "1"):
        return SettingFinding(Setting.ASKS_ALWAYS, True)
    if value == "2":
        return SettingFinding(Setting.ASKS_ALWAYS, False, "it never asks")
    return SettingFinding(Setting.ASKS_ALWAYS, None, "not set" if value is None else "not understood")


def _judge_feature(
    settings: Settings, name: str, setting: Setting, allowed: frozenset[str]
) -> SettingFinding:
    if name in allowed:
        return SettingFinding(setting, True, "the company allows it")
    values = [
        value.lower()
        for key, value in settings.items()
        if (match := _PERMISSION.fullmatch(key)) and match["feature"] == name
    ]
    if any(value in _TRUE for value in values):
        return SettingFinding(setting, False, "it is on")
    if values and all(value in _FALSE for value in values):
        return SettingFinding(setting, True)
    return SettingFinding(setting, None, "not understood" if values else "not set")
