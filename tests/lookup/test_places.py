"""The pages and actions that the palette knows by name."""

from datetime import date

import pytest
from django.test import Client

from incidents.lookup.places import FIRST, PLACES, Needs, places_for, quarters
from tests.factories import a_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def names(text: str, role: str = "editor") -> list[str]:
    return [place.name for place in places_for(text, user=a_user(role), today=TODAY)]


def test_it_works() -> None:
    assert names("late") == ["Late action items"]
    assert names("new inc") == ["New incident"]


def test_a_name_comes_before_other_words() -> None:
    assert names("runb")[0] == "Runbooks"
    assert "Paste an alert" in names("runb")


def test_every_word_has_to_fit() -> None:
    assert names("late nonsense") == []
    assert names("!?") == []


def test_nothing_typed_shows_what_there_is() -> None:
    assert len(names("")) == FIRST
    assert names("")[0] == "New incident"


def test_the_reviews_of_this_quarter_and_the_last() -> None:
    assert names("review quarter")[:2] == [
        "Review of this quarter, 2026Q4",
        "Review of the last quarter, 2026Q3",
    ]
    assert [place.url for place in quarters(date(2026, 2, 3))] == [
        "/reviews/2026Q1/",
        "/reviews/2025Q4/",
    ]


def test_readers_are_offered_nothing_to_write() -> None:
    assert "New incident" not in names("incident", "reader")
    assert names("people", "editor") == []
    assert names("people", "admin") == ["People"]


@pytest.mark.parametrize("role", ["reader", "editor", "admin"])
def test_what_is_offered_opens_and_what_is_not_does_not(client: Client, role: str) -> None:
    user = a_user(role)
    client.force_login(user)
    offered = {
        place.name
        for place in PLACES
        if place.name in {found.name for found in places_for(place.name, user=user, today=TODAY)}
    }
    for place in PLACES:
        opens = client.get(place.url).status_code == 200
        assert opens == (place.name in offered), place.name
    for quarter in quarters(TODAY):
        assert client.get(quarter.url).status_code == 200


def test_names_are_told_apart() -> None:
    assert len({place.name for place in PLACES}) == len(PLACES)
    assert {place.needs for place in PLACES} == set(Needs)
