"""`technician add|set-password|numbers`: accounts of the console.

The database is imported by the commands that use it, so that the others start at once.
"""

import argparse
import sys
from typing import Any

from consent_backend.settings import DataFolder


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands to the parser."""
    people = commands.add_parser("technician", help="accounts of the console").add_subparsers(required=True)
    add = people.add_parser("add", parents=[common], help="make an account")
    add.add_argument("name", help="sign-in name")
    add.add_argument("--display-name", required=True, help="name that customers see")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.add_argument(
        "--number", action="append", default=[], help="AnyDesk number to connect from; repeatable"
    )
    add.set_defaults(run=run_add)
    change = people.add_parser("set-password", parents=[common], help="set a new password; ends all sessions")
    change.add_argument("name")
    change.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    change.set_defaults(run=run_password)
    numbers = people.add_parser("numbers", parents=[common], help="set the AnyDesk numbers to connect from")
    numbers.add_argument("name")
    numbers.add_argument("numbers", nargs="+")
    numbers.set_defaults(run=run_numbers)


def run_add(options: argparse.Namespace, folder: DataFolder) -> int:
    """Make an account."""
    from consent_backend.acts.people import hash_password, make_technician, parse_numbers, store_numbers
    from consent_backend.cli.setup import prepare_database
    from consent_backend.store.store import run_once
    from consent_backend.store.work import Work

    engine = prepare_database(folder)
    password, is_own = _password(options.password_stdin)
    hashed = hash_password(password)
    numbers = parse_numbers("\n".join(options.number))

    def act(work: Work) -> None:
        technician = make_technician(work, options.name, options.display_name, hashed, must_change=not is_own)
        if numbers:
            store_numbers(work, technician, numbers)

    run_once(engine, act, True)
    print(f"Added: {options.name}")
    _tell(password, is_own)
    return 0


def run_password(options: argparse.Namespace, folder: DataFolder) -> int:
    """Set a password."""
    from consent_backend.acts.people import hash_password, known_technician
    from consent_backend.cli.setup import prepare_database
    from consent_backend.store.events import add_audit
    from consent_backend.store.people import set_password
    from consent_backend.store.store import run_once
    from consent_backend.store.work import Work

    engine = prepare_database(folder)
    password, is_own = _password(options.password_stdin)
    hashed = hash_password(password)

    def act(work: Work) -> None:
        technician = known_technician(work, options.name)
        set_password(work, technician.id, hashed, must_change=not is_own)
        add_audit(work, "password.set_by_command", technician_id=technician.id)

    run_once(engine, act, True)
    print(f"Password set: {options.name}")
    _tell(password, is_own)
    return 0


def run_numbers(options: argparse.Namespace, folder: DataFolder) -> int:
    """Set AnyDesk numbers."""
    from consent_backend.acts.people import known_technician, parse_numbers, store_numbers
    from consent_backend.cli.setup import prepare_database
    from consent_backend.store.store import run_once

    engine = prepare_database(folder)
    numbers = parse_numbers("\n".join(options.numbers))
    run_once(engine, lambda work: store_numbers(work, known_technician(work, options.name), numbers), True)
    print(f"AnyDesk numbers of {options.name}: {', '.join(numbers)}")
    return 0


def _password(from_stdin: bool) -> tuple[str, bool]:
    from consent_backend.acts.people import one_time_password

    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), True
    return one_time_password(), False


def _tell(password: str, is_own: bool) -> None:
    if not is_own:
        print(f"One-time password (shown only now, changed at the first sign-in): {password}")
