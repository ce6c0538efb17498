"""Reading the command line and running one command."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

import platformdirs

from consent_backend import __version__
from consent_backend.cli import documents, keys, release, serve, technicians
from consent_backend.console.texts import CatalogueError
from consent_backend.keyring import KeyringError
from consent_backend.problems import ApiError, PublishError
from consent_backend.settings import DataFolder
from consent_backend.words import WordListError
from consent_record.errors import RecordError

EXIT_REFUSED = 1
EXIT_USAGE = 64


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; a command stores its function in `run`."""
    parser = _Parser(prog="python -m consent_backend", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    common = _Parser(add_help=False)
    common.add_argument(
        "--data",
        type=Path,
        default=platformdirs.user_data_path("pomoc-zdalna-backend", appauthor=False),
        help="folder with database and keys (default: %(default)s)",
    )
    for module in (serve, keys, release, documents, technicians):
        module.add_commands(commands, common)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command and return the exit code; what people can cause ends in a sentence, not a traceback."""
    options = make_parser().parse_args(argv)
    os.umask(0o077)
    try:
        code: int = options.run(options, DataFolder(options.data.absolute()))
    except ApiError as error:
        return _refused(error.detail)
    except RecordError as error:
        return _refused(error.reason)
    except (CatalogueError, KeyringError, PublishError, WordListError) as error:
        return _refused(str(error))
    except OSError as error:
        return _refused(f"{error.filename or 'system'}: {error.strerror or error}")
    return code


def _refused(sentence: str) -> int:
    print(f"Not done: {sentence}", file=sys.stderr)
    return EXIT_REFUSED
