"""The page of a review, and the one to choose it from."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from incidents.lib.periods import read_period
from incidents.models import Severity
from incidents.review.figures import figures_of
from incidents.review.scope import Scope
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_lesson,
    a_restricted_incident,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db

AUGUST = {"began_at": datetime(2026, 8, 3, 9, 0, tzinfo=UTC), "began_precision": "minute"}


def page(client: Client, path: str = "/reviews/2026Q3/", status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def reader(client: Client) -> Any:
    user = a_user("reader")
    client.force_login(user)
    return user


def test_it_works(client: Client, reader: Any) -> None:
    an_incident(severity=Severity.SEV1, **AUGUST)

    text = page(client)

    assert "Review of <bdi>Q3 2026</bdi>" in text
    assert "1 July 2026 to 30 September 2026" in text
    assert "1 incident</a>." in text
    assert '<title id="severity-t">Incidents by severity</title>' in text


def test_each_figure_has_its_definition_its_table_and_what_it_leaves_out(
    client: Client, reader: Any
) -> None:
    an_incident(title="Nobody knows when")
    scope = Scope(period=read_period("2026Q3"), user=reader)

    text = page(client)

    for figure in figures_of(scope, at=datetime.now(UTC)):
        assert f'id="figure-{figure.key}"' in text
        assert figure.title in text
    assert "Left out: 1 without any date." in text
    assert "Nobody knows when" in text


def test_a_number_leads_to_the_records_that_it_counts(client: Client, reader: Any) -> None:
    team, service, factor = a_team(slug="core"), a_service(slug="api"), a_factor(slug="pool")
    incident = an_incident(severity=Severity.SEV1, kind="near_miss", state="draft", **AUGUST)
    incident.teams.add(team)
    incident.services.add(service)
    a_contributing_factor(incident, factor=factor)
    a_delta(incident)
    an_incident(severity=Severity.SEV1, title="Of another quarter")
    an_incident(severity=Severity.SEV1, state="withdrawn", withdrawn_reason="Twice", **AUGUST)

    links = set(re.findall(r'href="(/incidents/\?[^"]+)"', page(client)))

    named = ("severity", "kind", "detection", "team", "service", "factor", "knob", "state")
    for name in named:
        assert any(f"{name}=" in link for link in links), name
    for link in links:
        listed = page(client, link.replace("&amp;", "&"))
        assert f"INC-{incident.pk}<" in listed
        assert listed.count('class="table-title"') == 1


def test_it_can_be_of_a_team_or_a_service(client: Client, reader: Any) -> None:
    an_incident(**AUGUST).teams.add(a_team(slug="core", name="Core"))
    an_incident(**AUGUST).services.add(a_service(slug="api", name="API"))

    assert "2 incidents</a>." in page(client)
    assert "Q3 2026, Core" in page(client, "/reviews/2026Q3/?team=core")
    assert "1 incident</a>." in page(client, "/reviews/2026Q3/?service=api&team=")
    assert "not both" in page(client, "/reviews/2026Q3/?team=core&service=api", 422)
    assert "valid choice" in page(client, "/reviews/2026Q3/?team=nobody", 422)


@pytest.mark.parametrize("key", ["2026H2", "2026", "2026-08", "2026-08-01..2026-08-05"])
def test_any_period_can_be_reviewed(client: Client, reader: Any, key: str) -> None:
    an_incident(**AUGUST)

    assert "1 incident" in page(client, f"/reviews/{key}/")


def test_a_period_has_one_address(client: Client, reader: Any) -> None:
    assert client.get("/reviews/2026q3/")["Location"] == "/reviews/2026Q3/"
    assert client.get("/reviews/2026-07-01..2026-09-30/")["Location"] == "/reviews/2026Q3/"


@pytest.mark.parametrize("key", ["2026Q5", "Q3", "1066", "2026-02-30..2026-03-01", "🦊"])
def test_what_names_no_period_is_not_there(client: Client, reader: Any, key: str) -> None:
    page(client, f"/reviews/{key}/", 404)


def test_another_period_is_typed(client: Client, reader: Any) -> None:
    answer = client.get("/reviews/?period=2026-08-01..2026-08-05")

    assert answer["Location"] == "/reviews/2026-08-01..2026-08-05/"
    assert "2026Q3 for a quarter" in page(client, "/reviews/?period=last+summer", 422)
    assert "last summer" in page(client, "/reviews/?period=last+summer", 422)


def test_the_list_names_the_quarters(client: Client, reader: Any) -> None:
    assert len(re.findall(r'href="/reviews/\d{4}Q\d/"', page(client, "/reviews/"))) == 9


def test_strangers_learn_nothing_of_restricted_incidents(client: Client, reader: Any) -> None:
    named = a_user("editor")
    incident = a_restricted_incident(named, title="A secret", severity=Severity.SEV1, **AUGUST)
    a_restricted_incident(named, title="Another secret")
    a_contributing_factor(incident, factor=a_factor(name="A telling factor"))
    a_lesson(learned_from=incident)
    an_action_item(incident=incident)
    without = page(client)

    client.force_login(named)
    within = page(client)

    assert "0 incidents." in without
    assert "secret" not in without
    assert "A telling factor" not in without
    assert "restricted" not in without
    assert "Left out" not in without.partition('id="figure-severity"')[2].partition("</section>")[0]
    assert "1 incident</a>." in within
    assert "1 of these incidents is restricted" in within


def test_names_of_people_are_in_no_figure(client: Client, reader: Any) -> None:
    person = a_user("editor", first_name="Rosalind", last_name="Marchetti")
    incident = an_incident(**AUGUST, owner=person)
    incident.participants.create(person=person, role="responder", hours=3)

    text = page(client)

    assert "people pulled in" in text
    assert "Marchetti" not in text


def test_more_records_are_not_more_queries(
    client: Client, reader: Any, django_assert_max_num_queries: Any
) -> None:
    for number in (2, 12):
        for _ in range(number):
            incident = an_incident(**AUGUST)
            incident.teams.add(a_team())
            incident.services.add(a_service())
            a_contributing_factor(incident)
            a_delta(incident)
            a_lesson(learned_from=incident)
            an_action_item(incident=incident, team=a_team())
        with django_assert_max_num_queries(45):
            client.get("/reviews/2026Q3/")


def test_nobody_signed_in_is_sent_to_the_door(client: Client) -> None:
    assert "/accounts/login/" in client.get("/reviews/2026Q3/")["Location"]
