"""Command line: `python -m consent_record verify RECEIPT [--root PUB]`; needs no network and no backend."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from consent_record.errors import RecordError
from consent_record.keys import parse_public_key
from consent_record.verify import Verdict, judge

FILE_LIMIT_BYTES = 4 * 1024 * 1024
EXIT_USAGE = 64
"""Wrong command line (sysexits.h); argparse's own 2 would read as "origin unknown"."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(FILE_LIMIT_BYTES + 1)
    if len(data) > FILE_LIMIT_BYTES:
        raise OSError(f"{path} is larger than any receipt")
    return data


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m consent_record", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser(
        "verify", help="check a receipt; exit 0 valid, 1 not valid, 2 consistent but origin unknown"
    )
    verify.add_argument("receipt", type=Path, help="the receipt's JSON file")
    verify.add_argument("--root", type=Path, help="file with the company's root public key (ed25519:...)")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code: see `Verdict`, and 64 for a wrong command line."""
    options = _parser().parse_args(argv)
    try:
        root_key = parse_public_key(_read(options.root).decode("utf-8")) if options.root else None
        data = _read(options.receipt)
    except (OSError, UnicodeDecodeError, RecordError) as error:
        print(f"NOT CHECKED: {error}", file=sys.stderr)
        return int(Verdict.WRONG)
    judgement = judge(data, root_key=root_key)
    print("\n".join(judgement.sentences))
    return int(judgement.verdict)


if __name__ == "__main__":
    sys.exit(main())
