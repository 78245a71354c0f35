"""No page asks the database more often because there is more in it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.models import (
    ImpactMeasure,
    Incident,
    LessonLink,
    Participant,
    RelatedIncident,
    Reviewer,
    User,
)
from tests.addresses import addresses
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_lesson,
    a_runbook,
    a_runbook_use,
    a_service,
    a_tag,
    a_team,
    a_user,
    an_action_item,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db

UNDER = 17
"""One of them asks on every page whether there is news for its reader."""


def queries(client: Client, path: str) -> int:
    """For the whole request, session and user included."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len([one for one in captured.captured_queries if counted(one["sql"])])


def counted(sql: str) -> bool:
    """Savepoints are the test's own."""
    return "SAVEPOINT" not in sql


def with_parts(incident: Incident, number: int) -> None:
    """That many of each part, each naming something of its own."""
    for _ in range(number):
        an_event(incident)
        a_contributing_factor(incident)
        a_delta(incident)
        a_runbook_use(incident)
        an_action_item(incident=incident, owner=a_user(), team=a_team())
        ImpactMeasure.objects.create(incident=incident, name="Orders")
        Participant.objects.create(incident=incident, person=a_user())
        Reviewer.objects.create(incident=incident, person=a_user())
        LessonLink.objects.create(incident=incident, lesson=a_lesson(), relation="upheld")
        a_lesson(learned_from=incident)
        RelatedIncident.objects.create(incident=incident, other=an_incident())
        RelatedIncident.objects.create(incident=an_incident(), other=incident)
        incident.services.add(a_service())
        incident.teams.add(a_team())
        incident.tags.add(a_tag())


def some_of_everything(number: int) -> None:
    for _ in range(number):
        incident = an_incident(owner=a_user())
        with_parts(incident, 1)
        a_runbook(owner=a_user(), team=a_team()).services.add(a_service(team=a_team(a_user())))


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("admin")
    client.force_login(user)
    return user


def same_for(client: Client, path: str, make: Callable[[int], None], *, few: int, many: int) -> int:
    make(few)
    queries(client, path)
    for_few = queries(client, path)
    make(many - few)
    assert queries(client, path) == for_few, path
    return for_few


def test_the_list_of_a_hundred_incidents(client: Client, reader: User) -> None:
    def make(number: int) -> None:
        for _ in range(number):
            incident = an_incident(owner=a_user())
            incident.services.add(a_service())
            incident.tags.add(a_tag())

    assert same_for(client, "/incidents/", make, few=10, many=100) < UNDER


def test_the_page_of_two_hundred_events(client: Client, reader: User) -> None:
    incident = an_incident(owner=reader)
    with_parts(incident, 3)

    def make(number: int) -> None:
        for _ in range(number):
            an_event(incident)

    path = incident.get_absolute_url()
    assert same_for(client, path, make, few=10, many=200) < UNDER


def test_the_page_of_many_parts_of_every_kind(client: Client, reader: User) -> None:
    incident = an_incident(owner=reader)

    path = incident.get_absolute_url()
    made = same_for(client, path, lambda n: with_parts(incident, n), few=3, many=15)
    assert made < UNDER


# Every page that needs no key, except the forms of the accounts.
PAGES = sorted(
    {
        address.path()
        for address in addresses()
        if not address.wants and not address.route.startswith("/accounts/")
    }
)


def test_there_are_lists_to_count() -> None:
    assert {"/incidents/", "/lessons/", "/runbooks/", "/actions/", "/factors/"} <= set(PAGES)


def test_every_other_page_takes_the_same_number_whatever_there_is(
    client: Client, reader: User
) -> None:
    some_of_everything(5)
    first = {path: client.get(path).status_code for path in PAGES}
    shown = [path for path, status in first.items() if status == 200]
    few = {path: queries(client, path) for path in shown}

    some_of_everything(35)

    # What is kept until something changes is made anew once.
    for path in shown:
        client.get(path)
    many = {path: queries(client, path) for path in shown}
    assert {path: (few[path], many[path]) for path in shown if few[path] != many[path]} == {}
    assert {path: number for path, number in many.items() if number >= UNDER} == {}
    assert len(shown) > 15
