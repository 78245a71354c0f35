"""What is brought when it is due is what then is still so, to who may still see it."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import transaction

from incidents.history.operations import change_record
from incidents.models import (
    ActionItem,
    Channel,
    Delivery,
    DeliveryState,
    Event,
    Incident,
    Job,
    JobState,
    Message,
    Rhythm,
    State,
    User,
    Visibility,
)
from incidents.notifications import sending
from incidents.notifications.operations import mark_all_read, tell
from tests.factories import (
    NOW,
    a_restricted_incident,
    a_runbook,
    a_user,
    an_action_item,
    an_incident,
)
from tests.jobs.doing import do_all_jobs
from tests.notifications.rooms import a_room, prefers

pytestmark = pytest.mark.django_db


def told(event: Event, about: Incident | ActionItem, person: User) -> Delivery:
    tell(event, about=about, to=[person], by=None, at=NOW)
    return Delivery.objects.get(person=person)


def after_its_job(delivery: Delivery) -> tuple[str, str, int]:
    do_all_jobs()
    delivery.refresh_from_db()
    assert delivery.job is not None
    return delivery.state, delivery.job.state, len(mail.outbox)


SENT = (DeliveryState.SENT, JobState.DONE, 1)
NOTHING = (DeliveryState.NOTHING_LEFT, JobState.DONE, 0)


def test_it_works() -> None:
    person = a_user(email="ed@example.com")
    delivery = told(Event.ASSIGNED, an_incident(owner=person), person)

    assert after_its_job(delivery) == SENT
    assert mail.outbox[0].to == ["ed@example.com"]
    assert delivery.job is not None
    assert delivery.job.outcome == "Sent."
    assert delivery.ended_at is not None


def restrict(incident: Incident, person: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(visibility=Visibility.RESTRICTED)


def unname(incident: Incident, person: User) -> None:
    incident.allowed_people.clear()


def close(incident: Incident, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def give_away(incident: Incident, person: User) -> None:
    Incident.objects.filter(pk=incident.pk).update(owner=a_user())


def read(incident: Incident, person: User) -> None:
    mark_all_read(by=person, at=NOW)


def switch_off(incident: Incident, person: User) -> None:
    prefers(person, Channel.EMAIL, Event.ASSIGNED, Rhythm.OFF)


@pytest.mark.parametrize("meanwhile", [restrict, unname, close, give_away, read, switch_off])
def test_what_happened_meanwhile_counts(meanwhile: Callable[[Incident, User], None]) -> None:
    person = a_user()
    restricted = meanwhile is unname
    incident = (
        a_restricted_incident(person, owner=person) if restricted else an_incident(owner=person)
    )
    delivery = told(Event.ASSIGNED, incident, person)
    meanwhile(incident, person)

    assert after_its_job(delivery) == NOTHING


@pytest.mark.parametrize("event", [Event.LATE, Event.DUE_SOON])
def test_nobody_is_reminded_of_what_is_done(event: Event) -> None:
    person = a_user()
    item = an_action_item(owner=person)
    delivery = told(event, item, person)
    ActionItem.objects.filter(pk=item.pk).update(state="done", evidence="so")

    assert after_its_job(delivery) == NOTHING


@pytest.mark.parametrize(("state", "end"), [(State.IN_REVIEW, SENT), (State.DRAFT, NOTHING)])
def test_a_review_is_asked_while_there_is_one(state: State, end: tuple[str, str, int]) -> None:
    person = a_user()
    delivery = told(Event.REVIEW_ASKED, an_incident(state=state), person)

    assert after_its_job(delivery) == end


def test_only_what_one_may_see_of_several_is_said() -> None:
    person = a_user()
    prefers(person, Channel.EMAIL, Event.MENTIONED, Rhythm.DAILY)
    secret, open_one = an_incident(title="The secret"), an_incident(title="The open one")
    for incident in (secret, open_one):
        tell(Event.MENTIONED, about=incident, to=[person], by=None, at=NOW)
    restrict(secret, person)

    delivery = Delivery.objects.get()
    do_all_jobs(at=delivery.due_at)

    assert "The open one" in mail.outbox[0].body
    whole = mail.outbox[0].message().as_string()
    assert "secret" not in whole
    assert f"INC-{secret.pk}" not in whole


def test_a_room_hears_nothing_of_what_was_restricted_meanwhile() -> None:
    a_room(Event.PUBLISHED)
    incident = an_incident()
    tell(Event.PUBLISHED, about=incident, to=[], by=None, at=NOW)
    delivery = Delivery.objects.get()
    restrict(incident, a_user())

    assert sending.take(delivery.pk) is None


def test_a_second_time_nothing_is_sent() -> None:
    person = a_user()
    delivery = told(Event.ASSIGNED, an_incident(owner=person), person)
    do_all_jobs()
    Job.objects.update(state=JobState.OWED, ended_at=None)

    assert do_all_jobs() == 1
    assert len(mail.outbox) == 1
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT


def test_an_attempt_that_died_is_made_again_with_the_same_number() -> None:
    person = a_user()
    delivery = told(Event.ASSIGNED, an_incident(owner=person), person)
    first = sending.take(delivery.pk)

    do_all_jobs()

    assert first is not None
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{first.uid.hex}@postmortems.example>"


def test_nothing_joins_what_is_on_its_way() -> None:
    person = a_user()
    delivery = told(Event.ASSIGNED, an_incident(owner=person), person)
    sending.take(delivery.pk)

    tell(Event.MENTIONED, about=a_runbook(), to=[person], by=None, at=NOW)

    assert delivery.messages.count() == 1
    assert Delivery.objects.count() == 2
    assert Message.objects.exclude(delivery=delivery).get().event == Event.MENTIONED


def test_what_is_told_goes_with_its_change_or_not_at_all() -> None:
    person = a_user()
    incident = an_incident()
    with pytest.raises(ValueError, match="no"):
        fails(incident, person)

    assert not Message.objects.exists()
    assert not Job.objects.exists()


def fails(incident: Incident, person: User) -> None:
    with transaction.atomic():
        change_record(
            incident, version=1, values={"owner": person}, by=None, at=NOW, summary="Changed"
        )
        tell(Event.ASSIGNED, about=incident, to=[person], by=None, at=NOW)
        raise ValueError("no")
