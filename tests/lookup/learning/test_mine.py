"""What one looked up oneself: for oneself alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.models import Lookup, User, Verdict
from tests.factories import a_lookup, a_runbook, a_user
from tests.pages import forms_on

pytestmark = pytest.mark.django_db

ADDRESS = "/lookup/mine/"


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def mine(client: Client) -> str:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return answer.content.decode()


def opened(user: User, title: str = "Make room", text: str = "disk full") -> Lookup:
    runbook = a_runbook(title=title)
    lookup = a_lookup(runbook, asked_by=user, asked_at=timezone.now(), text=text)
    lookup.openings.create(runbook=runbook, place=1, opened_at=timezone.now())
    return lookup


def test_it_works(client: Client, reader: User) -> None:
    opened(reader)
    told = mine(client)
    assert "disk full" in told
    assert "Make room" in told
    assert "kept for 90 days, and read by you and by administrators" in told

    (form,) = [one for one in forms_on(told, ADDRESS) if "did-it-help" in one.action]
    answer = client.post(form.action, {**form.sent(), "said": "helped"})

    assert answer["Location"] == ADDRESS
    assert Verdict.objects.get().said == "helped"
    assert "You said: it helped." in mine(client)


def test_nothing_looked_up(client: Client, reader: User) -> None:
    assert "You looked nothing up lately" in mine(client)


def test_where_nothing_is_kept_it_says_so(client: Client, reader: User, settings: Settings) -> None:
    opened(reader)
    settings.LOOKUP_DAYS = 0
    told = mine(client)
    assert "This site keeps no lookups" in told
    assert "disk full" not in told


def test_others_are_not_shown_even_to_administrators(client: Client) -> None:
    opened(a_user())
    a_lookup(asked_by=None, asked_at=timezone.now())
    client.force_login(a_user("admin"))
    assert "disk full" not in mine(client)


def test_what_was_typed_is_shown_as_text(client: Client, reader: User) -> None:
    a_lookup(asked_by=reader, asked_at=timezone.now(), text="</p><script>alert(1)</script>")
    assert "<script>alert" not in mine(client)


class TestForgetting:
    def test_it_works(self, client: Client, reader: User) -> None:
        lookup = opened(reader)
        verdict = lookup.verdicts.create(
            runbook_id=lookup.offered[0], said="helped", said_at=timezone.now()
        )
        answer = client.post("/lookup/mine/forget/", {"lookup": lookup.pk})
        assert answer["Location"] == ADDRESS
        assert not Lookup.objects.exists()
        verdict.refresh_from_db()
        assert verdict.lookup is None

    @pytest.mark.parametrize("role", ["reader", "admin"])
    def test_somebody_elses_stays(self, client: Client, role: str) -> None:
        lookup = opened(a_user())
        client.force_login(a_user(role))
        assert client.post("/lookup/mine/forget/", {"lookup": lookup.pk}).status_code == 404
        assert Lookup.objects.exists()


class TestHome:
    def test_it_asks_what_was_not_said(self, client: Client, reader: User) -> None:
        first, _ = opened(reader), opened(reader)
        assert "2 runbooks that you opened: did they help?" in client.get("/").content.decode()
        first.verdicts.create(runbook_id=first.offered[0], said="helped", said_at=timezone.now())
        assert "1 runbook that you opened: did it help?" in client.get("/").content.decode()

    def test_it_asks_nothing_of_others(self, client: Client, reader: User) -> None:
        opened(a_user())
        assert "that you opened" not in client.get("/").content.decode()


def test_many_take_no_more_queries(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        opened(reader)
    with django_assert_max_num_queries(20) as few:
        mine(client)
    for number in range(60):
        opened(reader, text=f"disk {number}")
    Lookup.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    with django_assert_max_num_queries(len(few)):
        told = mine(client)
    assert "1–50 of 63" in told
