"""Many look up at once: each is answered, and what was asked is kept or counted as lost."""

import time
from contextlib import closing

import pytest
from django.conf import settings
from django.test import Client

from incidents.lookup.operations import keep_findable
from incidents.models import Lookup, Opening, Verdict
from tests.bench.server import Reader, running_site
from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import database_url
from tests.faults.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, EACH = 8, 10
LOST = "was not kept"
GATHERED = 0.2
"""Seconds after an answer: its request has ended, and its lookup is not kept yet."""


def test_each_is_answered_and_kept_or_counted(caplog: pytest.LogCaptureFixture) -> None:
    keep_findable(a_runbook(title="Make room", alerts="DiskFull"))
    people = [a_user("reader") for _ in range(PEOPLE)]

    def look_up(person: int) -> list[bool]:
        client = Client()
        client.force_login(people[person])
        answers = [client.get("/lookup/", {"q": f"DiskFull{n} disk"}) for n in range(EACH)]
        answers += [client.get("/lookup/", {"q": "DiskFull"}) for _ in range(2)]
        return [answer.status_code == 200 for answer in answers]

    told = at_once(look_up, range(PEOPLE), threads=PEOPLE)

    assert all(answered for answers in told for answered in answers)
    lost = len([record for record in caplog.records if LOST in record.getMessage()])
    # The last question is asked twice, and is one unless the first was lost.
    assert PEOPLE * (EACH + 1) <= Lookup.objects.count() + lost <= PEOPLE * (EACH + 2)


def test_a_tap_by_ten_at_once_is_one() -> None:
    """Sent twice by an impatient thumb; none of them is an error."""
    user, runbook = a_user("reader"), a_runbook(title="Make room", slug="room", alerts="DiskFull")
    keep_findable(runbook)
    first = Client()
    first.force_login(user)
    first.get("/lookup/", {"q": "DiskFull"})
    sent = {"lookup": Lookup.objects.get().pk, "said": "helped"}

    def tap(client: Client) -> int:
        return client.post("/runbooks/room/did-it-help/", sent).status_code

    clients = [Client() for _ in range(10)]
    for client in clients:
        client.cookies = first.cookies
    assert set(at_once(tap, clients, threads=10)) == {302}
    assert Verdict.objects.count() == Opening.objects.count() == 1


def test_so_is_one_without_a_lookup() -> None:
    user = a_user("reader")
    a_runbook(slug="room")
    first = Client()
    first.force_login(user)

    def press(client: Client) -> int:
        return client.post("/runbooks/room/did-it-help/", {"said": "helped"}).status_code

    clients = [Client() for _ in range(10)]
    for client in clients:
        client.cookies = first.cookies
    assert set(at_once(press, clients, threads=10)) == {302}
    assert Verdict.objects.count() == 1


def test_a_server_that_is_told_to_stop_keeps_what_was_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the lookup waits to be kept with others. A server that is told to stop between the last
    byte and the end of the request has lost it."""
    client.force_login(a_user("reader"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    monkeypatch.setenv("DATABASE_URL", database_url())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "postmortems.settings")
    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)

    with running_site() as port:
        person = Reader(port, f"{cookie.key}={cookie.value}")
        with closing(person.connection):
            person.seconds("/lookup/answers/?q=disk")
            time.sleep(GATHERED)

    assert Lookup.objects.get().text == "disk"
