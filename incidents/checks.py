"""What is wrong with how the site is set up, said when it starts. Read by `manage.py migrate`, by
`manage.py check --database default`, and by each process of the web server."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connections
from django.utils import timezone

from incidents.backups.lateness import what_is_wrong_in
from incidents.lib.connection_budget import Budget, allowed_by
from incidents.wording.advice import KEYS

logger = logging.getLogger(__name__)


def budget() -> Budget:
    pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool") or {}
    return Budget(
        web_processes=settings.WEB_PROCESSES,
        web_threads=settings.WEB_THREADS,
        pool=pool.get("max_size", 0),
        light_workers=settings.LIGHT_WORKERS,
        heavy_workers=settings.HEAVY_WORKERS,
    )


@checks.register(checks.Tags.database)
def connections_suffice(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Before PgBouncer there is no limit that we could ask for."""
    if "default" not in (databases or []) or settings.PGBOUNCER:
        return []
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return []
    return problems(budget(), allowed=allowed_by(connection))


def problems(planned: Budget, *, allowed: int) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    if planned.needed > allowed:
        found.append(
            checks.Warning(
                f"The site may open {planned.needed} connections to the database, which allows"
                f" {allowed}: {planned.in_words}.",
                hint="Run less, lower DATABASE_POOL, raise max_connections, or put PgBouncer before"
                " the database. WEB_PROCESSES, LIGHT_WORKERS and HEAVY_WORKERS say what runs.",
                id="incidents.W001",
            )
        )
    if 0 < planned.pool < planned.web_threads:
        found.append(
            checks.Warning(
                f"{planned.web_threads} threads of the web server share {planned.pool} connections"
                " to the database: some wait for the others.",
                hint="Raise DATABASE_POOL, or lower the number of threads and WEB_THREADS.",
                id="incidents.W002",
            )
        )
    return found


@checks.register(checks.Tags.database)
def backups_are_taken(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Where the setting names a folder: a copy that stopped is noticed on the day it is needed."""
    if "default" not in (databases or []) or not settings.BACKUP_DIR:
        return []
    wrong = what_is_wrong_in(
        Path(settings.BACKUP_DIR),
        every=timedelta(hours=settings.BACKUP_EVERY),
        at=timezone.now(),
    )
    if not wrong:
        return []
    hint = "`/jobs/` says why it could not be done, or that no worker looks at the heavy queue."
    return [checks.Warning(wrong, hint=hint, id="incidents.W003")]


@checks.register
def rules_switched_off_exist(**_: Any) -> list[checks.CheckMessage]:
    unknown = sorted(set(settings.WORDING_RULES_OFF) - KEYS)
    if not unknown:
        return []
    return [
        checks.Error(
            f"WORDING_RULES_OFF names {', '.join(unknown)}: there is no such rule.",
            hint=f"It takes some of {', '.join(sorted(KEYS))}.",
            id="incidents.E001",
        )
    ]


def warn_at_start() -> None:
    """Beside the start of the web server, which does not wait for the database."""
    Thread(target=warn, name="checks", daemon=True).start()


def warn() -> None:
    try:
        databases = ["default"]
        for problem in [
            *connections_suffice(databases=databases),
            *backups_are_taken(databases=databases),
        ]:
            logger.warning("%s %s", problem.msg, problem.hint)
    except DatabaseError:
        logger.warning("The database could not be asked how many connections it allows.")
    finally:
        connections["default"].close()
