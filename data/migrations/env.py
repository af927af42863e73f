"""Run migrations on the connection that the store hands over, inside its transaction."""

from alembic import context

from data import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
