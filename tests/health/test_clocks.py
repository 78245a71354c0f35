"""Clocks that do not agree are told of, by how much."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from incidents.health.clocks import clock_problems, in_words
from incidents.history.operations import change_record
from tests.factories import a_service, a_user

pytestmark = pytest.mark.django_db


def problems(*, ahead: timedelta = timedelta(0)) -> list[str]:
    return list(clock_problems(connection, at=timezone.now() + ahead))


def test_it_works() -> None:
    assert problems() == []


@pytest.mark.parametrize("ahead", [timedelta(seconds=7), timedelta(seconds=-7)])
def test_the_databases_clock_is_another(ahead: timedelta) -> None:
    found = problems(ahead=ahead)

    # SQLite has none of its own.
    assert len(found) == (connection.vendor == "postgresql")
    assert all("7 seconds apart" in one for one in found)


def test_a_clock_that_was_set_back() -> None:
    service = a_service()
    later = timezone.now() + timedelta(hours=3)
    change_record(
        service,
        version=service.version,
        values={"name": "Another"},
        by=a_user("editor"),
        at=later,
        summary="Renamed it",
    )

    (found,) = problems()
    assert f"{later:%H:%M} UTC" in found
    assert problems(ahead=timedelta(hours=3)) == [] or connection.vendor == "postgresql"


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(seconds=-7), "7 seconds"),
        (timedelta(minutes=12, seconds=5), "12 minutes"),
        (timedelta(hours=3, minutes=1), "3 hours"),
    ],
)
def test_how_far_they_are_apart(apart: timedelta, words: str) -> None:
    assert in_words(apart) == words
