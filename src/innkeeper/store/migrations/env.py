"""Run by Alembic, on the connection that `store.upgrading` gives it, in a transaction that is already open."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
