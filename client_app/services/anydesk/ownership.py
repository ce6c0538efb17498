"""Which AnyDesk is ours: by its place in our private folder, by the custom client's whole name, by its very bytes.

Rule: a name that only contains ours is somebody else's. What merely mentions our client is told, never touched.
"""

from __future__ import annotations

import hashlib
import ntpath
import os
import posixpath
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from client_app.core.anydesk import ProgramFile
from client_app.core.anydesk_system import PersistentEntry
from client_app.services.files import open_plain

_CUSTOM = re.compile(r"anydesk[-_](?:ad_)?(?P<id>[0-9a-z]{8})(?:_msi)?")
_STANDARD = frozenset(("anydesk", "anydeskmsi"))
_ENDINGS = (".exe", ".app", ".lnk", ".desktop", ".service", ".plist")
_SPLIT = re.compile(r"[\\/]+")
_WORD = re.compile(r"[\w.-]+")
# A path in a shortcut, which is a binary file: from the drive to the end of the executable's name.
_WINDOWS_PROGRAM = re.compile(r"[A-Za-z]:\\[^\x00-\x1f\"<>|?*:]{1,400}?\.exe", re.IGNORECASE)
# Marks that systemd allows before a command (systemd.service(5)) and Windows before an image path.
_MARKS = ("\\??\\", "\\\\?\\")
_SYSTEMD_MARKS = "@-:+!|"
_BLOCK = 1024 * 1024
_MAX_COMMAND = 64 * 1024


class Ownership:
    """Tells our client from every other program.

    Args:
        root: text that the image path of every AnyDesk started by us begins with, in the process table's spelling.
        program: file name of our client.
        prefix: the custom client's prefix as the company knows it, with or without `ad_`, or "".
        release: the executable as the signed list names it.
        elevated_root: as `root`, for the copy that a guardian with more rights made; "" when there was none.
    """

    def __init__(
        self,
        root: str,
        program: str,
        prefix: str,
        release: ProgramFile | None = None,
        elevated_root: str = "",
    ) -> None:
        self.roots = (root, elevated_root) if elevated_root else (root,)
        self._is_windows = "\\" in root
        self._release = release
        self.names = own_names(program, prefix)

    def starts_ours(self, entry: PersistentEntry) -> bool:
        """Whether the program that an entry starts is ours."""
        return any(self.is_our_image(image) for image in self.images(entry))

    def mentions_ours(self, entry: PersistentEntry) -> bool:
        """Whether our client stands anywhere in an entry: behind a shell or another program that starts it, say."""
        command = entry.command_untrusted[:_MAX_COMMAND]
        if any(root.lower() in command.lower() for root in self.roots):
            return True
        return any(_stem(word) in self.names for word in _WORD.findall(command))

    def is_our_image(self, image: str) -> bool:
        """Whether an executable lies in our private folder, or bears (or lies in a folder of) our client's own name."""
        path = self._normal(image)
        return path.startswith(self.roots) or any(_stem(part) in self.names for part in _SPLIT.split(path))

    def has_our_bytes(self, image: str) -> bool:
        """Whether a file is, byte for byte, the executable that we verified: an installed copy under any name."""
        if self._release is None:
            return False
        try:
            # Neither a link nor a pipe; the size is compared first, so that hardly anything is ever read.
            seen = os.lstat(image)
            if not stat.S_ISREG(seen.st_mode) or seen.st_size != self._release.size:
                return False
            digest = hashlib.sha256()
            with open_plain(Path(image)) as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except (OSError, ValueError):
            return False
        return digest.hexdigest() == self._release.sha256

    def images(self, entry: PersistentEntry) -> tuple[str, ...]:
        """Return the paths of the programs that an entry starts, as far as its command tells."""
        command = entry.command_untrusted[:_MAX_COMMAND]
        # The text of a shortcut begins with its own path; its target is the first program in it.
        if command.startswith(f"{entry.name}\n"):
            found = _WINDOWS_PROGRAM.search(command.partition("\n")[2])
            return (found[0],) if found else ()
        return tuple(dict.fromkeys(_programs(command)))

    def same_image(self, image: str, other: str) -> bool:
        """Whether two paths are one, in the spelling of this system."""
        return self._normal(image) == self._normal(other)

    def _normal(self, image: str) -> str:
        if self._is_windows:
            return ntpath.normcase(ntpath.normpath(image))
        return posixpath.normpath(image) if image else ""


def own_names(program: str, prefix: str) -> frozenset[str]:
    """Return the names, in small letters and without ending, that only our client has; none for a standard client.

    Source: support.anydesk.com/docs/url-handler; inventories in the field (`AnyDesk-<id>`, `AnyDesk-ad_<id>`, `_msi`).
    """
    stem = _stem(program)
    match = _CUSTOM.fullmatch(stem)
    bare = prefix.lower().removeprefix("ad_").removesuffix("_msi") or (match["id"] if match else "")
    names = set() if stem in _STANDARD or not stem else {stem}
    if bare:
        names |= {
            f"anydesk{sign}{mark}{bare}{kind}"
            for sign in ("-", "_")
            for mark in ("", "ad_")
            for kind in ("", "_msi")
        }
    return frozenset(names)


def _stem(name: str) -> str:
    lowered = name.lower().rstrip(".")
    return next((lowered.removesuffix(end) for end in _ENDINGS if lowered.endswith(end)), lowered)


def _programs(command: str) -> Iterator[str]:
    """Yield the first word of each line, which is what it starts."""
    for line in command.splitlines():
        text = line.strip().lstrip(_SYSTEMD_MARKS)
        for mark in _MARKS:
            text = text.removeprefix(mark)
        if text[:1] in ("'", '"'):
            yield text[1:].partition(text[0])[0]
        elif found := re.match(r"[A-Za-z]:\\.*?\.exe(?=\s|$)", text, re.IGNORECASE):
            yield found[0]
        elif text:
            yield text.split()[0]
