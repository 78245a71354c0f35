"""Changes of tables: who waits for a lock holds up everybody who comes after it."""

from typing import Self

from django.db.backends.postgresql import schema

LOCK_WAIT_MS = 800
"""So long, and no longer, those who only read wait behind a change that waits itself."""
# Of the role or the server, they are for those who answer requests. An index takes what it takes.
FOR_THIS_TRANSACTION = """
    SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN %s ELSE '0' END, true)
    FROM pg_settings
    WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout',
        'idle_in_transaction_session_timeout')
"""


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Raises `OperationalError` where a lock is not to be had soon; nothing is changed then."""

    def __enter__(self) -> Self:
        super().__enter__()
        if self.atomic_migration and not self.collect_sql:
            with self.connection.cursor() as cursor:
                cursor.execute(FOR_THIS_TRANSACTION, [f"{LOCK_WAIT_MS}ms"])
        return self
