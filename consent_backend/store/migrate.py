"""Bringing the database to the newest form with alembic; alembic itself is loaded only when there is work."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from consent_backend.store.engine import WRITES

HEAD = "0001"
"""Newest migration in migrations/versions."""

MIGRATIONS = Path(__file__).with_name("migrations")


def current_revision(connection: Connection) -> str | None:
    """Return the migration that the database has reached; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if revision is None else str(revision)


def migrate(engine: Engine) -> bool:
    """Run the missing migrations in one transaction.

    Returns:
        True when there was something to do.
    """
    with engine.connect() as connection:
        if current_revision(connection) == HEAD:
            return False
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
    return True
