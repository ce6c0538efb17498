"""Making what a first start needs: folder, database, keys, an account. Whatever exists is left alone."""

from sqlalchemy import Engine

from consent_backend.acts.people import hash_password, make_technician, one_time_password
from consent_backend.keyring import Keyring, has_keys, load_keyring, make_local_keys
from consent_backend.settings import DataFolder
from consent_backend.store.engine import open_engine
from consent_backend.store.migrate import migrate
from consent_backend.store.people import count_technicians
from consent_backend.store.store import run_once
from consent_backend.store.work import Work

FIRST_NAME = "technik"


def prepare_database(folder: DataFolder) -> Engine:
    """Make the folder and bring the database to the newest form; returns the open database."""
    folder.make()
    engine = open_engine(folder.database)
    if migrate(engine):
        print(f"Database: {folder.database}")
    return engine


def prepare_keys(folder: DataFolder) -> Keyring:
    """Load the keys; make them, with a local root, when there are none.

    Raises:
        KeyringError: keys are there but cannot be used.
    """
    folder.make()
    if not has_keys(folder.keys):
        make_local_keys(folder.keys)
        print(f"Keys: {folder.keys} (root for clients: {folder.root_public})")
    return load_keyring(folder.keys)


def first_technician(engine: Engine) -> None:
    """Make the first account and print its one-time password, when there is no account yet."""

    def make(work: Work) -> str | None:
        if count_technicians(work.connection):
            return None
        password = one_time_password()
        make_technician(work, FIRST_NAME, "Technik", hash_password(password), must_change=True)
        return password

    password = run_once(engine, make, True)
    if password is not None:
        print(f"First technician: name {FIRST_NAME}, one-time password {password} (shown only now)")
