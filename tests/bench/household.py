"""The site as in production with all that it needs, and each of that failing in its way."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import NamedTuple

from tests.bench.server import running_site
from tests.faults.killing.programs import BEAT, LIGHT, Programs
from tests.notifications.post_office import PostOffice, post_office
from tests.postgres import Programs as PostgresPrograms
from tests.processes import until
from tests.redis import PrivateRedis

SITE = "site.sqlite3"


class Household:
    """In a folder on a disk of its own: the database, and all that the site writes."""

    def __init__(
        self, folder: Path, redis: PrivateRedis, postgres: PostgresPrograms | None
    ) -> None:
        self.folder, self.redis, self.postgres = folder, redis, postgres
        self.port = 0
        self.mail = MailServer()
        self.site = ExitStack()

    @contextmanager
    def running(self) -> Iterator["Household"]:
        with ExitStack() as stack:
            office = self.mail.office = stack.enter_context(post_office(self.mail.holds))
            stack.callback(self.mail.goes_on.set)
            os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(office.port)}
            told = ("SECRET_KEY", "BROKER_URL", "EMAIL_HOST", "EMAIL_PORT")
            settings = {name: os.environ[name] for name in told}
            settings["DJANGO_SETTINGS_MODULE"] = "postmortems.settings"
            self.programs = Programs([LIGHT, BEAT], self.folder, settings)
            stack.callback(self.programs.end)
            self.programs.keep_running()
            stack.callback(self.site.close)
            self.start_site()
            yield self

    def start_site(self) -> None:
        self.site.close()
        self.port = self.site.enter_context(running_site())

    def kill_workers(self) -> None:
        while members := self.programs.members():
            for pid in members:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for program in self.programs.running:
                if program:
                    program.poll()


@dataclass
class MailServer:
    """It takes every connection, and while it hangs says nothing."""

    goes_on: Event = field(default_factory=Event)
    office: PostOffice | None = None

    def __post_init__(self) -> None:
        self.goes_on.set()

    def holds(self, _number: int, _word: str) -> bool:
        self.goes_on.wait()
        return False

    @property
    def brought(self) -> int:
        return len(self.office.mails) if self.office else 0


Made = Callable[[Household], AbstractContextManager[None]]


class Fault(NamedTuple):
    """`begins_anew` where the site is started by it, and cannot be asked meanwhile."""

    name: str
    made: Made
    begins_anew: bool = False


@contextmanager
def redis_refuses(house: Household) -> Iterator[None]:
    house.redis.kill()
    yield
    house.redis.start()


@contextmanager
def redis_hangs(house: Household) -> Iterator[None]:
    house.redis.hang()
    yield
    house.redis.kill()
    house.redis.start()


@contextmanager
def mail_hangs(house: Household) -> Iterator[None]:
    house.mail.goes_on.clear()
    yield
    house.mail.goes_on.set()


@contextmanager
def workers_are_dead(house: Household) -> Iterator[None]:
    house.kill_workers()
    yield
    house.programs.keep_running()


@contextmanager
def disk_is_full(house: Household) -> Iterator[None]:
    """To the last byte: of the database, its log, and everything else that is written."""
    path = house.folder / "of-somebody-else"
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    path.unlink()


@contextmanager
def takes_no_changes(house: Household) -> Iterator[None]:
    """PostgreSQL is told so; of SQLite the folder is mounted so, and who has the file open would
    not notice: the site begins anew."""
    if house.postgres:
        read_only(house.postgres, "on")
        yield
        read_only(house.postgres, "off")
        return
    house.site.close()
    house.kill_workers()
    folder = str(house.folder)
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    house.start_site()
    yield
    house.site.close()
    subprocess.run(["umount", folder], check=True)
    house.programs.keep_running()
    house.start_site()


def read_only(postgres: PostgresPrograms, value: str) -> None:
    import psycopg  # noqa: PLC0415 (only where there is a PostgreSQL)

    with psycopg.connect(
        host=str(postgres.folder), user="postgres", dbname="postgres", autocommit=True
    ) as session:
        session.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        session.execute("SELECT pg_reload_conf()")

        def is_so() -> bool:
            return session.execute("SHOW default_transaction_read_only").fetchone() == (value,)

        until(is_so)


@contextmanager
def database_is_gone(house: Household) -> Iterator[None]:
    """What nothing can bear. Of SQLite the file is overwritten: it does not come back."""
    if house.postgres:
        house.postgres.stop(signal.SIGQUIT)
        yield
        house.postgres.start()
        return
    with (house.folder / SITE).open("r+b") as file:
        file.write(bytes((house.folder / SITE).stat().st_size))
    yield


FAULTS = (
    Fault("Redis refuses", redis_refuses),
    Fault("Redis hangs", redis_hangs),
    Fault("the mail server hangs", mail_hangs),
    Fault("the workers are dead", workers_are_dead),
    Fault("the disk is full", disk_is_full),
    Fault("the database takes no changes", takes_no_changes, begins_anew=True),
)
CONTROL = Fault("the database is gone (control)", database_is_gone)
