"""Taking passwords and permission profiles that appeared during the session out of our client's settings.

Rule: only in our client's own data folder, never through a link, and a file is replaced as a whole or left as it is.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.before import Before
from client_app.services.anydesk.settings import (
    UnreadableSettingsError,
    decode_settings,
    is_password_key,
    profile_of,
    read_settings_file,
)


def scrub_settings(places: DataPlaces, before: Before) -> int:
    """Take out what appeared since `before`; what could not be read then is left alone.

    Returns:
        How many settings were taken out.
    """
    if before.has_password is None or before.profiles is None:
        return 0
    return sum(
        _scrub(folder / name, before)
        for folder in places.folders
        for name in places.settings_names
        if not folder.is_symlink()
    )


def is_own_profile(name: str) -> bool:
    """Whether AnyDesk writes a profile of this name by itself at its first start."""
    return name.startswith("_") or name == "address_to_profile"


def _scrub(path: Path, before: Before) -> int:
    try:
        data = read_settings_file(path)
        seen = os.lstat(path)
    except (UnreadableSettingsError, OSError):
        return 0
    if data is None or not stat.S_ISREG(seen.st_mode):
        return 0
    try:
        text, encoding = decode_settings(data, path)
    except UnreadableSettingsError:
        return 0
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not _is_new_way(line, before)]
    if len(kept) == len(lines):
        return 0
    with contextlib.suppress(OSError):
        _replace(path, "".join(kept).encode(encoding), stat.S_IMODE(seen.st_mode))
        return len(lines) - len(kept)
    return 0


def _is_new_way(line: str, before: Before) -> bool:
    key, sign, value = line.partition("=")
    key = key.strip().lower()
    if not sign:
        return False
    if is_password_key(key) and value.strip():
        return before.has_password is False
    profile = profile_of(key)
    is_new = before.profiles is not None and profile is not None and profile not in before.profiles
    return is_new and profile is not None and not is_own_profile(profile)


def _replace(path: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=".settings-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
