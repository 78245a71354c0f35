"""The sections of a record's page."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import Incident, User
from incidents.records.parts.sections import course_of, sections_of
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)
from tests.records.parts.forms import KIND_NAMES, row_of

pytestmark = pytest.mark.django_db
QUERIES = 6


def fill(incident: Incident, *, rows: int) -> None:
    for _ in range(rows):
        for kind in KIND_NAMES:
            row_of(kind, incident)
        a_lesson(learned_from=incident)
        an_action_item(incident=incident, owner=a_user())


def test_it_works() -> None:
    incident = an_incident()
    fill(incident, rows=2)

    sections = sections_of(incident, user=a_user())

    assert {section.id: len(section.rows) for section in sections} == {
        "timeline": 2,
        "factors": 2,
        "deltas": 2,
        "measures": 2,
        "lessons": 2,
        "earlier-lessons": 2,
        "actions": 2,
        "runbooks": 2,
        "people": 2,
        "related": 2,
    }


def test_linked_records_are_as_the_database_has_them() -> None:
    incident = an_incident()
    for kind in ("lesson-link", "runbook-use", "related"):
        row_of(kind, incident, note="A note", source="A log", version=3, position=5)
    lesson = a_lesson(learned_from=incident)
    other = an_action_item(incident=incident, team=a_team())
    last = an_action_item(incident=incident)
    item = an_action_item(
        incident=incident, owner=a_user(first_name="Ada"), due_date=NOW.date(), kind="detect"
    )

    by_id = {section.id: section.rows for section in sections_of(incident, user=a_user())}

    for section in ("earlier-lessons", "runbooks", "related"):
        (shown,) = by_id[section]
        kept = type(shown)._base_manager.get(pk=shown.pk)
        for name in (*kept.TRACKED, "version"):
            assert getattr(shown, name) == getattr(kept, name), name
    (shown,) = by_id["lessons"]
    assert (shown, shown.sentence, shown.state) == (lesson, lesson.sentence, "active")
    later, undated, plain = by_id["actions"]
    assert [later, undated, plain] == [item, other, last]
    for name in ("title", "kind", "state", "origin", "due_date"):
        assert getattr(later, name) == getattr(item, name), name
    assert later.owner.name == item.owner.name
    assert undated.team.name == other.team.name
    assert (plain.owner, plain.team, plain.due_date) == (None, None, None)


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_the_queries_do_not_grow_with_the_rows(rows: int, django_assert_num_queries: Any) -> None:
    incident, user = an_incident(began_at=NOW, began_precision="minute"), a_user()
    fill(incident, rows=rows)

    with django_assert_num_queries(QUERIES):
        sections = sections_of(incident, user=user)
        course_of(incident, sections)


def test_two_hundred_events_on_the_page(client: Client, django_assert_max_num_queries: Any) -> None:
    incident = an_incident(began_at=NOW, began_precision="minute")
    fill(incident, rows=2)
    for _ in range(200):
        row_of("event", incident, event_at=NOW, event_precision="minute")
    client.force_login(a_user())

    with django_assert_max_num_queries(16):
        answer = client.get(f"/incidents/{incident.reference}/")

    assert answer.status_code == 200
    assert answer.content.count(b'class="timeline-event ') == 202


def test_what_one_may_not_know_of_is_not_shown(client: Client) -> None:
    incident, named = an_incident(), a_user()
    hidden = a_restricted_incident(named, title="The hidden one")
    row_of("related", incident, other=hidden)
    row_of("lesson-link", incident, lesson=a_lesson(learned_from=hidden, sentence="The hidden"))
    an_action_item(incident=incident, lesson=a_lesson(learned_from=hidden), title="The hidden item")

    def page_of(user: User) -> str:
        client.force_login(user)
        return client.get(f"/incidents/{incident.reference}/").content.decode()

    assert page_of(named).count("The hidden") >= 3
    assert "The hidden" not in page_of(a_user("admin"))


def test_a_reader_is_offered_nothing_to_change(client: Client) -> None:
    incident = an_incident()
    fill(incident, rows=1)
    client.force_login(a_user("reader"))

    page = client.get(f"/incidents/{incident.reference}/").content.decode()

    assert "/edit/" not in page.replace("/accounts/", "")
    assert "/new/" not in page
    assert "Paste" not in page
