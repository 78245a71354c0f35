"""Earlier lessons are offered while a record is written, and linked with one press."""

import re

import pytest
from django.test import Client

from incidents.lookup.operations import keep_findable
from incidents.models import ActionItem, Incident, Lesson, LessonLink, User
from incidents.wording.queries import draft_of
from incidents.wording.recurrence import MOST, likely_lessons
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_user,
    an_action_item,
    an_incident,
)
from tests.records.test_query_counts import same_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def offered(incident: Incident, user: User) -> dict[Lesson, list[str]]:
    likely = likely_lessons(draft_of(incident, user=user), user=user)
    return {one.lesson: list(one.reasons) for one in likely}


def a_lesson_about(knob: object, **fields: object) -> Lesson:
    lesson = a_lesson(**fields)
    lesson.knobs.add(knob)
    return lesson


def test_a_lesson_about_the_same_knob(editor: User) -> None:
    incident, knob = an_incident(), a_knob()
    a_delta(incident, knob=knob)
    lesson = a_lesson_about(knob)
    a_lesson_about(a_knob())

    assert offered(incident, editor) == {lesson: [f"is about {knob}"]}


def test_a_lesson_from_an_incident_with_the_same_factor(editor: User) -> None:
    incident, earlier, factor = an_incident(), an_incident(), a_factor(name="No limit")
    a_contributing_factor(incident, factor=factor)
    a_contributing_factor(earlier, factor=factor)
    lesson = a_lesson(learned_from=earlier)
    a_lesson(learned_from=an_incident())

    assert offered(incident, editor) == {
        lesson: [f"is from {earlier.reference}, which had “No limit”, too"]
    }


def test_a_lesson_with_its_words(editor: User) -> None:
    lesson = a_lesson(sentence="Replication lag grows while a table is rewritten")
    keep_findable(lesson, a_lesson(sentence="Certificates expire on Sundays"))
    incident = an_incident(title="Replication lag", summary="A table was rewritten")

    assert offered(incident, editor) == {lesson: ["shares words with this record"]}


def test_most_in_common_comes_first(editor: User) -> None:
    incident, knob, factor, earlier = an_incident(), a_knob(), a_factor(), an_incident()
    a_delta(incident, knob=knob)
    a_contributing_factor(incident, factor=factor)
    a_contributing_factor(earlier, factor=factor)
    both = a_lesson_about(knob, learned_from=earlier)
    one = a_lesson_about(knob)

    assert list(offered(incident, editor)) == [both, one]


def test_no_more_than_can_be_read(editor: User) -> None:
    incident, knob = an_incident(), a_knob()
    a_delta(incident, knob=knob)
    for _ in range(MOST + 1):
        a_lesson_about(knob)

    assert len(offered(incident, editor)) == MOST


def test_what_is_named_already_is_not_offered(editor: User) -> None:
    incident, knob = an_incident(), a_knob()
    a_delta(incident, knob=knob)
    named = a_lesson_about(knob)
    LessonLink.objects.create(incident=incident, lesson=named, relation="upheld")
    a_lesson_about(knob, learned_from=incident)
    a_lesson_about(knob, state="retired")

    assert offered(incident, editor) == {}


def test_hidden_lessons_and_incidents_stay_hidden(editor: User) -> None:
    incident, knob, factor = an_incident(), a_knob(), a_factor()
    a_delta(incident, knob=knob)
    a_contributing_factor(incident, factor=factor)
    hidden = a_restricted_incident(a_user())
    a_contributing_factor(hidden, factor=factor)
    a_lesson_about(knob, learned_from=hidden)

    assert offered(incident, editor) == {}


@pytest.mark.parametrize("state", ["withdrawn"])
def test_nothing_is_offered_when_nobody_writes(state: str, editor: User) -> None:
    incident, knob = an_incident(state=state, withdrawn_reason="twice"), a_knob()
    a_delta(incident, knob=knob)
    a_lesson_about(knob)

    assert offered(incident, editor) == {}


def press(client: Client, incident: Incident, relation: str) -> None:
    path = f"{incident.get_absolute_url()}advice/"
    page = client.get(path).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    lesson = re.search(r'name="lesson" value="([^"]+)"', page)
    assert token
    assert lesson
    action = re.search(r'<form class="likely" method="post" action="([^"]+)"', page)
    assert action
    values = {"lesson": lesson[1], "token": token[1], "relation": relation}
    assert client.post(action[1], values).status_code == 302
    assert client.post(action[1], values).status_code == 302


@pytest.mark.parametrize("relation", ["violated", "upheld", "refined"])
def test_one_press_says_what_it_was(client: Client, editor: User, relation: str) -> None:
    incident, knob = an_incident(), a_knob()
    a_delta(incident, knob=knob)
    lesson = a_lesson_about(knob)

    # Sent twice, it is there once.
    press(client, incident, relation)

    link = incident.lessonlinks.get()
    assert (link.lesson, link.relation) == (lesson, relation)
    assert offered(incident, editor) == {}


def test_a_violated_lesson_reopens_what_was_to_prevent_it(client: Client, editor: User) -> None:
    incident, knob = an_incident(), a_knob()
    a_delta(incident, knob=knob)
    lesson = a_lesson_about(knob)
    item = an_action_item(lesson=lesson, kind="prevent", state="done", evidence="It is there")

    press(client, incident, "violated")

    assert ActionItem.objects.get(pk=item.pk).state == "open"


def test_the_queries_do_not_grow(client: Client, editor: User) -> None:
    incident = an_incident(owner=editor)

    def make(number: int) -> None:
        for _ in range(number):
            knob, factor, earlier = a_knob(), a_factor(), an_incident()
            a_delta(incident, knob=knob)
            a_contributing_factor(incident, factor=factor)
            a_contributing_factor(earlier, factor=factor)
            a_lesson_about(knob, learned_from=earlier)

    path = f"{incident.get_absolute_url()}advice/"
    assert same_for(client, path, make, few=3, many=30) < 24
