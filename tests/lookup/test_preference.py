"""What people said of runbooks moves them among those that fit nearly as well, and no further."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from incidents.lookup.engines import Ranked
from incidents.lookup.operations import keep_findable
from incidents.lookup.preference import preferred, weight
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import read_question
from incidents.models import Runbook, Verdict
from tests.factories import a_restricted_incident, a_runbook, a_runbook_use, an_incident

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [runbook.slug for runbook in best_runbooks(read_question(text), limit=10)]


def say(runbook: Runbook, said: str, times: int = 1, days_ago: int = 1) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Verdict.objects.bulk_create(
        Verdict(runbook=runbook, said=said, said_at=at) for _ in range(times)
    )


@pytest.fixture
def older() -> Runbook:
    runbook = a_runbook(title="The disk is full", slug="older")
    keep_findable(runbook)
    return runbook


@pytest.fixture
def younger(older: Runbook) -> Runbook:
    """Fits as well as the older one, which stands first for its age."""
    runbook = a_runbook(title="The disk is full", slug="younger")
    keep_findable(runbook)
    return runbook


def test_of_two_that_fit_as_well_the_one_that_helped_leads(younger: Runbook) -> None:
    assert found("disk full") == ["older", "younger"]
    say(younger, "helped")
    assert found("disk full") == ["younger", "older"]


def test_what_was_wrong_stands_back(older: Runbook, younger: Runbook) -> None:
    say(older, "wrong")
    assert found("disk full") == ["younger", "older"]


def test_what_was_put_right_does_not_count(older: Runbook, younger: Runbook) -> None:
    say(older, "wrong", times=3)
    say(younger, "wrong")
    assert found("disk full") == ["younger", "older"]

    Verdict.objects.filter(runbook=older).update(dealt_with_at=timezone.now())

    assert found("disk full") == ["older", "younger"]


@pytest.mark.parametrize("said", ["outdated", "missing_step"])
def test_what_is_to_be_mended_was_the_right_one(
    older: Runbook, younger: Runbook, said: str
) -> None:
    say(older, said, times=9)
    assert found("disk full") == ["older", "younger"]


def test_what_was_said_a_year_ago_does_not_count(younger: Runbook) -> None:
    say(younger, "helped", times=9, days_ago=366)
    assert found("disk full") == ["older", "younger"]


def test_what_fits_worse_does_not_overtake(younger: Runbook) -> None:
    worse = a_runbook(title="The disk is slow and makes a noise", slug="worse")
    keep_findable(worse)
    say(worse, "helped", times=1_000)
    say(younger, "wrong", times=1_000)
    assert found("disk full") == ["older", "younger", "worse"]


def test_what_the_question_names_leads_whatever_was_said() -> None:
    named = a_runbook(title="SouthboundStale", slug="named")
    other = a_runbook(title="Southbound is stale", slug="other")
    keep_findable(named, other)
    say(named, "wrong", times=1_000)
    say(other, "helped", times=1_000)
    assert found("why SouthboundStale now")[0] == "named"


def test_how_it_served_in_an_incident_does_not_count(younger: Runbook) -> None:
    """A restricted one would be told by the order, and an open one can be made restricted."""
    for incident in (a_restricted_incident(), an_incident()):
        a_runbook_use(incident, runbook=younger, served="helped")
    assert found("disk full") == ["older", "younger"]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_weight_is_bounded_and_just(helped: int, wrong: int) -> None:
    assert 0.9 < weight(helped, wrong) < 1.1
    assert weight(helped, wrong) + weight(wrong, helped) == pytest.approx(2)
    assert weight(helped + 1, wrong) > weight(helped, wrong)
    assert weight(helped, wrong + 1) < weight(helped, wrong)


def test_without_anything_said_every_score_stays(older: Runbook) -> None:
    ranked = [Ranked(1, "runbook", older.pk, 3.25, 1)]
    assert weight(0, 0) == 1
    assert preferred(ranked) == ranked


def test_it_takes_one_query(
    older: Runbook, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        say(a_runbook(), "helped")
    ranked = [
        Ranked(key, "runbook", key, 1.0, 1) for key in Runbook.objects.values_list("pk", flat=True)
    ]
    with django_assert_max_num_queries(1):
        preferred(ranked)
    with django_assert_max_num_queries(1):
        assert preferred([]) == []
