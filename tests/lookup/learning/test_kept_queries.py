"""A miss becomes a test query: an administrator says which runbook is right."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from incidents.lookup.operations import keep_findable
from incidents.models import KeptQuery, Runbook, User
from tests.factories import NOW, a_lookup, a_runbook, a_user
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db

NEW, LIST = "/lookup/queries/new/", "/lookup/queries/"


@pytest.fixture
def admin(client: Client) -> User:
    user = a_user("admin")
    client.force_login(user)
    return user


@pytest.fixture
def room(admin: User) -> Runbook:
    runbook = a_runbook(title="Make room on the disk", slug="room")
    keep_findable(runbook)
    return runbook


def keeps(client: Client, **fields: Any) -> HttpResponse:
    return client.post(NEW, {"text": "disk full", **fields})


def test_it_works(client: Client, admin: User, room: Runbook) -> None:
    labels = {"alertname": "NoSpace", "team": "db"}
    lookup = a_lookup(text="NoSpace\non the disk", labels=labels, asked_at=timezone.now())
    form = client.get(NEW, {"lookup": lookup.pk}).context["form"]
    assert form["text"].value() == "NoSpace\non the disk"
    assert form["labels"].value() == "alertname=NoSpace\nteam=db"
    assert form.fields["found"].choices == [(room.pk, "Make room on the disk")]

    sent = {name: form[name].value() for name in ("text", "labels")}
    answer = client.post(NEW, {**sent, "found": room.pk})

    assert answer["Location"] == LIST
    query = KeptQuery.objects.get()
    assert (query.text, query.labels) == (lookup.text, labels)
    assert list(query.relevant.all()) == [room]
    assert (query.kept_by, query.best_rank, query.gist) == (admin, 1, "nospace")
    told = client.get(LIST).content.decode()
    assert "its runbook is found at place 1 now" in told
    assert "Make room on the disk" in told


def test_one_that_is_not_found_is_named_by_its_address(
    client: Client, admin: User, room: Runbook
) -> None:
    keeps(client, text="xqzwv", others="room\n")
    query = KeptQuery.objects.get()
    assert list(query.relevant.all()) == [room]
    assert query.best_rank is None
    assert "not found yet" in client.get(LIST).content.decode()


def test_the_same_question_is_kept_once_with_what_was_said_last(
    client: Client, room: Runbook
) -> None:
    other = a_runbook(slug="other")
    keeps(client, found=room.pk)
    keeps(client, others="other")
    assert list(KeptQuery.objects.get().relevant.all()) == [other]


def test_it_stays_when_its_lookup_goes(client: Client, room: Runbook, admin: User) -> None:
    lookup = a_lookup(asked_at=timezone.now())
    client.post(f"{NEW}?lookup={lookup.pk}", {"text": lookup.text, "found": room.pk})
    lookup.delete()
    admin.delete()
    assert KeptQuery.objects.get().kept_by is None


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({}, "Name at least one runbook that is right."),
            ({"text": " ", "others": "room"}, "Nothing is asked"),
            ({"others": "room nowhere"}, "No active runbook has “nowhere” in its address."),
            ({"others": "old"}, "No active runbook has “old” in its address."),
            ({"found": 0}, "is not one of the available choices"),
            ({"others": "room", "labels": "team"}, "“team” is not name=value."),
            ({"others": "room", "labels": "=db"}, "“=db” is not name=value."),
            ({"others": "room", "text": "a\0b"}, "Null characters are not allowed."),
            ({"others": "room", "text": "x" * 20_001}, "at most 20000 characters"),
        ],
    )
    def test_each_is_told_and_the_text_stays(
        self, client: Client, room: Runbook, fields: dict[str, str], why: str
    ) -> None:
        a_runbook(slug="old", state="retired")
        answer = keeps(client, **fields)
        assert answer.status_code == 422
        told = answer.content.decode()
        assert why in told
        assert fields.get("text", "disk full")[:50].strip("\0") in told
        assert not KeptQuery.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "0", "9" * 30])
    def test_of_no_lookup_there_is_none(self, client: Client, room: Runbook, key: str) -> None:
        assert client.get(NEW, {"lookup": key}).status_code == 404

    def test_of_one_that_is_too_old_neither(self, client: Client, room: Runbook) -> None:
        lookup = a_lookup(asked_at=timezone.now() - timedelta(days=91))
        assert client.get(NEW, {"lookup": lookup.pk}).status_code == 404


class TestRemoving:
    def test_it_works(self, client: Client, room: Runbook) -> None:
        keeps(client, found=room.pk)
        query = KeptQuery.objects.get()
        assert client.post("/lookup/queries/remove/", {"query": query.pk})["Location"] == LIST
        assert not KeptQuery.objects.exists()

    def test_what_is_not_there_is_not_found(self, client: Client, room: Runbook) -> None:
        assert client.post("/lookup/queries/remove/", {"query": "7"}).status_code == 404


def test_none_yet(client: Client, admin: User) -> None:
    assert "No test queries yet" in client.get(LIST).content.decode()


def test_any_text_can_be_kept(client: Client, room: Runbook) -> None:
    for text in HOSTILE[:80]:
        lookup = a_lookup(text=text.replace("\0", ""), gist="x", asked_at=timezone.now())
        assert client.get(NEW, {"lookup": lookup.pk}).status_code == 200
        status = keeps(client, text=text, labels=f"note={text}", others="room").status_code
        assert status in {302, 422}
    assert KeptQuery.objects.count() > 40
    assert client.get(LIST).status_code == 200


def test_many_take_no_more_queries(
    client: Client, room: Runbook, django_assert_max_num_queries: Any
) -> None:
    def some(number: int) -> None:
        for at in range(number):
            sha = f"{number} {at}"
            query = KeptQuery.objects.create(gist="x", sha256=sha, kept_at=NOW, kept_by=a_user())
            query.relevant.add(room)

    some(2)
    with django_assert_max_num_queries(15) as few:
        client.get(LIST)
    some(30)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)
