"""Configuration settings: where each was turned, and what is said of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from incidents.models import Change, Knob, User
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
        '<span class="unknown">unknown</span> → <span class="delta-value">16</span>',
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

    assert "turned 1 time" in listed
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

    with django_assert_max_num_queries(9):
        text(client, url)
