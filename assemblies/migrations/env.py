"""What Alembic runs for each migration: on the connection given, with our tables in sight."""

from __future__ import annotations

from alembic import context

import assemblies.tables  # noqa: F401 -- importing it names every table
from assemblies.database import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is whoever's who lent the connection
)
context.run_migrations()
