"""Sessions end by themselves, and by whoever looks after accounts."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.access import sessions
from incidents.access.sessions import BEGUN, DAY, SEEN, SEEN_EVERY, SessionStore
from incidents.directory.operations import deactivate_person, reactivate_person
from incidents.models import User
from tests.factories import NOW, PASSWORD, a_user

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    runs = Clock()
    monkeypatch.setattr(sessions, "time", runs)
    return runs


def signed_in(person: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def of(client: Client) -> SessionStore:
    return SessionStore(client.cookies["sessionid"].value)


def test_it_works(clock: Clock) -> None:
    client = signed_in(a_user())

    clock.now += 6 * DAY

    assert is_in(client)


def test_who_asks_nothing_for_a_week_signs_in_anew(clock: Clock) -> None:
    client = signed_in(a_user())

    clock.now += 7 * DAY

    assert not is_in(client)


def test_who_asks_every_day_signs_in_anew_after_two_weeks(clock: Clock) -> None:
    client = signed_in(a_user())
    days = 0
    while is_in(client):
        clock.now += DAY
        days += 1

    assert days == 14


def test_how_long_is_the_operators_choice(clock: Clock, settings: Settings) -> None:
    settings.SESSION_DAYS = 1
    client = signed_in(a_user())

    clock.now += DAY

    assert not is_in(client)


def test_that_somebody_is_there_is_written_once_an_hour(clock: Clock) -> None:
    client = signed_in(a_user())
    begun = of(client)[SEEN]

    clock.now += SEEN_EVERY - 1
    is_in(client)
    assert of(client)[SEEN] == begun

    clock.now += 1
    is_in(client)
    assert of(client)[SEEN] == clock.now
    assert of(client)[BEGUN] == begun


def test_a_database_that_takes_no_writes_keeps_nobody_out(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise DatabaseError("read-only")

    client = signed_in(a_user())
    clock.now += 2 * SEEN_EVERY
    monkeypatch.setattr(sessions, "brief_write", refuse)

    assert is_in(client)


def test_a_session_of_a_version_before_ends_as_it_did(clock: Clock) -> None:
    client = signed_in(a_user())
    store = of(client)
    del store[BEGUN], store[SEEN]
    store.save()
    clock.now += 30 * DAY

    assert is_in(client)
    late = timezone.now() - timedelta(seconds=1)
    Session.objects.update(expire_date=late)
    assert not is_in(client)


def test_of_a_closed_account_nothing_is_left_when_it_is_opened_again() -> None:
    admin, person = a_user(role="admin"), a_user()
    theirs, another = signed_in(person), signed_in(admin)

    deactivate_person(person, by=admin, at=NOW)
    person.refresh_from_db()
    reactivate_person(person, by=admin, at=NOW)

    assert not is_in(theirs)
    assert is_in(another)


def test_one_is_signed_out_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = a_user(), a_user()
    here, there, another = signed_in(one), signed_in(one), signed_in(other)

    call_command("sign_out", one.username)

    assert [is_in(client) for client in (here, there, another)] == [False, False, True]
    assert "Ended 2 sessions." in capsys.readouterr().out


def test_so_is_everybody() -> None:
    clients = [signed_in(a_user()) for _ in range(3)]

    call_command("sign_out", "--everybody")

    assert not any(map(is_in, clients))


@pytest.mark.parametrize("asked", [[], ["nobody"], ["somebody", "--everybody"]])
def test_what_cannot_be_done_is_said(asked: list[str]) -> None:
    a_user(username="somebody")

    with pytest.raises(CommandError):
        call_command("sign_out", *asked)


def test_an_address_is_changed_by_who_shows_the_password_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = a_user(username="grace", email="grace@example.com")
    client = Client()
    client.force_login(person)
    asked = {"action_add": "", "email": "other@example.com"}

    answer = client.post("/accounts/email/", asked)

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not person.emailaddress_set.filter(email="other@example.com").exists()
    form = client.get(answer["Location"])
    assert 'type="password"' in form.content.decode()
    wrong = client.post(answer["Location"], {"password": "wrong"})
    assert wrong.status_code == 200
    client.post(answer["Location"], {"password": PASSWORD})
    client.post("/accounts/email/", asked)
    assert person.emailaddress_set.filter(email="other@example.com").exists()
