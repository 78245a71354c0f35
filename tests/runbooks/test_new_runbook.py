"""Writing a runbook."""

import pytest
from django.test import Client

from incidents.models import Change, Runbook
from tests.factories import (
    a_delta,
    a_form,
    a_knob,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_user,
)

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    writer, service, knob = a_user(), a_service(), a_knob()
    client.force_login(writer)
    form = a_form(
        title="Redis is full", body="Look.", services=[service.pk], knobs=[knob.pk], owner=writer.pk
    )

    answer = client.post("/runbooks/new/", form)

    assert answer.status_code == 302
    assert answer["Location"] == "/runbooks/redis-is-full/"
    runbook = Runbook.objects.get()
    assert list(runbook.knobs.all()) == [knob]
    assert Change.objects.get().by == writer
    # Sent twice, it makes one.
    assert client.post("/runbooks/new/", form)["Location"] == "/runbooks/redis-is-full/"
    assert Runbook.objects.count() == 1


def test_sent_twice_it_makes_one_also_with_a_chosen_address(client: Client) -> None:
    client.force_login(a_user())
    form = a_form(title="Redis is full", slug="redis")

    answers = [client.post("/runbooks/new/", form) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == ["/runbooks/redis/"] * 2
    assert Runbook.objects.count() == 1


def test_anothers_form_tells_nothing(client: Client) -> None:
    client.force_login(a_user())
    form = a_form(title="Redis is full", slug="redis")
    client.post("/runbooks/new/", form)
    client.force_login(a_user())

    assert client.post("/runbooks/new/", form).status_code == 422


def test_the_form_is_shown(client: Client) -> None:
    client.force_login(a_user())
    assert client.get("/runbooks/new/").status_code == 200


def test_it_begins_with_the_words_that_found_nothing(client: Client) -> None:
    client.force_login(a_user("editor"))
    page = client.get("/runbooks/new/", {"title": 'Pods "crash"'}).content.decode()
    assert 'value="Pods &quot;crash&quot;"' in page


@pytest.mark.parametrize("slug", ["redis", "new", "Not a slug"])
def test_an_address_that_cannot_be_is_refused_beside_its_field(client: Client, slug: str) -> None:
    a_runbook(slug="redis")
    client.force_login(a_user())

    answer = client.post("/runbooks/new/", a_form(title="Redis", slug=slug, body="Kept"))

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    assert "Kept" in answer.content.decode()
    assert Runbook.objects.count() == 1


def test_a_knob_of_a_restricted_incident_cannot_be_guessed(client: Client) -> None:
    named, stranger = a_user(), a_user()
    knob = a_delta(a_restricted_incident(named)).knob
    client.force_login(stranger)

    answer = client.post("/runbooks/new/", a_form(title="Redis", knobs=[knob.pk]))

    assert answer.status_code == 422
    assert knob.key not in answer.content.decode()
    assert not Runbook.objects.exists()


def test_a_reader_may_not(client: Client) -> None:
    client.force_login(a_user("reader"))
    assert client.get("/runbooks/new/").status_code == 403
    assert client.post("/runbooks/new/", a_form(title="Redis")).status_code == 403


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    assert "/accounts/login/" in client.post("/runbooks/new/", a_form(title="Redis"))["Location"]
