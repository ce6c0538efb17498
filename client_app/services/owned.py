"""The list of what an installation put on this computer: `installed-files.json`, written by the installer.

Rule: the list is text from outside. It can name files below the folder that it was made for (home, or the data folder
where that lies elsewhere), and nothing else; a copy of the program that was moved has no valid list any more.
The installer writes everything that it is about to do into the list first, so a path may stand in it more than once:
once for each state in which it is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import msgspec

from client_app.core.errors import CustomerError, ErrorCode
from consent_record.canonical import decode
from consent_record.errors import MalformedError
from consent_record.fields import HashHex

LIST_NAME = "installed-files.json"
LIST_LIMIT_BYTES = 4 * 1024 * 1024

# Besides its own folder an installation makes a menu entry, icons and a command, by these names.
_OUTSIDE = re.compile(
    r"applications/[A-Za-z0-9._-]+\.desktop|icons/hicolor/(scalable|[0-9]+x[0-9]+)/apps/[A-Za-z0-9._-]+\.(svg|png)"
)
_COMMAND = re.compile(r"\.local/bin/[A-Za-z0-9._-]+")
_USER_FOLDERS = (".config", ".local/state")

_Relative = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class OwnedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: its place below the base with "/" between parts, and either size and SHA-256, or a link's target."""

    path: _Relative
    size: int = 0
    sha256: HashHex | None = None
    link: str | None = None


class _List(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1]
    package: str
    version: str
    program: _Relative
    folders: tuple[_Relative, ...]
    files: tuple[OwnedFile, ...]


@dataclass(frozen=True)
class Installation:
    """What one installation made.

    Attributes:
        base: absolute, without links; the home folder, or the folder for data if that lies elsewhere.
        program: the program's own folder, relative to the base like all paths here.
        folders: folders that the installer made.
        files: files and links that it made; the list itself is not among them.
    """

    base: Path
    program: str
    folders: tuple[str, ...]
    files: tuple[OwnedFile, ...]

    @property
    def list_path(self) -> str:
        """The list itself."""
        return f"{self.program}/{LIST_NAME}"


def find_list(executable: Path) -> Path | None:
    """Return the list of the running program's installation, None when this copy was not installed.

    Args:
        executable: the program. Installed it lies in a folder for its version, beside which the list stands.
    """
    beside_version = executable.resolve().parent.parent / LIST_NAME
    return beside_version if beside_version.is_file() else None


def read_list(file: Path) -> Installation:
    """Read and check the list of an installation.

    Raises:
        CustomerError: REMOVED_PARTLY: the list cannot be read or is not of this place; nothing may be removed by it.
    """
    try:
        with file.open("rb") as stream:
            found = decode(stream.read(LIST_LIMIT_BYTES + 1), _List)
    except (OSError, MalformedError) as error:
        raise _unusable(type(error).__name__) from error
    paths = [found.program, *found.folders, *(owned.path for owned in found.files)]
    if not all(is_inside(path) for path in paths):
        raise _unusable("a path leads out of its base")
    if any((owned.sha256 is None) == (owned.link is None) for owned in found.files):
        raise _unusable("a file has neither hash nor link, or both")
    _demand_ours(found)
    folder, parts = file.resolve().parent, PurePosixPath(found.program).parts
    if folder.parts[-len(parts) :] != parts:
        raise _unusable("the program was moved")
    base = Path(*folder.parts[: -len(parts)])
    return Installation(base, found.program, found.folders, found.files)


def _demand_ours(found: _List) -> None:
    """Check that the list names nothing but what our installer makes: a fitting hash alone makes no file ours."""
    inside = f"{found.program}/"
    share = found.program.rpartition("/")[0]
    for owned in found.files:
        outside = _OUTSIDE.fullmatch(owned.path.removeprefix(f"{share}/" if share else ""))
        is_link_to_us = owned.link is not None and f"/{inside}" in f"/{owned.link}"
        is_ours = (
            owned.path.startswith(inside)
            or (outside is not None and owned.link is None)
            or (_COMMAND.fullmatch(owned.path) is not None and is_link_to_us)
        )
        if not is_ours:
            raise _unusable("it names a file that this program's installer does not make")
    places = [f"{path}/" for path in (*_USER_FOLDERS, *(owned.path for owned in found.files))]
    for folder in found.folders:
        holds_ours = any(place.startswith(f"{folder}/") for place in places)
        is_user_folder = folder.rpartition("/")[0] in _USER_FOLDERS and folder.endswith(f"/{found.package}")
        if not (folder.startswith(inside) or holds_ours or is_user_folder):
            raise _unusable("it names a folder that this program's installer does not make")


def is_inside(path: str) -> bool:
    """Tell whether a relative path stays below its base, spelled in the one plain way."""
    parts = path.split("/")
    return not any(part in ("", ".", "..") or "\x00" in part or "\\" in part for part in parts)


def _unusable(detail: str) -> CustomerError:
    return CustomerError(ErrorCode.REMOVED_PARTLY, f"list of installed files: {detail}")
