"""Reading mode: the steps alone, whole also without JavaScript; with one's own labels only."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from incidents.lookup.operations import keep_findable
from incidents.models import Opening, Runbook, User, Verdict
from tests.factories import a_lookup, a_runbook, a_service, a_user

pytestmark = pytest.mark.django_db

PAGE = "/runbooks/room/read/"
FROM_HOME = {"Referer": "http://testserver/"}


@pytest.fixture
def room() -> Runbook:
    room = a_runbook(title="Make room", slug="room", body_html="<ol><li>Look.</li></ol>")
    keep_findable(room)
    return room


def labels_on(page: HttpResponse) -> object:
    return json.loads(page.context["labels"])


def test_it_works(client: Client, reader: User, room: Runbook) -> None:
    room.services.add(a_service(name="Orders", links="Logs https://logs.example/"))
    told = client.get(PAGE).content.decode()
    assert "<ol><li>Look.</li></ol>" in told
    assert 'href="https://logs.example/"' in told
    assert "Did it help?" in told
    for page in ("/runbooks/room/", "/lookup/?q=make+room"):
        assert f'href="{PAGE}"' in client.get(page).content.decode()


def test_what_was_said_there_leads_back_there(client: Client, reader: User, room: Runbook) -> None:
    sent = {"said": "wrong", "then": "read"}
    assert client.post("/runbooks/room/did-it-help/", sent)["Location"] == f"{PAGE}#did-it-help"
    assert "You said: it is wrong." in client.get(PAGE).content.decode()


def test_faults_that_are_open_stand_on_top(client: Client, reader: User, room: Runbook) -> None:
    for said in ("wrong", "wrong", "outdated"):
        Verdict.objects.create(runbook=room, said=said, said_at=timezone.now(), note="Secret")
    told = client.get(PAGE).content.decode()
    assert "not dealt with yet: it is wrong (2 times), it is outdated." in told
    assert "Secret" not in told
    Verdict.objects.update(dealt_with_at=timezone.now())
    assert "not dealt with yet" not in client.get(PAGE).content.decode()


def test_placeholders_begin_with_the_labels_that_one_looked_up(
    client: Client, reader: User, room: Runbook
) -> None:
    labels = {"namespace": "pay'ments", "pod": '"><script>'}
    a_lookup(room, asked_by=reader, asked_at=timezone.now(), labels=labels)
    page = client.get(PAGE, headers=FROM_HOME)
    assert labels_on(page) == labels
    assert "<script>" not in page.content.decode().split("<main")[1]
    assert Opening.objects.count() == 1


def test_never_with_those_of_somebody_else(client: Client, reader: User, room: Runbook) -> None:
    at = timezone.now()
    other = a_lookup(room, asked_by=a_user(), asked_at=at, labels={"namespace": "secret"})
    other.openings.create(runbook=room, place=1, opened_at=at)
    assert labels_on(client.get(PAGE, headers=FROM_HOME)) == {}


def test_a_retired_runbook_says_so_and_asks_nothing(client: Client, reader: User) -> None:
    a_runbook(slug="room", state="retired")
    told = client.get(PAGE).content.decode()
    assert "This runbook is retired" in told
    assert "Did it help" not in told


def test_a_runbook_without_steps(client: Client, reader: User) -> None:
    a_runbook(slug="room")
    assert "No steps written yet." in client.get(PAGE).content.decode()
    assert "Go through it" not in client.get("/runbooks/room/").content.decode()


def test_one_that_is_not_there(client: Client, reader: User) -> None:
    assert client.get(PAGE).status_code == 404


def test_it_asks_no_more_for_more_services(
    client: Client, reader: User, room: Runbook, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE)
    for _ in range(10):
        room.services.add(a_service(links="https://logs.example/"))
        Verdict.objects.create(runbook=room, said="wrong", said_at=timezone.now())
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)
