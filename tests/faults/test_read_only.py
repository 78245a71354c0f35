"""The database takes no changes: all that is there is read, and whoever writes is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from incidents.lookup.operations import keep_findable
from incidents.models import Alert, User
from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import database_url
from tests.faults.mounts import unseal, with_sealed_folder
from tests.faults.own_postgres import own_postgres
from tests.faults.own_site import BARE, PASSWORD, SIGN_IN, Answer, OwnSite, served, signed_in
from tests.processes import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PAGES = ("/", "/lookup/?q=DiskFull", "/search/?q=disk", "/runbooks/room/", "/incidents/")

Change = Callable[[], None]


@pytest.fixture
def person(settings: Settings) -> User:
    # The site knows none of the tests' own.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    keep_findable(a_runbook(title="Make room", slug="room", alerts="DiskFull"))
    user = a_user()
    user.set_password(PASSWORD)
    user.save()
    return user


@contextmanager
def that_takes_no_changes(
    person: User, folder: Path, **told: str
) -> Iterator[tuple[OwnSite, Change, Change]]:
    """The site, what makes its database so, and what ends that."""
    cookie = signed_in(person)
    if connection.vendor == "sqlite":
        folder_of_it = place().parent
        sealed = with_sealed_folder(folder_of_it)
        with served(database_url(), folder, cookie=cookie, within=sealed, **told) as site:
            yield site, lambda: None, lambda: unseal(folder_of_it, seen_by=site.pid)
        return
    with own_postgres() as postgres, served(postgres.url, folder, cookie=cookie, **told) as site:

        def set_to(value: str) -> None:
            postgres.rows(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            postgres.rows("SELECT pg_reload_conf()")
            assert until(lambda: postgres.rows("SHOW default_transaction_read_only") == [(value,)])

        yield site, lambda: set_to("on"), lambda: set_to("off")


def place() -> Path:
    return Path(connection.settings_dict["NAME"])


def test_all_is_read_and_whoever_writes_is_told(person: User, tmp_path: Path) -> None:
    with that_takes_no_changes(person, tmp_path) as (site, begin, end):
        begin()
        read = [site.get(path).status for path in (*PAGES, SIGN_IN) * 2]
        told = [site.tell_of_an_alert(f"Meanwhile{n}") for n in range(3)]
        signing_in = site.sign_in(person)
        end()
        again = until(lambda: site.tell_of_an_alert("Afterwards").status == 200, seconds=10)
        signed = site.sign_in(person)

    # Who has signed in is known by a row that is only read. The page of the sign-in leads on.
    assert read == [*([200] * len(PAGES)), 302] * 2
    assert all(answer.is_refusal_in_words for answer in told)
    assert "Nothing can be saved just now" in told[0].body
    assert signing_in.is_refusal_in_words
    assert again
    assert is_welcome(signed)
    assert site.kept == ["Afterwards"]
    if connection.vendor == "sqlite":
        assert list(Alert.objects.values_list("fingerprint", flat=True)) == ["Afterwards"]


def is_welcome(answer: Answer) -> bool:
    return answer.status == 302 and "sessionid" in answer.headers.get("set-cookie", "")


def test_without_protection_it_is_an_error(person: User, tmp_path: Path) -> None:
    """The control."""
    told = {"DJANGO_SETTINGS_MODULE": BARE}
    with that_takes_no_changes(person, tmp_path, **told) as (site, begin, _):
        begin()
        assert site.tell_of_an_alert("Meanwhile").status == 500
