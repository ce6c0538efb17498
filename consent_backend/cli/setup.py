"""Making what a first start needs: folder, database, keys. Whatever exists is left alone."""

from nacl.signing import SigningKey
from sqlalchemy import Engine

from consent_backend.keyring import (
    ONLINE_ROLES,
    Keyring,
    has_keys,
    load_keyring,
    make_keys,
    root_path,
    write_new_private,
)
from consent_backend.settings import DataFolder
from consent_backend.store.engine import open_engine
from consent_backend.store.migrate import migrate
from consent_record.keys import Role

LOCAL_ROOT_NOTICE = (
    "The root key lies beside the other keys: good for trying, not for a company. "
    "A company makes its root offline: python -m consent_backend keys init --offline FOLDER"
)


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
        make_local_keys(folder)
        print(f"Keys: {folder.keys} (root for clients: {folder.root_public})")
    return load_keyring(folder.keys)


def make_local_keys(folder: DataFolder) -> SigningKey:
    """Make every key with a local root, for trying."""
    root = write_new_private(root_path(folder.keys))
    make_keys(folder.keys, root=root, roles=(*ONLINE_ROLES, Role.RELEASE))
    return root
