"""The command line of the client, read by hand: argparse would cost a tenth of the time to the first window."""

from __future__ import annotations

import sys
from pathlib import Path

import resources
from client_app.core.value import Value

USAGE = """usage: pomoc-zdalna [--version] [--return] [--language pl|en]
                    [--company FOLDER] [--data FOLDER] [--installed LIST]
       pomoc-zdalna --field-check [--company FOLDER] [--data FOLDER]

  --field-check      compare the real AnyDesk with what this program assumes of it; the first argument if it is one
  --version          print the version and end
  --return           go on after a restart of the computer that was agreed to (the program starts itself so)
  --language pl|en   language of the first page (default: pl; the page can switch)
  --company FOLDER   folder with brand.json, documents.json, release.json and anydesk/; not in the frozen program
  --data FOLDER      keep records, settings and logs there; not in the frozen program
  --installed LIST   the installation that "remove" removes, by its list; not in the frozen program
"""

_FROM_SOURCE = {"--company", "--data", "--installed"}


class UsageError(Exception):
    """The command line is wrong; the text says how it should be."""


class Options(Value):
    """What the command line asks for. `data` None means the user's own folders; `installed` None this very program."""

    company: Path
    data: Path | None = None
    installed: Path | None = None
    language: str = "pl"
    show_version: bool = False
    show_help: bool = False
    is_return: bool = False


def is_frozen() -> bool:
    """Tell whether this is the frozen program."""
    return bool(getattr(sys, "frozen", False))


def own_company_folder() -> Path:
    """Return the company's folder that came with this program."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) / "company" if bundle else resources.path("compiled")


def parse(arguments: list[str], *, frozen: bool | None = None) -> Options:
    """Read the arguments after the program's name.

    The frozen program takes no other company's folder: its root key is what the customer trusts.

    Raises:
        UsageError: an argument is unknown, lacks its value or is not for the frozen program.
    """
    frozen = is_frozen() if frozen is None else frozen
    values: dict[str, str] = {}
    flags: set[str] = set()
    rest = list(arguments)
    while rest:
        name = rest.pop(0)
        if name in ("--version", "--help", "--return"):
            flags.add(name)
        elif name in ("--language", *_FROM_SOURCE) and rest:
            values[name] = rest.pop(0)
        else:
            raise UsageError(f"{name} is not known here or lacks its value\n\n{USAGE}")
    if frozen and _FROM_SOURCE & values.keys():
        raise UsageError(f"{', '.join(sorted(_FROM_SOURCE))} are not for the frozen program\n\n{USAGE}")
    language = values.get("--language", "pl")
    if language not in ("pl", "en"):
        raise UsageError(f"--language is pl or en, not {language}\n\n{USAGE}")
    return Options(
        company=Path(values["--company"]) if "--company" in values else own_company_folder(),
        data=Path(values["--data"]) if "--data" in values else None,
        installed=Path(values["--installed"]) if "--installed" in values else None,
        language=language,
        show_version="--version" in flags,
        show_help="--help" in flags,
        is_return="--return" in flags,
    )
