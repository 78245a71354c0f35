"""Alerts that come in, again and again, and what they lead to."""

from datetime import timedelta

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from incidents.lookup.alerts.operations import MOST_SEARCHES, receive
from incidents.lookup.alerts.payload import Received
from incidents.lookup.operations import keep_findable
from incidents.models import Alert, AlertStatus, Runbook
from tests.factories import NOW, a_restricted_incident, a_runbook, an_incident

pytestmark = pytest.mark.django_db


def an_alert(name: str = "PoolEmpty", key: str = "1", **fields: object) -> Received:
    said: dict[str, object] = {
        "fingerprint": f"{name}{key}",
        "status": AlertStatus.FIRING,
        "labels": {"alertname": name},
        "annotations": {},
        "starts_at": NOW,
        "ends_at": None,
    }
    return Received(**{**said, **fields})  # type: ignore[arg-type]


@pytest.fixture
def pool() -> Runbook:
    runbook = a_runbook(title="The pool is dry", slug="pool", alerts="PoolEmpty")
    keep_findable(runbook)
    return runbook


def test_it_works(pool: Runbook) -> None:
    receive([an_alert()], at=NOW)
    alert = Alert.objects.get()
    assert (alert.runbook, alert.offered, alert.status) == (pool, [], "firing")


def test_one_that_nothing_names_is_offered_what_its_words_find(pool: Runbook) -> None:
    receive([an_alert("Other", annotations={"summary": "the pool runs dry"})], at=NOW)
    alert = Alert.objects.get()
    assert (alert.runbook, alert.offered) == (None, [pool.pk])


def test_it_keeps_the_incidents_like_it(pool: Runbook) -> None:
    like = an_incident(title="The pool ran dry")
    hidden = a_restricted_incident(title="The pool ran dry")
    keep_findable(like, hidden, an_incident(title="Something else"))
    receive([an_alert(annotations={"summary": "the pool runs dry"})], at=NOW)
    assert Alert.objects.get().similar == [like.pk]
    receive([an_alert(annotations={"summary": "something else"})], at=NOW)
    assert Alert.objects.get().similar == [like.pk]


def test_told_of_again_it_stays_one_and_is_brought_up_to_date(pool: Runbook) -> None:
    receive([an_alert("Other", annotations={"summary": "the pool runs dry"})], at=NOW)
    later = NOW + timedelta(hours=1)
    receive([an_alert("Other", status=AlertStatus.RESOLVED, ends_at=later)], at=later)
    alert = Alert.objects.get()
    assert (alert.status, alert.ends_at) == ("resolved", later)
    assert (alert.first_received_at, alert.received_at) == (NOW, later)
    # What was offered when it began is not forgotten.
    assert alert.offered == [pool.pk]


def test_a_runbook_that_names_it_meanwhile_is_told(pool: Runbook) -> None:
    receive([an_alert("Other")], at=NOW)
    keep_findable(a_runbook(title="Other", alerts="Other"))
    receive([an_alert("Other")], at=NOW)
    assert Alert.objects.get().runbook.title == "Other"  # type: ignore[union-attr]


def test_what_is_over_for_long_goes_and_what_fires_stays() -> None:
    over = an_alert("Over", status=AlertStatus.RESOLVED)
    receive([over, an_alert("Firing")], at=NOW)
    receive([an_alert("New")], at=NOW + timedelta(days=settings.ALERT_DAYS + 1))
    assert sorted(map(str, Alert.objects.all())) == ["Firing", "New"]


def test_a_storm_takes_few_queries(
    pool: Runbook, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def storm(number: int) -> list[Received]:
        named = [an_alert(key=str(key)) for key in range(number)]
        return named + [an_alert(f"Unnamed{key}") for key in range(number)]

    receive(storm(MOST_SEARCHES + 1), at=NOW)
    with django_assert_max_num_queries(60) as few:
        receive(storm(MOST_SEARCHES + 2), at=NOW)
    with django_assert_max_num_queries(len(few) + 12 * MOST_SEARCHES):
        receive(storm(120), at=NOW)
    assert Alert.objects.count() == 240
