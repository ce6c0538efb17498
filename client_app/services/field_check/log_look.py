"""Looking for what AnyDesk writes, in more places than the program expects it, for the field check.

Rule: of each line only the word that was understood is counted; no line is kept.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.settings import UnreadableSettingsError, read_settings
from client_app.services.anydesk.tail import Tail, guess_encoding
from client_app.services.anydesk.trace_words import parse_connection_line, parse_trace_line
from client_app.services.field_check.observation import Observation

SETTINGS = (
    "ad.anynet.id",
    "ad.security.interactive_access",
    "ad.security.acl_enabled",
    "ad.security.acl_list",
    "ad.security.allow_logon_token",
    "ad.features.unattended",
    "ad.security.block_input",
    "ad.security.privacy_feature",
    "ad.security.record_session",
    "ad.security.tcp_tunnel",
    "ad.security.vpn",
    "ad.security.file_manager",
)
"""Keys that `services.anydesk.settings` judges, in the spelling without permission profiles."""

_MAX_DEPTH = 3
_MAX_FILES = 2000
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d),? +(\d\d:\d\d)")


class LogLook:
    """Follows every log and settings file of any AnyDesk that is written to while the check runs.

    Args:
        roots: folders to look below, the expected ones among them.
        places: names of the files.
        seen: where findings go.
    """

    def __init__(self, roots: Sequence[Path], places: DataPlaces, seen: Observation) -> None:
        self._roots, self._places, self._seen = roots, places, seen
        self._tails: dict[Path, Tail] = {}
        self._begun = time.time()
        for path in self._files():
            if self._is_log(path.name):
                self._tails[path] = Tail(path)

    def look(self) -> None:
        """Take in what was written since the last look."""
        for path in self._files():
            if not self._is_fresh(path):
                continue
            if path.name in self._places.settings_names:
                self._note_folder(path.parent)
            elif path not in self._tails:
                self._tails[path] = Tail(path, from_start=True)
        for path, tail in self._tails.items():
            lines = tail.read()
            if lines:
                self._note_lines(path, lines)

    def note_settings(self, number: str) -> None:
        """Note which keys are written down, and whether the number is the answered one."""
        folders = tuple(Path(folder) for folder in self._seen.found_folders)
        try:
            settings = read_settings(DataPlaces(folders, (), (), self._places.settings_names))
        except UnreadableSettingsError:
            return
        if settings is None:
            return
        self._seen.settings = {key: _is_written(key, settings) for key in SETTINGS}
        if number:
            self._seen.written_number = settings.get("ad.anynet.id") == number

    def _files(self) -> Iterable[Path]:
        names = {*self._places.settings_names, *self._places.connection_names}
        left = _MAX_FILES
        for root in dict.fromkeys(self._roots):
            for folder, folders, files in os.walk(root):
                depth = len(Path(folder).relative_to(root).parts)
                folders[:] = [] if depth >= _MAX_DEPTH else sorted(folders)
                left -= len(files)
                yield from (Path(folder, name) for name in files if name in names or self._is_log(name))
                if left < 0:
                    return

    def _is_log(self, name: str) -> bool:
        return name.endswith(".trace") or name in self._places.connection_names

    def _is_fresh(self, path: Path) -> bool:
        try:
            return path.stat().st_mtime >= self._begun - 1
        except OSError:
            return False

    def _note_folder(self, folder: Path) -> None:
        found = str(folder)
        if found not in self._seen.found_folders:
            self._seen.found_folders = (*self._seen.found_folders, found)

    def _note_lines(self, path: Path, lines: list[str]) -> None:
        encoding = _encoding(path)
        if path.name in self._places.connection_names:
            self._seen.connection_files[path.name] = encoding
            for line in filter(str.strip, lines):
                self._note_connection(line)
            return
        self._seen.trace_files[path.name] = encoding
        for line in filter(str.strip, lines):
            event = parse_trace_line(line)
            self._seen.lines += 1
            if event is None:
                self._seen.strange_lines += 1
            else:
                self._seen.words[event.word] = self._seen.words.get(event.word, 0) + 1

    def _note_connection(self, line: str) -> None:
        self._seen.connection_total += 1
        if parse_connection_line(line) is None:
            return
        self._seen.connection_lines += 1
        stamp = _STAMP.search(line)
        if stamp is not None:
            self._seen.connection_clock = _clock(f"{stamp[1]} {stamp[2]}", time.time())


def _is_written(key: str, settings: Mapping[str, str]) -> bool:
    feature = key.rpartition(".")[2]
    return any(one == key or one.endswith(f".permissions.{feature}") for one in settings)


def _encoding(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(256)
    except OSError:
        return "unreadable"
    has_mark = head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:3] == b"\xef\xbb\xbf"
    return guess_encoding(head) + (" with a mark" if has_mark else "")


def _clock(stamp: str, now: float) -> str:
    """Return whose clock a stamp of this minute shows."""
    written = datetime.strptime(stamp, "%Y-%m-%d %H:%M")
    offset = datetime.fromtimestamp(now).astimezone().utcoffset()
    if offset is None or not offset:
        return "this computer's clock is at UTC: cannot be told"
    local = datetime.fromtimestamp(now).replace(tzinfo=None)
    return (
        "local time"
        if abs((local - written).total_seconds()) < abs(offset.total_seconds()) / 2
        else "UTC or another"
    )
