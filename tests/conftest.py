"""What holds for every test: no network, the same examples each time, one choice of database."""

import ipaddress
import shutil
import sys
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from incidents.lookup.engines.reading import readers
from incidents.runbooks.offline.copies import kept
from tests.corpus import find_corpus
from tests.deploy import version_before
from tests.redis import find_redis
from tests.told import pytest_terminal_summary  # noqa: F401  # pytest calls it by its name

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}

hypothesis.settings.register_profile(
    # A failure seen once is seen by everybody; a slow machine is no failure.
    "suite",
    derandomize=True,
    deadline=None,
    database=None,
)
hypothesis.settings.load_profile("suite")


class NetworkForbidden(Exception):
    """A test tried to leave the machine."""


def refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: Python tells it of every connection, whichever library asks for it."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        # A Unix socket's address is a path; others are tuples that begin with the host.
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not is_this_machine(host):
        raise NetworkForbidden(f"Tests stay on this machine; this one asked for {host!r}.")


def is_this_machine(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


sys.addaudithook(refuse_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only the tests that use the database: the others learn nothing from a second one",
    )


def pytest_report_header() -> str:
    database = settings.DATABASES["default"]
    return f"database: {database['ENGINE'].rpartition('.')[2]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = items[:]
    if config.getoption("--only-database"):
        wanted = [item for item in wanted if uses_database(item)]
    wanted = [item for item in wanted if is_of_this_database(item)]
    if find_corpus() is None:
        # Nothing that could be installed: `python -m tests` says that they did not run, and why.
        wanted = [item for item in wanted if not item.get_closest_marker("corpus")]
    # Asked for only where it matters.
    if any(item.get_closest_marker("history") for item in wanted) and not version_before.is_there():
        wanted = [item for item in wanted if not item.get_closest_marker("history")]
    if find_redis() is None:
        wanted = [item for item in wanted if not item.get_closest_marker("redis")]
    kept = set(wanted)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = wanted


def is_of_this_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("of_database")
    return marker is None or marker.args == (connection.vendor,)


def uses_database(item: pytest.Item) -> bool:
    test_case = getattr(item, "cls", None)
    return bool(
        item.get_closest_marker("django_db")
        or DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        or (isinstance(test_case, type) and issubclass(test_case, TransactionTestCase))
    )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """On SQLite the migrated database is copied; PostgreSQL does that itself."""
    if is_copied():
        shutil.copyfile(settings.TEST_MIGRATED, settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Django would begin by removing the copy; its folder goes with the process."""
    return django_db_keepdb or is_copied()


def is_copied() -> bool:
    engine = settings.DATABASES["default"]["ENGINE"]
    return bool(settings.TEST_MIGRATED) and engine == "django.db.backends.sqlite3"


@pytest.fixture(autouse=True)
def nobody_reads_on_after_the_test() -> Iterator[None]:
    """The index of the archive is read in the background, by a connection of its own."""
    yield
    for reader in readers():
        reader.join(30)


@pytest.fixture(autouse=True)
def no_copy_is_of_another_test() -> None:
    """Each begins with a database in which versions and times come again."""
    kept.made.clear()
