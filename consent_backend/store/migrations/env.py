"""What alembic runs: the migrations, on the connection and in the transaction of store/migrate.py."""

from alembic import context

from consent_backend.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
