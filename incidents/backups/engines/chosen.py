"""Which engine this site's database has."""

from django.db import connection

from incidents.backups.engines import Engine
from incidents.backups.engines.postgres import Postgres
from incidents.backups.engines.sqlite import Sqlite

ENGINES: dict[str, type[Sqlite] | type[Postgres]] = {"sqlite": Sqlite, "postgresql": Postgres}


def engine() -> Engine:
    return ENGINES[connection.vendor]()
