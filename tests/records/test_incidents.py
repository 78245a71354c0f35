"""The list of incidents."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from incidents.lookup.operations import keep_findable
from incidents.models import Incident, User
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_restricted_incident,
    a_service,
    a_tag,
    a_team,
    a_user,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def listed(client: Client, **query: Any) -> list[Incident]:
    answer = client.get("/incidents/", query)
    assert answer.status_code == 200
    return list(answer.context["page"].object_list)


def test_it_works(client: Client, reader: User) -> None:
    first, second = an_incident(), an_incident()
    assert listed(client) == [second, first]


def test_an_empty_list_says_so(client: Client, reader: User) -> None:
    assert "No incidents yet" in client.get("/incidents/").content.decode()


def test_nothing_found_offers_to_clear_the_filters(client: Client, reader: User) -> None:
    assert "Nothing matches" in client.get("/incidents/?q=nonsense").content.decode()


def test_what_is_withdrawn_is_shown_only_when_asked_for(client: Client, reader: User) -> None:
    gone = an_incident(state="withdrawn", withdrawn_reason="Twice")
    assert listed(client) == []
    assert listed(client, state="withdrawn") == [gone]


@pytest.mark.parametrize(
    ("field", "value"),
    [("state", "in_review"), ("kind", "near_miss"), ("severity", "sev1"), ("detection", "audit")],
)
def test_each_choice_narrows_it(client: Client, reader: User, field: str, value: str) -> None:
    an_incident()
    wanted = an_incident(**{field: value})
    assert listed(client, **{field: value}) == [wanted]


def test_each_link_narrows_it(client: Client, reader: User) -> None:
    an_incident()
    wanted = an_incident()
    service, team, tag, factor, knob = a_service(), a_team(), a_tag(), a_factor(), a_knob()
    wanted.services.add(service)
    wanted.teams.add(team)
    wanted.tags.add(tag)
    a_contributing_factor(wanted, factor=factor)
    a_delta(wanted, knob=knob)
    a_delta(wanted, knob=knob, part="tried")

    assert listed(client, service=service.slug) == [wanted]
    assert listed(client, team=team.slug) == [wanted]
    assert listed(client, tag=tag.name) == [wanted]
    assert listed(client, factor=factor.slug) == [wanted]
    # Turned twice, listed once.
    assert listed(client, knob=knob.pk) == [wanted]


def test_dates_and_text_narrow_it(client: Client, reader: User) -> None:
    march = an_incident(
        began_at=datetime(2026, 3, 14, 22, 30, tzinfo=UTC), began_precision="minute"
    )
    an_incident(began_at=datetime(2026, 5, 1, tzinfo=UTC), began_precision="day")
    an_event(march, text="The pgbouncer pool ran dry")
    keep_findable(march)

    assert listed(client, began_from="2026-03-14", began_until="2026-03-14") == [march]
    assert listed(client, q="pool PgBouncer") == [march]
    assert listed(client, q="pool elephant") == []


def test_a_filter_that_does_not_exist_is_named(client: Client, reader: User) -> None:
    answer = client.get("/incidents/?severity=sev9")
    assert "sev9" in answer.content.decode()
    assert answer.context["filter"].form.errors["severity"]


@pytest.mark.parametrize("column", ["number", "title", "state", "severity", "began", "changed"])
def test_each_column_sorts_both_ways(client: Client, reader: User, column: str) -> None:
    for number, severity in enumerate(["sev1", "sev3", "sev2"]):
        an_incident(
            title=f"{severity}",
            severity=severity,
            began_at=datetime(2026, 1, 3 - number, tzinfo=UTC),
            began_precision="day",
        )
    an_incident(title="zzz")
    up, down = listed(client, sort=column), listed(client, sort=f"-{column}")
    assert {row.pk for row in up} == {row.pk for row in down}
    if column != "state":
        assert up != down
    if column == "began":
        # What has no time comes last either way.
        assert up[-1].title == down[-1].title == "zzz"


def test_a_restricted_record_is_nowhere_in_it(client: Client, reader: User) -> None:
    secret = a_restricted_incident(a_user(), title="Zebra breach")
    a_contributing_factor(secret, factor=a_factor(name="Quagga", slug="quagga"))
    secret.tags.add(a_tag(name="okapi"))
    page = client.get("/incidents/").content.decode()
    for word in ("Zebra", "Quagga", "okapi", secret.reference):
        assert word not in page
    assert listed(client, restricted="on") == []


def test_who_is_named_sees_it(client: Client, reader: User) -> None:
    by_name = a_restricted_incident(reader)
    by_team = a_restricted_incident(teams=(a_team(reader),))
    assert listed(client, restricted="on") == [by_team, by_name]


def test_the_queries_do_not_grow_with_the_rows(
    client: Client, reader: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(60):
        incident = an_incident(owner=a_user())
        incident.services.add(a_service())
        incident.tags.add(a_tag())
    client.get("/incidents/")
    with django_assert_max_num_queries(14):
        client.get("/incidents/")


def test_an_unknown_severity_is_unknown_in_its_column_and_named_where_it_stands_alone(
    client: Client,
) -> None:
    client.force_login(a_user())
    incident = an_incident()
    row = client.get("/incidents/").content.decode()
    assert '<span class="unknown">unknown</span>' in row
    assert "severity unknown" not in row
    assert "severity unknown" in client.get(incident.get_absolute_url()).content.decode()
