"""An incident in which the best runbook served is like this one, whatever its words."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from incidents.lookup.operations import keep_findable
from incidents.lookup.queries import look_beside, search
from incidents.lookup.question import read_question
from incidents.lookup.served import how_it_served
from incidents.models import FoundKind, Incident, Runbook, Said, Served, State, User, Verdict
from tests.factories import (
    NOW,
    a_restricted_incident,
    a_runbook,
    a_runbook_use,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db

ASKED = "requests vanish after half a minute"


@pytest.fixture
def reader() -> User:
    return a_user("reader")


@pytest.fixture
def runbook() -> Runbook:
    runbook = a_runbook(title="Requests vanish after the same number of seconds, half a minute")
    keep_findable(runbook, a_runbook(title="Something else"))
    return runbook


@pytest.fixture
def by_words() -> list[Incident]:
    """Three that have words of the question, best first."""
    texts = ("Requests vanish after half a minute", "Requests vanish", "A few requests")
    incidents = [an_incident(title=text) for text in texts]
    keep_findable(*incidents, *(an_incident(title="Nothing of it") for _ in range(9)))
    return incidents


def a_served(runbook: Runbook, incident: Incident, served: Served = Served.HELPED) -> Incident:
    a_runbook_use(incident, runbook=runbook, served=served)
    keep_findable(incident)
    return incident


def beside(user: User, *, limit: int = 4) -> list[Incident]:
    found = look_beside(read_question(ASKED, {}), user=user, limit=limit)
    return [past.incident for past in found.incidents]


def found(user: User) -> list[object]:
    groups = search(ASKED, user=user, limit=5).groups
    return [hit.row for group in groups if group.kind == FoundKind.INCIDENT for hit in group.hits]


@pytest.mark.parametrize("served", [Served.HELPED, Served.PARTLY, Served.WOULD_HAVE_HELPED])
def test_it_works(reader: User, runbook: Runbook, by_words: list[Incident], served: Served) -> None:
    first, second, third = by_words
    story = a_served(runbook, an_incident(title="Gateway limit of the platform"), served)
    assert beside(reader) == [first, story, second, third]
    assert found(reader) == [first, story, second, third]


def test_it_says_how_the_runbook_served_then(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    a_served(runbook, an_incident(title="Gateway limit"), Served.PARTLY)
    past = look_beside(read_question(ASKED, {}), user=reader, limit=3).incidents
    assert [one.served for one in past] == ["", "helped in part", ""]


@pytest.mark.parametrize("served", [Served.WRONG, Served.OUTDATED, Served.NOT_FOUND])
def test_one_that_the_runbook_failed_is_not_preferred(
    reader: User, runbook: Runbook, by_words: list[Incident], served: Served
) -> None:
    a_served(runbook, an_incident(title="Gateway limit"), served)
    assert beside(reader) == by_words


def test_of_several_the_one_whose_words_fit_best(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    first, second, third = by_words
    a_served(runbook, third)
    a_served(runbook, an_incident(title="Gateway limit"))
    assert beside(reader) == [first, third, second]


def test_without_fitting_words_the_newest(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    a_served(runbook, an_incident(title="Gateway limit"))
    newest = a_served(runbook, an_incident(title="Gateway limit again"))
    assert beside(reader)[1] == newest
    assert len(beside(reader)) == 4


def test_one_that_is_first_or_second_by_its_words_is_enough(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    a_served(runbook, by_words[1])
    a_served(runbook, an_incident(title="Gateway limit"))
    assert beside(reader) == by_words


def test_it_takes_no_more_places_than_there_are(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    story = a_served(runbook, an_incident(title="Gateway limit"))
    assert beside(reader, limit=2) == [by_words[0], story]


def test_a_restricted_one_moves_nothing(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    named = a_user("reader")
    hidden = a_served(runbook, a_restricted_incident(named, title="Gateway limit"))
    assert beside(reader) == found(reader) == by_words
    assert beside(named)[1] == hidden


def test_a_withdrawn_one_moves_nothing(
    reader: User, runbook: Runbook, by_words: list[Incident]
) -> None:
    gone = an_incident(title="Gateway limit", state=State.WITHDRAWN, withdrawn_reason="twice")
    a_served(runbook, gone)
    assert beside(reader) == by_words


def test_without_a_runbook_the_words_alone_count(reader: User, by_words: list[Incident]) -> None:
    assert beside(reader) == by_words


@pytest.mark.parametrize("told", ["{pk}", "", "nonsense", "-1", "99999999999999999999", "²"])
def test_the_page_says_which_runbook_stands_first(
    client: Client, reader: User, runbook: Runbook, by_words: list[Incident], told: str
) -> None:
    """What it does not say, or says wrong, is looked for."""
    a_served(runbook, an_incident(title="Gateway limit"))
    client.force_login(reader)
    address = "/lookup/beside/?" + urlencode({"first": told.format(pk=runbook.pk)})
    page = client.post(address, {"q": ASKED}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert "Gateway limit" in page.content.decode()


def test_faults_that_were_put_right_are_not_counted(reader: User, runbook: Runbook) -> None:
    for said in (Said.HELPED, Said.WRONG, Said.OUTDATED):
        Verdict.objects.create(runbook=runbook, said=said, said_at=NOW)
    assert how_it_served([runbook.pk], user=reader) == {runbook.pk: (1, 2)}

    Verdict.objects.filter(said=Said.WRONG).update(dealt_with_at=NOW)

    assert how_it_served([runbook.pk], user=reader) == {runbook.pk: (1, 1)}
