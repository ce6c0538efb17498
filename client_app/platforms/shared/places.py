"""Names of AnyDesk's data folders, from the client's executable and prefix.

Sources: support.anydesk.com/docs/anydesk-for-macos (`~/.anydesk`, `~/.anydesk-ad_<prefix>`); inventories in the field
also find an underscore after "anydesk". The places of a portable custom client are not documented everywhere, so
several names are looked at; folders of a standard client are never taken for those of a custom one.
"""

from __future__ import annotations

import re
from pathlib import Path

from client_app.core.anydesk_system import DataPlaces

_CUSTOM = re.compile(r"anydesk[-_](?P<client>(?:ad_)?[0-9a-z]{8}(?:_msi)?)(?:\.exe|\.app)?", re.IGNORECASE)


def client_ids(program: str, client: str) -> tuple[str, ...]:
    """Return the spellings of a custom client's id (`ad_5a1b2c3d`, `5a1b2c3d`); none for a standard client.

    Args:
        program: file name of the executable.
        client: the prefix as the company knows it, with or without `ad_`, or "".
    """
    match = _CUSTOM.fullmatch(program)
    given = client or (match["client"] if match else "")
    if not given:
        return ()
    bare = given.removeprefix("ad_").removesuffix("_msi")
    return tuple(dict.fromkeys((given, f"ad_{bare}", bare)))


def dotted_places(home: Path, program: str, client: str) -> DataPlaces:
    """Return the places on Linux and macOS: a hidden folder in the home folder."""
    ids = client_ids(program, client)
    names = [f".anydesk{sign}{one}" for one in ids for sign in ("-", "_")] if ids else [".anydesk"]
    return DataPlaces(tuple(home / name for name in names), trace_names=("anydesk.trace", "ad.trace"))


def windows_places(app_data: Path, program: str, client: str) -> DataPlaces:
    """Return the places on Windows: a sub-folder for custom clients, the folder itself for the standard one."""
    base = app_data / "AnyDesk"
    ids = client_ids(program, client)
    folders = tuple(base / one for one in ids) if ids else (base,)
    return DataPlaces(folders, trace_names=("ad.trace",))
