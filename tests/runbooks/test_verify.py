"""Saying that a runbook is right."""

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Change, Runbook
from tests.factories import a_runbook, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def runbook() -> Runbook:
    return a_runbook(slug="redis")


def test_it_works(client: Client, runbook: Runbook) -> None:
    user = a_user()
    client.force_login(user)
    before = timezone.now()

    answer = client.post("/runbooks/redis/verify/", {"version": 1}, follow=True)

    runbook.refresh_from_db()
    assert before <= runbook.last_verified_at <= timezone.now()
    assert runbook.last_verified_date == user.date_at(runbook.last_verified_at)
    assert runbook.last_verified_by == user
    assert "Noted" in answer.content.decode()
    assert Change.objects.count() == 1


@pytest.mark.parametrize("version", ["2", "", "x", "-1", "9" * 40])
def test_only_the_text_that_was_read(client: Client, runbook: Runbook, version: str) -> None:
    client.force_login(a_user())

    answer = client.post("/runbooks/redis/verify/", {"version": version}, follow=True)

    runbook.refresh_from_db()
    assert runbook.last_verified_date is None
    assert "once more" in answer.content.decode()


def test_nothing_is_saved_by_looking(client: Client, runbook: Runbook) -> None:
    client.force_login(a_user())
    assert client.get("/runbooks/redis/verify/").status_code == 405


def test_a_reader_may_not(client: Client, runbook: Runbook) -> None:
    client.force_login(a_user("reader"))
    assert client.post("/runbooks/redis/verify/", {"version": 1}).status_code == 403
