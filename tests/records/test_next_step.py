"""What waits for whom stands at the head of the record."""

import pytest
from django.test import Client

from incidents.models import Incident, ReviewAnswer, State, User
from incidents.records.states import next_for
from tests.factories import NOW, a_user, an_incident

pytestmark = pytest.mark.django_db


def in_review(*answers: tuple[User, ReviewAnswer]) -> Incident:
    incident = an_incident(state=State.IN_REVIEW)
    for place, (person, answer) in enumerate(answers):
        at = None if answer == ReviewAnswer.ASKED else NOW
        incident.reviewers.create(person=person, answer=answer, answered_at=at, position=place)
    return incident


def test_a_draft_waits_for_an_editor_to_ask() -> None:
    draft = an_incident()
    assert next_for(draft, a_user("editor")) == "ask"
    assert next_for(draft, a_user("reader")) == ""


def test_whoever_is_asked_answers_and_readers_too() -> None:
    reader, other = a_user("reader"), a_user("editor")
    incident = in_review((reader, ReviewAnswer.ASKED))
    assert next_for(incident, reader) == "answer"
    assert next_for(incident, other) == ""


def test_what_is_approved_waits_to_be_published() -> None:
    reviewer, other = a_user("reader"), a_user("editor")
    incident = in_review((reviewer, ReviewAnswer.APPROVED))
    assert next_for(incident, other) == "publish"
    assert next_for(incident, reviewer) == ""


def test_not_while_somebody_wants_changes() -> None:
    people = (a_user("reader"), a_user("reader"))
    answers = (ReviewAnswer.APPROVED, ReviewAnswer.CHANGES_WANTED)
    incident = in_review(*zip(people, answers, strict=True))
    assert next_for(incident, a_user("editor")) == ""


@pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN])
def test_what_is_out_waits_for_nobody(state: State) -> None:
    assert next_for(Incident(state=state, pk=0), a_user("admin")) == ""


def test_the_page_leads_there(client: Client) -> None:
    reviewer = a_user("reader")
    incident = in_review((reviewer, ReviewAnswer.ASKED))
    client.force_login(reviewer)
    text = client.get(incident.get_absolute_url()).content.decode()
    assert 'href="#answer-form"' in text
    assert 'id="answer-form"' in text


def test_readers_are_not_taught_what_to_write(client: Client) -> None:
    incident = an_incident()
    taught = "Nobody is named as a cause"
    for role, is_taught in (("editor", True), ("reader", False)):
        client.force_login(a_user(role))
        text = client.get(incident.get_absolute_url()).content.decode()
        assert (taught in text) is is_taught
        assert "Nobody is named yet" in text
