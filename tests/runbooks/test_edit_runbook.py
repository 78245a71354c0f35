"""Editing a runbook."""

import pytest
from django.test import Client

from incidents.models import Change, Runbook
from tests.factories import a_runbook, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def runbook() -> Runbook:
    return a_runbook(title="Redis", slug="redis", body="One")


def form(**fields: object) -> dict[str, object]:
    return {
        "version": 1,
        "title": "Redis",
        "slug": "redis",
        "body": "Two",
        "state": "active",
        **fields,
    }


def test_it_works(client: Client, runbook: Runbook) -> None:
    client.force_login(a_user())
    assert "One" in client.get("/runbooks/redis/edit/").content.decode()

    answer = client.post("/runbooks/redis/edit/", form(state="retired"))

    assert answer.status_code == 302
    runbook.refresh_from_db()
    assert (runbook.body, runbook.state) == ("Two", "retired")
    assert Change.objects.get().parts[0]["fields"]["body"] == ["One", "Two"]


def test_who_looks_after_it_stays_also_when_their_account_is_closed(client: Client) -> None:
    left = a_user(is_active=False)
    runbook = a_runbook(slug="old", owner=left)
    client.force_login(a_user())

    client.post("/runbooks/old/edit/", form(slug="old", owner=left.pk))

    runbook.refresh_from_db()
    assert runbook.owner == left


def test_the_second_saver_sees_both_texts(client: Client, runbook: Runbook) -> None:
    client.force_login(a_user())
    client.post("/runbooks/redis/edit/", form(body="Hers"))

    answer = client.post("/runbooks/redis/edit/", form(body="His"))

    assert answer.status_code == 409
    (both,) = answer.context["form"].conflicts
    assert (both.saved, both.wanted) == ("Hers", "His")


def test_a_taken_address_is_refused_beside_its_field(client: Client, runbook: Runbook) -> None:
    a_runbook(slug="taken")
    client.force_login(a_user())

    answer = client.post("/runbooks/redis/edit/", form(slug="taken"))

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    # The page still names the record as it is, not as it cannot be.
    assert 'href="/runbooks/redis/"' in answer.content.decode()


def test_a_text_of_ten_megabytes_comes_back(client: Client, runbook: Runbook) -> None:
    client.force_login(a_user())

    answer = client.post("/runbooks/redis/edit/", form(body="x" * 10_000_000))

    assert answer.status_code == 422
    assert "body" in answer.context["form"].errors


def test_a_reader_may_not(client: Client, runbook: Runbook) -> None:
    client.force_login(a_user("reader"))
    assert client.post("/runbooks/redis/edit/", form()).status_code == 403


def test_alerts_that_cannot_be_read_are_said_beside_their_field(
    client: Client, runbook: Runbook
) -> None:
    client.force_login(a_user())

    answer = client.post("/runbooks/redis/edit/", form(alerts='RedisDown\nteam="db" severity="x"'))

    assert answer.status_code == 422
    (sentence,) = answer.context["form"].errors["alerts"]
    assert sentence.startswith("Line 2: expected a comma")
    assert "team=&quot;db&quot; severity" in answer.content.decode()
