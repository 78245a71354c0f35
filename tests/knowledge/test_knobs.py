"""Configuration settings: where each was turned, and what is said of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from incidents.models import Change, Guard, Knob, User
from tests.factories import (
    a_delta,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db

TOKEN = "7f0a8a52-0b8f-4b7c-9f6b-5d3f4c1f6b3e"


@pytest.fixture
def writer(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, writer: User) -> None:
    knob = a_knob(component="unicorn", key="worker_processes")
    incident = an_incident(title="Orders lost", time_zone="Europe/Berlin")
    a_delta(
        incident,
        knob=knob,
        before="",
        before_known="unknown",
        after="16",
        place="unicorn.rb",
        turned_at=datetime(2019, 12, 24, 21, 30, tzinfo=UTC),
        turned_precision="minute",
    )
    lesson, runbook = a_lesson(), a_runbook()
    lesson.knobs.set([knob])
    runbook.knobs.set([knob])

    told = " ".join(text(client, "/knobs/unicorn/worker_processes/").split())

    for words in (
        '<span class="unknown">unknown</span> → <span class="delta-value"><bdi>16</bdi></span>',
        "Orders lost",
        "unicorn.rb",
        "24 Dec 2019, 22:30 CET",
        lesson.reference,
        runbook.title,
    ):
        assert words in told


@pytest.mark.parametrize(
    "key", ["edit", "new", "a/edit", "net.core/somaxconn", "/proc/sys/vm/swappiness", "ä ö?#%2F"]
)
def test_every_key_has_its_page(client: Client, writer: User, key: str) -> None:
    knob = a_knob(component="new", key=key)

    told = client.get(knob.get_absolute_url())
    edited = client.get(told.content.decode().split('data-key="e"')[0].rsplit('href="', 1)[1][:-2])

    assert told.context["knob"] == knob
    assert edited.context["knob"] == knob


def test_restricted_records_are_neither_told_nor_counted(client: Client, writer: User) -> None:
    knob = a_knob(component="unicorn", key="timeout")
    a_delta(an_incident(), knob=knob)
    a_delta(a_restricted_incident(title="Secret"), knob=knob, after="4711")
    a_lesson(sentence="Hushed", learned_from=a_restricted_incident()).knobs.set([knob])
    a_delta(a_restricted_incident(), knob=a_knob(component="vault", key="seal"))

    listed, told = text(client, "/knobs/"), text(client, "/knobs/unicorn/timeout/")

    assert '<td data-label="Turns" class="number">1</td>' in listed
    assert "vault" not in listed
    assert "seal" not in listed
    for words in ("Secret", "4711", "Hushed"):
        assert words not in told
    assert client.get("/knobs/vault/seal/").status_code == 404
    assert client.get("/edit-knob/vault/seal/").status_code == 404


def test_it_is_found_by_component_and_text(client: Client, writer: User) -> None:
    a_knob(component="unicorn", key="timeout")
    a_knob(component="nginx", key="proxy_read_timeout")

    found = text(client, "/knobs/?q=nginx+timeout")

    assert "proxy_read_timeout" in found
    assert ">timeout<" not in found
    assert ">timeout<" in text(client, "/knobs/?component=unicorn")


def test_a_new_one(client: Client, writer: User) -> None:
    form = {"token": TOKEN, "component": " unicorn ", "key": "worker  processes", "unit": "s"}

    answer = client.post("/knobs/new/", form)

    assert answer["Location"] == "/knobs/unicorn/worker%20processes/"
    assert Change.objects.get().by == writer


@pytest.mark.parametrize(
    ("component", "key", "field"),
    [
        ("a/b", "key", "component"),
        ("", "key", "component"),
        ("..", "key", "component"),
        ("unicorn", "a/../b", "key"),
        ("unicorn", "timeout", "__all__"),
    ],
)
def test_an_address_that_cannot_be_is_refused(
    client: Client, writer: User, component: str, key: str, field: str
) -> None:
    a_knob(component="unicorn", key="timeout")
    form = {"token": TOKEN, "component": component, "key": key, "description": "What it does"}

    answer = client.post("/knobs/new/", form)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["description"].value() == "What it does"


def test_editing(client: Client, writer: User) -> None:
    a_knob(component="unicorn", key="timeout", unit="s")
    form = {"version": 1, "unit": "ms", "description": "How long", "key": "other"}

    answer = client.post("/edit-knob/unicorn/timeout/", form)
    conflict = client.post("/edit-knob/unicorn/timeout/", {**form, "unit": "min"})

    assert (answer.status_code, conflict.status_code) == (302, 409)
    knob = Knob.objects.get()
    assert (knob.key, knob.unit, knob.description) == ("timeout", "ms", "How long")


def test_readers_may_not(client: Client) -> None:
    a_knob(component="unicorn", key="timeout")
    client.force_login(a_user("reader"))
    assert client.post("/knobs/new/", {}).status_code == 403
    assert client.post("/edit-knob/unicorn/timeout/", {}).status_code == 403


@pytest.mark.parametrize("url", ["/knobs/", "/knobs/unicorn/timeout/"])
def test_queries_do_not_grow_with_the_rows(
    client: Client, writer: User, url: str, django_assert_max_num_queries: Any
) -> None:
    knob = a_knob(component="unicorn", key="timeout")
    for _ in range(30):
        a_delta(an_incident(), knob=knob)
        a_delta(an_incident())
        a_lesson().knobs.set([knob])

    with django_assert_max_num_queries(13):
        text(client, url)


def at(day: int) -> dict[str, Any]:
    return {"turned_at": datetime(2026, 3, day, tzinfo=UTC), "turned_precision": "day"}


def test_the_values_are_drawn_and_numbered_as_the_rows(client: Client, writer: User) -> None:
    knob = a_knob(component="unicorn", key="timeout", unit="s")
    second = a_delta(an_incident(), knob=knob, before="60", after="30", **at(9))
    first = a_delta(an_incident(), knob=knob, before="30", after="60", **at(2))
    undated = a_delta(an_incident(), knob=knob, before="30", after="45")

    answer = client.get("/knobs/unicorn/timeout/")

    told = " ".join(answer.content.decode().split())
    assert [(mark.number, mark.key) for mark in answer.context["chart"].marks] == [
        (1, first.pk),
        (2, second.pk),
    ]
    numbers = [(row.turn.pk, row.number) for row in answer.context["turns"]]
    assert numbers == [(second.pk, 2), (first.pk, 1), (undated.pk, None)]
    for words in (f'href="#turn-{first.pk}"', f'id="turn-{first.pk}"', 'class="step-mark step-'):
        assert words in told
    before, _, beside = told.partition("Turned at an unknown time, and so not in the picture: ")
    assert f'href="#turn-{undated.pk}"' not in before
    assert beside.startswith(f'<a href="#turn-{undated.pk}">')


def test_without_any_time_there_is_no_picture(client: Client, writer: User) -> None:
    a_delta(an_incident(), knob=a_knob(component="unicorn", key="timeout"))

    told = text(client, "/knobs/unicorn/timeout/")

    assert "<svg role" not in told
    assert "there is no picture" in told


def test_a_turn_without_a_time_has_at_least_that_of_its_incident(
    client: Client, writer: User
) -> None:
    began = {"began_at": datetime(2019, 12, 1, tzinfo=UTC), "began_precision": "month"}
    knob = a_knob(component="unicorn", key="timeout")
    a_delta(an_incident(**began), knob=knob)
    a_delta(an_incident(**began), knob=knob, **at(9))

    assert text(client, "/knobs/unicorn/timeout/").count("the incident began December 2019") == 1


def test_a_restricted_turn_is_not_in_the_picture(client: Client, writer: User) -> None:
    knob = a_knob(component="unicorn", key="timeout")
    a_delta(an_incident(), knob=knob, **at(2))
    a_delta(a_restricted_incident(), knob=knob, after="47119999", **at(9))

    answer = client.get("/knobs/unicorn/timeout/")
    (row,) = client.get("/knobs/").context["rows"]

    assert [mark.number for mark in answer.context["chart"].marks] == [1]
    assert "47119999" not in answer.content.decode()
    assert row[1].turn.after == "60"
    assert row[0].turn_count == 1


def test_guards_and_runbooks_that_speak_of_it(client: Client, writer: User) -> None:
    knob = a_knob(component="async worker", key="limits.hard-stop")
    by_name, by_knob, other, hushed = (a_lesson() for _ in range(4))
    by_knob.knobs.set([knob])
    hushed.learned_from = a_restricted_incident()
    hushed.save()
    for lesson, expression in (
        (by_name, "async_worker.limits.hard_stop < 60"),
        (by_knob, "unicorn.timeout > 1"),
        (other, "celery.concurrency > 2"),
        (hushed, "async_worker.limits.hard_stop > 7"),
    ):
        Guard.objects.create(lesson=lesson, expression=expression, message="No")

    guards = client.get(knob.get_absolute_url()).context["guards"]

    assert [guard.lesson for guard in guards] == [by_name, by_knob]


def test_the_list_tells_the_last_value(client: Client, writer: User) -> None:
    knob, unsure = a_knob(component="a", key="dated"), a_knob(component="b", key="undated")
    once, never = a_knob(component="c", key="once"), a_knob(component="d", key="never")
    a_delta(an_incident(), knob=knob, after="77", **at(9))
    a_delta(an_incident(), knob=knob, after="66", **at(2))
    for value in ("55", "56"):
        a_delta(an_incident(), knob=unsure, after=value)
    a_delta(an_incident(), knob=once, after="44")

    told = text(client, "/knobs/")
    rows = client.get("/knobs/?sort=-turned").context["rows"]

    for shown in ("77", "44"):
        assert f'<span class="delta-value"><bdi>{shown}</bdi></span>' in told
    for hidden in (">66<", ">55<", ">56<"):
        assert hidden not in told
    assert "which came last is unknown" in told
    assert "none recorded" in told
    assert rows[0][0] == knob
    assert {row[0] for row in rows} == {knob, unsure, once, never}
