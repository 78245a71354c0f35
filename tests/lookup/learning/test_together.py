"""Lookups of one moment are kept together, as if each had been kept by itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from incidents.lookup.learning.operations import keep
from incidents.lookup.operations import keep_findable
from incidents.models import Lookup, Opening, User, Way
from tests.factories import NOW, a_lookup, a_runbook, a_user

Said = tuple[str, Way, bool]


def a_row(text: str, seconds: float, *, by: User | None = None, **more: object) -> Lookup:
    at = NOW + timedelta(seconds=seconds)
    fields = {"way": Way.ADDRESS, "text": text, "gist": text, "answered_by": "nothing", **more}
    return Lookup(asked_by=by, asked_at=at, **fields)


def kept() -> list[Said]:
    rows = Lookup.objects.order_by("asked_at", "id")
    return [(row.text, Way(row.way), row.asked_again) for row in rows]


def a_moment(one: User, other: User) -> list[Lookup]:
    """Two people: typing, asking the same twice, asking again in other words; and a program."""
    typed = {"way": Way.TYPED, "typing": "a page"}
    return [
        a_row("di", 0, by=one, **typed),
        a_row("dns", 0.1, by=other),
        a_row("disk", 0.2, by=one, **typed),
        a_row("disk full", 0.4, by=one, **typed),
        a_row("dns", 0.5, by=other),
        a_row("disk", 0.6, by=one, **typed),
        a_row("no resolver", 1, by=other),
        a_row("pods", 2, way=Way.PROGRAM),
        a_row("no space", 3, by=one),
        a_row("pods", 4, way=Way.PROGRAM),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("at_a_time", [1, 3, 10])
def test_it_works(at_a_time: int) -> None:
    one, other = a_user(), a_user()
    a_lookup(asked_by=other, asked_at=NOW - timedelta(minutes=1), text="resolver", way=Way.ADDRESS)

    rows = a_moment(one, other)
    for start in range(0, len(rows), at_a_time):
        keep(rows[start : start + at_a_time])

    assert kept() == [
        ("resolver", Way.ADDRESS, True),
        ("dns", Way.ADDRESS, True),
        ("disk full", Way.TYPED, True),
        ("no resolver", Way.ADDRESS, False),
        ("pods", Way.PROGRAM, False),
        ("no space", Way.ADDRESS, False),
    ]


@pytest.mark.django_db
def test_many_cost_no_more_queries_than_few() -> None:
    counts = []
    for number in (3, 30):
        one = a_user()
        rows = [a_row(f"{number} {n}", number + n / 10, by=one) for n in range(number)]
        with CaptureQueriesContext(connection) as asked:
            keep(rows)
        counts.append(len(asked))

    assert Lookup.objects.count() == 33
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_who_is_gone_costs_nobody_else_theirs() -> None:
    gone, still = a_user(), a_user()
    rows = [a_row("disk", 0, by=gone), a_row("dns", 1, by=still)]
    User.objects.filter(pk=gone.pk).delete()

    keep(rows)

    assert [text for text, *_ in kept()] == ["dns"]


@pytest.mark.django_db(transaction=True)
def test_who_opens_at_once_opened_it_from_there(client: Client, settings: Settings) -> None:
    """The page of the runbook waits for what its reader has just asked."""
    settings.LOOKUP_KEPT_AFTER = 60
    user, room = a_user("reader"), a_runbook(title="Make room", slug="room", alerts="DiskFull")
    keep_findable(room)
    client.force_login(user)

    before = timezone.now()
    client.get("/lookup/", {"alertname": "DiskFull"})
    client.get("/runbooks/room/", headers={"Referer": "http://testserver/lookup/?q=disk"})

    opening = Opening.objects.get()
    assert (opening.runbook, opening.lookup.asked_by) == (room, user)
    assert opening.lookup.asked_at > before
