"""What people do tells those whom it concerns, in the transaction of what they do."""

from typing import Any

import pytest

from incidents.action_items.operations import change_action_item, create_action_item
from incidents.history.operations import EditConflict
from incidents.knowledge.operations import change_lesson, create_lesson
from incidents.models import Event, Incident, Message, Participant, Reviewer, User
from incidents.records.operations import change_incident, create_incident
from incidents.records.parts.operations import (
    add_contributing_factor,
    add_timeline_event,
    add_timeline_events,
    change_part,
)
from incidents.records.states import answer_review, publish, send_to_review
from incidents.runbooks.operations import change_runbook, create_runbook
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga() -> User:
    return a_user(username="olga")


@pytest.fixture
def ed() -> User:
    return a_user(username="ed")


def told(event: Event) -> list[tuple[User | None, Any]]:
    return [(row.person, row.about) for row in Message.objects.filter(event=event).order_by("id")]


CREATES: list[tuple[Any, dict[str, Any], str]] = [
    (create_incident, {"title": "Orders time out"}, "summary"),
    (create_action_item, {"title": "Raise the limit"}, "body"),
    (create_runbook, {"title": "Pool is full"}, "body"),
    (create_lesson, {"sentence": "Watch the pool"}, "explanation"),
]
CHANGES: list[tuple[Any, Any, str]] = [
    (change_incident, an_incident, "summary"),
    (change_action_item, an_action_item, "body"),
    (change_runbook, a_runbook, "body"),
    (change_lesson, a_lesson, "explanation"),
]
OWNED = 3


@pytest.mark.parametrize(("create", "values", "prose"), CREATES[:OWNED])
def test_a_new_record_tells_its_owner(
    create: Any, values: dict[str, Any], prose: str, olga: User, ed: User
) -> None:
    record = create(values={**values, "owner": ed}, by=olga, at=NOW)
    create(values={**values, "owner": olga}, by=olga, at=NOW)
    create(values={**values, "owner": ed}, by=None, at=NOW)

    assert told(Event.ASSIGNED) == [(ed, record)]


@pytest.mark.parametrize(("change", "make", "prose"), CHANGES[:OWNED])
def test_a_new_owner_is_told_once(change: Any, make: Any, prose: str, olga: User, ed: User) -> None:
    record = make()

    for values in ({"owner": ed}, {prose: "More of it"}, {"owner": None}):
        record = change(record, version=record.version, values=values, by=olga, at=NOW)

    assert told(Event.ASSIGNED) == [(ed, record)]


@pytest.mark.parametrize(("create", "values", "prose"), CREATES)
def test_a_new_text_tells_whom_it_names(
    create: Any, values: dict[str, Any], prose: str, olga: User, ed: User
) -> None:
    text = "Ask @ED, @olga and @nobody. Not `@fay`."
    a_user(username="fay")

    record = create(values={**values, prose: text}, by=olga, at=NOW)
    create(values={**values, prose: text}, by=None, at=NOW)

    assert told(Event.MENTIONED) == [(ed, record)]


@pytest.mark.parametrize(("change", "make", "prose"), CHANGES)
def test_a_changed_text_tells_whom_it_did_not_name_before(
    change: Any, make: Any, prose: str, olga: User, ed: User
) -> None:
    fay = a_user(username="fay")
    record = make(**{prose: "Ask @ed."})

    for text in ("Ask @ed, still.", "Ask @ed and @fay."):
        record = change(record, version=record.version, values={prose: text}, by=olga, at=NOW)

    assert told(Event.MENTIONED) == [(fay, record)]


def test_the_parts_of_an_incident_name_people_too(olga: User, ed: User) -> None:
    fay = a_user(username="fay")
    incident = an_incident()

    event = add_timeline_event(incident, values={"text": "@ed looks"}, by=olga, at=NOW)
    values = {"factor_name": "Pool", "category": "capacity", "how": "As @ed said"}
    add_contributing_factor(incident, values=values, by=olga, at=NOW)
    changed = {"text": "@ed and @fay look"}
    change_part(event, version=event.version, values=changed, by=olga, at=NOW)

    assert told(Event.MENTIONED) == [(ed, incident), (ed, incident), (fay, incident)]


def test_a_pasted_log_calls_nobody(olga: User, ed: User) -> None:
    events = [{"text": "olga: @ed can you look?"}, {"text": "ed: looking"}]

    add_timeline_events(an_incident(), events=events, by=olga, at=NOW)

    assert not Message.objects.exists()


def test_nobody_is_told_of_what_they_may_not_see(olga: User, ed: User) -> None:
    incident = a_restricted_incident(olga)

    values = {"summary": "Ask @ed", "owner": ed}
    change_incident(incident, version=1, values=values, by=olga, at=NOW)

    assert not Message.objects.exists()


def test_an_edit_that_conflicts_tells_nobody(olga: User, ed: User) -> None:
    item = an_action_item()
    change_action_item(item, version=1, values={"body": "One"}, by=olga, at=NOW)

    with pytest.raises(EditConflict):
        change_action_item(item, version=1, values={"body": "@ed", "owner": ed}, by=olga, at=NOW)

    assert not Message.objects.exists()


def test_reviewers_are_told_once_and_their_answers_the_owner(olga: User, ed: User) -> None:
    fay = a_user(username="fay")
    incident = an_incident(owner=olga)

    incident = send_to_review(incident, reviewers=[ed], by=olga, at=NOW)
    incident = send_to_review(incident, reviewers=[ed, fay], by=olga, at=NOW)
    for note in ("", "Well done"):
        answer_review(incident, answer="approved", note=note, by=ed, at=NOW)

    assert told(Event.REVIEW_ASKED) == [(ed, incident), (fay, incident)]
    assert told(Event.REVIEWED) == [(olga, incident)]
    assert Message.objects.get(event=Event.REVIEWED).detail == "Approved."


def test_those_who_had_to_do_with_it_hear_that_it_is_published(olga: User, ed: User) -> None:
    by, reviewer, helper, member, stranger = (a_user() for _ in range(5))
    incident: Incident = an_incident(owner=olga)
    Reviewer.objects.create(incident=incident, person=reviewer, answer="approved", answered_at=NOW)
    Participant.objects.create(incident=incident, person=helper)
    Participant.objects.create(incident=incident, person=olga)
    an_action_item(incident=incident, owner=ed)
    incident.teams.set([a_team(member)])
    a_team(stranger)

    publish(incident, by=by, at=NOW)

    people = {person for person, _ in told(Event.PUBLISHED)}
    assert people == {olga, ed, reviewer, helper, member}
    assert Message.objects.count() == 5


def test_what_is_brought_in_as_published_is_told_to_nobody(olga: User) -> None:
    publish(an_incident(owner=olga), by=None, at=NOW, without_approval=True)

    assert not Message.objects.exists()
