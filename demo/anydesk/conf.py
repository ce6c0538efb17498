"""The stand-in's settings files: `key=value`, one a line, keeping what it does not know."""

from __future__ import annotations

from pathlib import Path


def read_conf(path: Path) -> dict[str, str]:
    """Return the settings of a file, in order; none when it is not there."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def update_conf(path: Path, values: dict[str, str]) -> None:
    """Set some keys and replace the file at once, so that a reader never sees a half."""
    merged = read_conf(path) | values
    new = path.with_name(path.name + ".new")
    new.write_text("".join(f"{key}={value}\n" for key, value in merged.items()), "utf-8")
    new.replace(path)
