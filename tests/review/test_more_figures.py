"""The figures of a period with very many incidents come in parts."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from incidents.lib.periods import read_period
from incidents.review.figures import FAMILIES, PARTS, figures_of
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from tests.factories import a_restricted_incident, a_team, a_user, an_incident

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
AUGUST = {"began_at": datetime(2026, 8, 3, 9, 0, tzinfo=UTC), "began_precision": "minute"}
WHOLE = "/reviews/2026Q3/"
SECOND, THIRD = f"{WHOLE}figures/1/", f"{WHOLE}figures/2/"


@pytest.fixture
def reader(client: Client) -> Any:
    user = a_user("reader")
    client.force_login(user)
    return user


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """One incident is many."""
    monkeypatch.setattr("incidents.review.queries.AT_ONCE", 0)


def figures_on(page: str) -> list[str]:
    return re.findall(r'<section class="card figure" id="figure-([^"]+)"', page)


def page(client: Client, path: str, **headers: Any) -> str:
    answer = client.get(path, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, reader: Any, large: None) -> None:
    an_incident(**AUGUST)
    first = page(client, WHOLE)
    parts = [page(client, path, headers={"HX-Request": "true"}) for path in (SECOND, THIRD)]

    assert f'hx-get="{SECOND}"' in first
    assert f'hx-get="{THIRD}"' in first
    assert all("<html" not in part for part in parts)
    scope = Scope(period=read_period("2026Q3"), user=reader)
    keys = [figure.key for figure in figures_of(scope, at=AT)]
    assert [key for text in (first, *parts) for key in figures_on(text)] == keys


def test_a_part_has_every_heading_once() -> None:
    assert [heading for part in PARTS for heading in part] == list(FAMILIES)


def test_few_incidents_come_at_once(client: Client, reader: Any) -> None:
    an_incident(**AUGUST)

    assert "figures/1/" not in page(client, WHOLE)


def test_contents_and_places_are_there_from_the_start(
    client: Client, reader: Any, large: None
) -> None:
    an_incident(**AUGUST)
    first = page(client, WHOLE)

    for anchor in re.findall(r'<a href="#([a-z-]+)">', first):
        assert first.count(f'id="{anchor}"') == 1 or anchor == "main"
    assert f'<a href="{SECOND}#what-contributed">' in first


def test_without_javascript_a_part_is_a_page(client: Client, reader: Any) -> None:
    text = page(client, SECOND)

    assert "Review of <bdi>Q3 2026</bdi>, more figures" in text
    assert 'id="what-contributed"' in text
    assert f'href="{WHOLE}"' in text


def test_a_part_is_of_the_same_team(client: Client, reader: Any, large: None) -> None:
    an_incident(**AUGUST).teams.add(a_team(slug="core", name="Core"))

    assert f'hx-get="{SECOND}?team=core"' in page(client, f"{WHOLE}?team=core")
    assert "Q3 2026, Core" in page(client, f"{SECOND}?team=core")


@pytest.mark.parametrize(
    "path",
    [
        "/reviews/2026Q3/figures/0/",
        "/reviews/2026Q3/figures/3/",
        "/reviews/2026Q5/figures/1/",
        "/reviews/2026Q3/figures/1/?team=nobody",
    ],
)
def test_what_is_no_part_is_not_there(client: Client, reader: Any, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_is_frozen_is_not_counted_anew(client: Client, reader: Any) -> None:
    an_incident(**AUGUST)
    freeze_review(Scope(period=read_period("2026Q3"), user=None), by=a_user(), at=AT)

    assert client.get(SECOND).status_code == 404


def test_strangers_learn_nothing_of_restricted_incidents(client: Client, reader: Any) -> None:
    without = [figures_on(page(client, path)) for path in (SECOND, THIRD)]
    before = [re.findall(r'<td class="number">.*?</td>', page(client, p)) for p in (SECOND, THIRD)]
    a_restricted_incident(a_user("editor"), title="A secret", **AUGUST)

    assert [figures_on(page(client, path)) for path in (SECOND, THIRD)] == without
    after = [re.findall(r'<td class="number">.*?</td>', page(client, p)) for p in (SECOND, THIRD)]
    assert after == before
