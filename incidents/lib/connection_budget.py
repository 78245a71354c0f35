"""How many connections to the database a site may open, and how many it may have."""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

PER_LIGHT_WORKER, PER_HEAVY_WORKER = 2, 3
"""A worker's own and the one that keeps its lease; a heavy one's parent has another."""
# What is reserved for others is not for us; -1 is no limit.
LIMITS = """
    SELECT current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0),
           (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
           (SELECT datconnlimit FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True)
class Budget:
    """Everything that may be at work at once, on all machines together. `pool` is of one process
    of the web server; 0 for none. It works at `at_once` requests; 0 for as many as it has threads.
    """

    web_processes: int
    web_threads: int
    pool: int
    light_workers: int
    heavy_workers: int
    at_once: int = 0

    @property
    def busy_threads(self) -> int:
        """Of one process of the web server, how many may want a connection."""
        return min(self.web_threads, self.at_once or self.web_threads)

    @property
    def per_web_process(self) -> int:
        return self.pool or self.web_threads

    @property
    def needed(self) -> int:
        return (
            self.web_processes * self.per_web_process
            + self.light_workers * PER_LIGHT_WORKER
            + self.heavy_workers * PER_HEAVY_WORKER
        )

    @property
    def in_words(self) -> str:
        """Right: "2 web processes × 8, 1 light worker × 2, 1 heavy worker × 3"."""
        return ", ".join(
            f"{count} {name}{'' if count == 1 else ending} × {each}"
            for count, name, ending, each in (
                (self.web_processes, "web process", "es", self.per_web_process),
                (self.light_workers, "light worker", "s", PER_LIGHT_WORKER),
                (self.heavy_workers, "heavy worker", "s", PER_HEAVY_WORKER),
            )
        )


def allowed_by(connection: BaseDatabaseWrapper) -> int:
    """What the PostgreSQL server, the database and the user allow: the least of them."""
    with connection.cursor() as cursor:
        cursor.execute(LIMITS)
        limits: tuple[int | None, ...] = cursor.fetchone()
    return min(limit for limit in limits if limit is not None and limit >= 0)
