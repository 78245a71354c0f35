"""A pager tells of one incident many times at once, before there is a record of it."""

import pytest
from pytest_django import Settings

from incidents.models import Incident, TimelineEvent, TrackerDelivery
from tests.action_items.trackers.sending import Answer
from tests.faults.threads import at_once
from tests.records.hooks.sending import SECRET, an_event, minutes, page, send_event

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


@pytest.fixture(autouse=True)
def _secret(settings: Settings) -> None:
    settings.PAGERDUTY_HOOK_SECRETS = [SECRET]


def test_one_message_many_times_at_once_is_done_once() -> None:
    message = an_event("triggered")
    answers = at_once(lambda _: send_event(message), range(TIMES), threads=TIMES)
    assert answers == [(200, {"outcome": "opened"})] * TIMES
    assert Incident.objects.count() == TimelineEvent.objects.count() == 1


def test_many_messages_of_a_new_incident_open_one_record() -> None:
    def deliver(number: int) -> Answer:
        return page("resolved" if number % 2 else "reopened", at=minutes(number))

    answers = at_once(deliver, reversed(range(TIMES)), threads=TIMES)

    assert {status for status, _ in answers} == {200}
    assert Incident.objects.get().resolved_at == minutes(TIMES - 1)
    times = list(TimelineEvent.objects.order_by("position").values_list("event_at", flat=True))
    assert times == [minutes(number) for number in range(TIMES)]
    assert TrackerDelivery.objects.count() == TIMES
