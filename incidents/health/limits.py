"""How long a request may wait for the database, by what the database and the settings allow."""

from typing import NamedTuple

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


class Slowest(NamedTuple):
    """`seconds` is None where nothing ends it."""

    seconds: float | None
    in_words: str


def slowest_answer(connection: BaseDatabaseWrapper) -> Slowest:
    options = connection.settings_dict.get("OPTIONS", {})
    if connection.vendor != "postgresql":
        wait = float(options.get("timeout", 5))
        return Slowest(wait, f"{wait:g} for whoever writes")
    pool = float((options.get("pool") or {}).get("timeout", 0))
    words = f"{pool:g} for a connection, " if pool else ""
    # Through PgBouncer nothing is asked for; what PostgreSQL or PgBouncer sets by itself, counts.
    query = set_by_others(connection) if settings.PGBOUNCER else settings.REQUEST_SECONDS
    if not query:
        return Slowest(None, f"{words}and for a query without statement_timeout")
    return Slowest(pool + query, f"{words}{query:g} for a query")


def set_by_others(connection: BaseDatabaseWrapper) -> float:
    """Seconds; 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")
        milliseconds: tuple[int] = cursor.fetchone()
    return milliseconds[0] / 1000
