"""What is wrong with how the site is set up, said when it starts. Read by `manage.py migrate`, by
`manage.py check --database default`, and by each process of the web server."""

import logging
import os
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
from incidents.health.clocks import clock_problems
from incidents.health.exposure import Exposed, problems_of
from incidents.health.limits import slowest_answer
from incidents.health.queries import left_waiting
from incidents.lib.connection_budget import Budget, allowed_by
from incidents.models import Job
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
        at_once=settings.REQUESTS_AT_ONCE,
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
    if 0 < planned.pool < planned.busy_threads:
        found.append(
            checks.Warning(
                f"{planned.busy_threads} threads of the web server share {planned.pool} connections"
                " to the database: some wait for the others.",
                hint="Raise DATABASE_POOL, or lower REQUESTS_AT_ONCE.",
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


@checks.register(checks.Tags.database)
def clocks_agree(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """What is due, leased or signed for a while is measured by the clocks of several machines."""
    if "default" not in (databases or []) or not is_prepared():
        return []
    hint = "Have all machines keep their time by NTP (systemd-timesyncd, chrony)."
    wrong = clock_problems(connections["default"], at=timezone.now())
    return [checks.Warning(one, hint=hint, id="incidents.W004") for one in wrong]


@checks.register(checks.Tags.database)
def work_is_looked_after(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """A site that has just been made owes nothing, and nothing waits for a worker yet."""
    if "default" not in (databases or []) or not is_prepared():
        return []
    return [
        checks.Warning(
            f"Work has waited in the {queue} queue for {minutes} minutes, and no worker looks into"
            " it.",
            hint=f"Start one: `manage.py work --queue {queue}`, or Celery's with `-Q {queue}`.",
            id="incidents.W005",
        )
        for queue, minutes in left_waiting(at=timezone.now())
    ]


@checks.register(checks.Tags.database)
def answers_are_waited_for(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """A proxy that gives up first sends people away while their page is still being made."""
    if "default" not in (databases or []):
        return []
    slowest = slowest_answer(connections["default"])
    if slowest.seconds is not None and slowest.seconds < settings.PROXY_SECONDS:
        return []
    long = "for ever" if slowest.seconds is None else f"for {slowest.seconds:g} seconds"
    return [
        checks.Warning(
            f"A request may wait for the database {long} ({slowest.in_words}), and the proxy gives"
            f" up after {settings.PROXY_SECONDS}.",
            hint="Raise the proxy's limit and PROXY_SECONDS, which tells the site of it, or lower"
            " REQUEST_SECONDS; behind PgBouncer, its connect_query sets statement_timeout.",
            id="incidents.W006",
        )
    ]


@checks.register(deploy=True)
def every_queue_has_a_worker(**_: Any) -> list[checks.CheckMessage]:
    planned = {"LIGHT_WORKERS": "light", "HEAVY_WORKERS": "heavy"}
    return [
        checks.Warning(
            f"{name} is 0: nobody is to do what is owed in the {queue} queue.",
            hint="Set it to how many run, on all machines together; without any,"
            " `manage.py deliver` by cron does the work.",
            id="incidents.W007",
        )
        for name, queue in planned.items()
        if not getattr(settings, name)
    ]


@checks.register(checks.Tags.security, deploy=True)
def nothing_is_left_open(**_: Any) -> list[checks.CheckMessage]:
    """Beside what Django itself looks at: its own settings for HTTPS, cookies and the key."""
    site = Exposed(
        site_url=settings.SITE_URL,
        allowed_hosts=list(settings.ALLOWED_HOSTS),
        trusted_origins=list(settings.CSRF_TRUSTED_ORIGINS),
        is_behind_proxy=bool(settings.SECURE_PROXY_SSL_HEADER),
        redirects=settings.SECURE_SSL_REDIRECT,
        speaks_tls=bool(os.environ.get("GRANIAN_SSL_CERTIFICATE")),
        key_file=settings.SECRET_KEY_FILE,
        has_broker=bool(settings.BROKER_URL),
    )
    return [checks.Warning(one.what, hint=one.hint, id=one.id) for one in problems_of(site)]


def is_prepared() -> bool:
    """Before the first migration there is nothing to be asked."""
    connection = connections["default"]
    return Job._meta.db_table in connection.introspection.table_names()


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
            *clocks_agree(databases=databases),
        ]:
            logger.warning("%s %s", problem.msg, problem.hint)
    except DatabaseError:
        logger.warning("The database could not be asked how many connections it allows.")
    finally:
        connections["default"].close()
