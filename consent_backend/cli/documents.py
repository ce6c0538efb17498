"""`publish`, `withdraw` and `documents`: terms, price list and privacy notice.

The database is imported by the commands that use it, so that the others start at once.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consent_backend.problems import PublishError
from consent_backend.settings import DOCUMENT_LIMIT_BYTES, DataFolder
from consent_record.documents import DocumentKind

KINDS = [kind.value for kind in DocumentKind]


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the commands to the parser."""
    publishing = commands.add_parser(
        "publish", parents=[common], help="publish a text as a new version; it is in force at once"
    )
    publishing.add_argument("kind", choices=KINDS)
    publishing.add_argument("file", type=Path, help="Markdown in UTF-8")
    publishing.add_argument("--language", required=True, help="two letters, for example pl")
    publishing.add_argument("--translation", action="store_true", help="a translation; not itself binding")
    publishing.set_defaults(run=run_publish)
    withdrawing = commands.add_parser("withdraw", parents=[common], help="withdraw a version")
    withdrawing.add_argument("kind", choices=KINDS)
    withdrawing.add_argument("version", type=int)
    withdrawing.add_argument("--language", default="pl", help="two letters (default: %(default)s)")
    withdrawing.set_defaults(run=run_withdraw)
    listing = commands.add_parser("documents", parents=[common], help="list every version")
    listing.set_defaults(run=run_list)


def run_publish(options: argparse.Namespace, folder: DataFolder) -> int:
    """Publish a text."""
    from consent_backend.acts.publishing import publish, read_text
    from consent_backend.cli.setup import prepare_database, prepare_keys
    from consent_backend.store.store import run_once

    with options.file.open("rb") as file:
        data = file.read(DOCUMENT_LIMIT_BYTES + 1)
    text = read_text(data)
    engine, keyring = prepare_database(folder), prepare_keys(folder)
    document = run_once(
        engine,
        lambda work: publish(
            work,
            keyring.document,
            kind=DocumentKind(options.kind),
            language=options.language,
            text=text,
            binding=not options.translation,
        ),
        True,
    )
    statement = document.signed.statement
    print(
        f"Published: {statement.kind.value} version {statement.version} ({statement.language}), in force now."
    )
    print(f"Title: {statement.title}\nSHA-256: {statement.sha256}")
    return 0


def run_withdraw(options: argparse.Namespace, folder: DataFolder) -> int:
    """Withdraw a version."""
    from consent_backend.acts.publishing import withdraw_version
    from consent_backend.cli.setup import prepare_database
    from consent_backend.store.store import run_once

    engine = prepare_database(folder)
    kind, language = DocumentKind(options.kind), options.language
    left = run_once(
        engine,
        lambda work: withdraw_version(work, kind=kind, language=language, version=options.version),
        True,
    )
    print(f"Withdrawn: {kind.value} version {options.version} ({language}).")
    if left is None:
        print(f"WARNING: no version of {kind.value} ({language}) is in force now.", file=sys.stderr)
    else:
        print(f"In force now: version {left.reference.version} of {left.published_at}.")
    return 0


def run_list(_options: argparse.Namespace, folder: DataFolder) -> int:
    """List every version."""
    from consent_backend.cli.setup import prepare_database
    from consent_backend.store.documents import document_facts, in_force
    from consent_backend.store.store import run_once

    if not folder.database.exists():
        raise PublishError(f"there is no database at {folder.database}")
    facts = run_once(prepare_database(folder), lambda work: document_facts(work.connection), False)
    current = {fact.reference.document_id for fact in in_force(facts)}
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {len(facts)} versions")
    for fact in facts:
        reference = fact.reference
        state = "in force" if reference.document_id in current else "replaced"
        state = f"withdrawn {fact.withdrawn_at}" if fact.withdrawn_at else state
        note = "" if fact.binding else ", translation"
        print(
            f"{reference.kind.value} {reference.language} {reference.version}: {state}{note}, {reference.sha256}"
        )
    return 0
