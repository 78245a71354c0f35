"""PgBouncer by its file: what a session has, and that nobody keeps one."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.deploy.pgbouncer import find_pgbouncer, private_pgbouncer
from tests.redis import HOST

pytestmark = pytest.mark.django_db(transaction=True)

Session = psycopg.Connection[Any]


@pytest.fixture
def sessions() -> Iterator[tuple[Session, Session] | None]:
    """Of two clients at once. None on SQLite, before which nothing stands."""
    if connection.vendor != "postgresql":
        yield None
        return
    program = find_pgbouncer()
    if program is None:
        pytest.skip("no pgbouncer on this machine (PGBOUNCER_BIN, PATH).")
    known: dict[str, Any] = connection.settings_dict
    database, user = known["NAME"], known["USER"]
    with private_pgbouncer(program, host=known["HOST"], user=user, database=database) as port:
        client: dict[str, Any] = {"host": HOST, "port": port, "user": user, "dbname": database}
        with (
            psycopg.connect(**client, autocommit=True) as first,
            psycopg.connect(**client, autocommit=True) as second,
        ):
            yield first, second


def said(session: Session, query: str) -> Any:
    row = session.execute(query).fetchone()
    return row[0] if row else None


def test_each_session_has_what_the_site_would_ask_for(
    sessions: tuple[Session, Session] | None,
) -> None:
    if sessions is None:
        return
    for session in sessions:
        assert said(session, "SHOW jit") == "off"
        assert said(session, "SHOW statement_timeout") == "30s"
        assert said(session, "SHOW lock_timeout") == "10s"


def test_a_session_is_kept_for_a_transaction_and_no_longer(
    sessions: tuple[Session, Session] | None,
) -> None:
    if sessions is None:
        return
    first, second = sessions
    # What is free is given to whoever asks.
    assert said(first, "SELECT pg_backend_pid()") == said(second, "SELECT pg_backend_pid()")
    with first.transaction():
        held = said(first, "SELECT pg_backend_pid()")
        assert said(second, "SELECT pg_backend_pid()") != held
        assert said(first, "SELECT pg_backend_pid()") == held


def test_the_zone_follows_its_client(sessions: tuple[Session, Session] | None) -> None:
    if sessions is None:
        return
    first, second = sessions
    first.execute("SET TIME ZONE 'Asia/Tokyo'")
    second.execute("SET TIME ZONE 'UTC'")

    assert said(first, "SHOW TimeZone") == "Asia/Tokyo"
    assert said(second, "SHOW TimeZone") == "UTC"
