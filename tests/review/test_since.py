"""Which records of a frozen review changed since, for whoever may know of them."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.lib.periods import read_period
from incidents.models import Incident, Review, User, Visibility
from incidents.records.operations import change_incident, create_incident
from incidents.records.parts.operations import add_timeline_event
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from incidents.review.since import Versions, changed_since, page_of_changed, versions_since
from tests.factories import a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
AUGUST = {"began_at": datetime(2026, 8, 3, 9, 0, tzinfo=UTC), "began_precision": "minute"}
ADDRESS = "/reviews/2026Q3/today/"


def freeze() -> Review:
    return freeze_review(Scope(period=read_period("2026Q3"), user=None), by=a_user(), at=AT)


def an_edited(title: str = "Orders time out") -> Incident:
    return create_incident(values={"title": title, **AUGUST}, by=None, at=AT)


def retitle(incident: Incident, title: str) -> Incident:
    values = {"title": title}
    return change_incident(incident, version=incident.version, values=values, by=None, at=AT)


def seen(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    return client.get(f"{ADDRESS}{query}").content.decode()


def test_it_works(client: Client) -> None:
    incident, other = an_edited(), an_edited("Left alone")
    incident = retitle(incident, "Orders are slow")
    review = freeze()
    reader = a_user("reader")
    assert "None of those that were counted." in seen(client, reader)

    add_timeline_event(incident, values={"text": "A part counts, too"}, by=None, at=AT)
    retitle(incident, "Orders are late")

    page = seen(client, reader)
    assert f"{incident.reference} Orders are late" in page
    assert other.title not in page
    edition = review.editions.get(sight="open")
    (one,) = page_of_changed(changed_since(edition, reader), None)[1]
    assert one.versions == Versions(then=2, now=4)
    compared = client.get(one.url)
    assert "Orders are slow" in compared.content.decode()
    assert "A part counts, too" in compared.content.decode()


def test_what_changed_last_stands_first(client: Client) -> None:
    early, late = an_edited("Early"), an_edited("Late")
    freeze()

    for incident in (late, early):
        retitle(incident, f"{incident.title}, again")

    page = seen(client, a_user())
    assert page.index("Early, again") < page.index("Late, again")


def test_nobody_reads_of_what_is_closed_to_them(client: Client) -> None:
    named, stranger = a_user(), a_user("admin")
    closed, closed_since = a_restricted_incident(named, **AUGUST), an_edited("Telling, once open")
    freeze()
    retitle(closed, "Telling")
    Incident.objects.filter(pk=closed_since.pk).update(visibility=Visibility.RESTRICTED)
    closed_since.allowed_people.add(named)
    retitle(closed_since, "Telling, since closed")

    assert "Telling" not in seen(client, stranger)
    assert "None of those that were counted." in seen(client, stranger)
    page = seen(client, named)
    assert "Telling, since closed" in page
    assert f"{closed.reference} Telling" in page


def test_what_had_no_history_then_has_a_version_all_the_same(client: Client) -> None:
    incident = an_incident(**AUGUST)
    freeze()

    retitle(incident, "Orders are late")

    assert versions_since("incident", {incident.pk: 0}) == {incident.pk: Versions(1, 2)}
    assert f"/history/incident/{incident.pk}/" in seen(client, a_user())


def test_there_are_pages_and_their_queries_do_not_grow(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = a_user()
    made = [an_edited(f"Number {number}") for number in range(60)]
    freeze()
    counts = []
    for some in (made[:3], made[3:]):
        for incident in some:
            retitle(incident, f"{incident.title}, again")
        client.force_login(person)
        with django_assert_max_num_queries(90) as asked:
            client.get(ADDRESS)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert "Number 0, again" in seen(client, person, "?page=2")
    assert "Number 59, again" not in seen(client, person, "?page=2")
