"""What becomes of action items is told to rooms and programs that want to hear of it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.action_items.operations import (
    change_action_item,
    complete_action_item,
    create_action_item,
    decline_action_item,
    reopen_action_item,
    start_action_item,
    verify_action_item,
)
from incidents.lib.periods import read_period
from incidents.models import (
    ActionItem,
    Channel,
    Endpoint,
    Event,
    Incident,
    Message,
    Review,
    Visibility,
)
from incidents.models.notifications import FOR_ROOMS
from incidents.notifications.channels import webhook
from incidents.notifications.operations import tell
from incidents.notifications.queries import chosen_table
from incidents.notifications.sending import take
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from tests.access.restricted import a_world, hide_an_incident, told_by
from tests.api.programs import Program
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_user,
    an_action_item,
    an_incident,
)
from tests.notifications.rooms import a_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Endpoint:
    return a_room(Event.ACTION_CHANGED, channel=Channel.WEBHOOK)


def heard(program: Endpoint) -> list[dict[str, Any]]:
    """Everything that it was posted, as it would read it now."""
    found = []
    for message in Message.objects.filter(endpoint=program).order_by("pk"):
        parcel = take(message.delivery_id or 0)
        if parcel is not None:
            found += json.loads(webhook.body_of(parcel))["data"]["messages"]
    return found


def a_frozen_review() -> Review:
    by = a_user("admin")
    scope = Scope(period=read_period("2019"), user=by)
    return freeze_review(scope, by=by, at=NOW)


def test_every_step_of_an_item_is_told(program: Endpoint) -> None:
    olga, other = a_user(), a_user()
    values = {"title": "Raise the limit", "kind": "prevent", "incident": an_incident()}
    item = create_action_item(values=values, by=olga, at=NOW)
    changed = {"title": "Raise it"}
    item = change_action_item(item, version=item.version, values=changed, by=olga, at=NOW)
    start_action_item(item, by=olga, at=NOW)
    complete_action_item(item, evidence="The graph", by=olga, at=NOW)
    verify_action_item(item, by=other, at=NOW)
    reopen_action_item(item, by=olga, at=NOW)
    decline_action_item(item, reason="It is gone", by=olga, at=NOW)

    messages = heard(program)

    assert [message["detail"] for message in messages] == [
        "Added.",
        "Changed.",
        "Started.",
        "Done.",
        "Verified that it is done.",
        "Reopened.",
        "Will not be done.",
    ]
    assert {message["event"] for message in messages} == {"action_changed"}
    assert {message["id"] for message in messages} == {item.reference}


def test_what_changes_nothing_is_not_told(program: Endpoint) -> None:
    item = an_action_item(title="Raise it")
    values = {"title": "Raise it"}
    change_action_item(item, version=item.version, values=values, by=a_user(), at=NOW)
    assert heard(program) == []


def test_where_nobody_listens_it_costs_one_question() -> None:
    first, second, by = an_action_item(), an_action_item(), a_user()
    asked = []
    for item in (first, second):
        with CaptureQueriesContext(connection) as queries:
            start_action_item(item, by=by, at=NOW)
        told = [
            one["sql"]
            for one in queries
            if "notifications" in one["sql"] or "endpoint" in one["sql"]
        ]
        assert len(told) == 1
        asked.append(len(queries))
        a_room(Event.LATE)
    assert asked[0] == asked[1]


def test_nobody_is_told_of_it_by_name(program: Endpoint) -> None:
    olga, ed = a_user(), a_user()
    start_action_item(an_action_item(owner=olga), by=ed, at=NOW)
    assert not Message.objects.filter(person__isnull=False).exists()
    listed = [event for event, _, _ in chosen_table(olga)]
    assert set(Event) - set(listed) == set(FOR_ROOMS)


def test_nothing_restricted_is_told(program: Endpoint) -> None:
    """Not when it happens, and not when it is sent."""
    admin = a_user("admin")
    hidden = an_action_item(incident=a_restricted_incident(admin))
    start_action_item(hidden, by=admin, at=NOW)
    assert not Message.objects.exists()

    item = an_action_item(incident=an_incident())
    start_action_item(item, by=admin, at=NOW)
    Incident.objects.filter(pk=item.incident_id).update(visibility=Visibility.RESTRICTED)
    assert heard(program) == []


def test_nothing_restricted_is_told_of_a_whole_world() -> None:
    world = a_world()
    hide_an_incident(world)
    everything = a_room(channel=Channel.WEBHOOK)
    Message.objects.filter(endpoint=everything).delete()
    for item in ActionItem.objects.all():
        change_action_item(
            item, version=item.version, values={"body": "More"}, by=world.named, at=NOW
        )
    told = heard(everything)
    assert told
    assert told_by(json.dumps(told)) == set()


@pytest.mark.parametrize("kind", ["incident", "action_item", "lesson", "runbook", "review"])
def test_a_program_is_told_where_the_interface_has_it(kind: str) -> None:
    made = {
        "incident": an_incident,
        "action_item": an_action_item,
        "lesson": a_lesson,
        "runbook": a_runbook,
        "review": a_frozen_review,
    }
    record = made[kind]()
    room = a_room(Event.PUBLISHED, channel=Channel.WEBHOOK)
    tell(Event.PUBLISHED, about=record, to=[], by=None, at=NOW)
    (message,) = heard(room)
    assert message["kind"] == kind
    site, _, path = message["api"].partition("/api/v1/")
    assert site == "https://postmortems.example"
    assert path.endswith(f"/{message['id']}/")
    assert Program().asks(path).status_code == 200
