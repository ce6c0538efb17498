"""Migrations of the database, run by alembic; the newest is named in store/migrate.py."""
