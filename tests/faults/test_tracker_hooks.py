"""Trackers deliver again what was slow to be answered, and tell of one issue many times at once."""

from collections import Counter
from datetime import timedelta

import pytest
from pytest_django import Settings

from incidents.models import ActionItem, ActionState, Change, TrackerDelivery, TrackerIssue
from tests.action_items.trackers.sending import SECRET, Answer, GitHub, send
from tests.factories import NOW, an_action_item
from tests.faults.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 8
TRACKER = GitHub()


@pytest.fixture(autouse=True)
def _secret(settings: Settings) -> None:
    settings.GITHUB_HOOK_SECRETS = [SECRET]


@pytest.fixture
def items() -> list[ActionItem]:
    return [an_action_item(tracker_url=TRACKER.address) for _ in range(2)]


def test_one_delivery_many_times_at_once_is_done_once(items: list[ActionItem]) -> None:
    def deliver(_: int) -> Answer:
        return send(TRACKER, "close", delivery="the same")

    answers = at_once(deliver, range(TIMES), threads=TIMES)

    assert answers == [(200, {"outcome": "in step"})] * TIMES
    assert TrackerDelivery.objects.count() == 1
    assert Change.objects.filter(summary="Done, by the tracker").count() == len(items)


def test_of_two_bodies_under_one_name_one_is_taken(items: list[ActionItem]) -> None:
    def deliver(number: int) -> int:
        did = "close" if number % 2 else "reopen"
        return send(TRACKER, did, delivery="the same", at=NOW + timedelta(minutes=number % 2))[0]

    answers = Counter(at_once(deliver, range(TIMES), threads=TIMES))

    assert answers == {200: TIMES // 2, 409: TIMES // 2}
    assert TrackerDelivery.objects.count() == 1


@pytest.mark.parametrize("last", ["close", "reopen"])
def test_messages_of_one_issue_at_once_end_with_the_newest(
    items: list[ActionItem], last: str
) -> None:
    """Whichever of them is worked on first."""
    first = "reopen" if last == "close" else "close"

    def deliver(number: int) -> Answer:
        did = last if number % 2 else first
        return send(TRACKER, did, at=NOW + timedelta(minutes=number))

    # The newest is among those that begin together.
    answers = at_once(deliver, reversed(range(TIMES)), threads=TIMES)

    assert {status for status, _ in answers} == {200}
    expected = ActionState.DONE if last == "close" else ActionState.OPEN
    assert {item.state for item in ActionItem.objects.all()} == {expected}
    issue = TrackerIssue.objects.get()
    assert issue.told_at == NOW + timedelta(minutes=TIMES - 1)
    assert TrackerDelivery.objects.count() == TIMES
