"""What programs tell of at the hooks is written down, or nothing of it is kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.access.no_history import Writing, everything, refuse_history, taken_back
from tests.access.restricted import World
from tests.action_items.trackers.sending import SECRET, TRACKERS, Tracker
from tests.addresses import addresses
from tests.factories import NOW, an_action_item
from tests.records.hooks import sending

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quiet", "_secrets")]

ALERTMANAGER = "/hooks/alertmanager/"
BEARER = {"Authorization": f"Bearer {SECRET}"}


@dataclass
class Message:
    path: str
    told: Any
    headers: Mapping[str, str] = field(default_factory=lambda: BEARER)

    def send(self) -> HttpResponse:
        client = Client(raise_request_exception=False)
        body = json.dumps(self.told)
        return client.post(self.path, body, "application/json", headers=self.headers)


@pytest.fixture
def _secrets(settings: Settings) -> None:
    settings.ALERTMANAGER_TOKEN = SECRET
    names = [tracker.setting for tracker in TRACKERS]
    for name in (*names, "PAGERDUTY_HOOK_SECRETS", "INCIDENT_HOOK_TOKENS"):
        assert hasattr(settings, name)
        setattr(settings, name, [SECRET])


def issue(tracker: Tracker, did: str) -> Message:
    told = tracker.body(did)
    body = json.dumps(told).encode()
    headers = tracker.headers(body, delivery=f"{did} it", secret=SECRET)
    return Message(tracker.path, told, headers)


def page(what: str) -> Message:
    told = sending.an_event(what)
    signed = {"X-PagerDuty-Signature": sending.signed(json.dumps(told).encode())}
    return Message(sending.PAGERDUTY, told, signed)


def incident(status: str) -> Message:
    told = {"key": "disk-7", "status": status, "title": "The disk is full"}
    return Message(sending.PROGRAMS, {**told, "at": sending.iso(NOW)})


def alert(status: str) -> Message:
    told = {"labels": {"alertname": "DiskFull"}, "annotations": {}, "fingerprint": "one"}
    told |= {"status": status, "startsAt": "2026-09-14T08:30:00Z"}
    return Message(ALERTMANAGER, {"version": "4", "alerts": [told]})


FIRST = [*(issue(tracker, "close") for tracker in TRACKERS), page("triggered"), incident("open")]
THEN = [
    *(issue(tracker, "reopen") for tracker in TRACKERS),
    page("resolved"),
    incident("resolved"),
]


def test_what_records_become_by_them_is_written_down(world: World) -> None:
    """Where it cannot be, the delivery itself is not kept either: it may come again."""
    for tracker in TRACKERS:
        an_action_item(tracker_url=tracker.address)
    walked = []

    for messages in (FIRST, THEN):
        seen = Writing(frozenset())
        for message in messages:
            seen.look(message.path, message.send)
        walked += seen.changed
        assert seen.unwritten == []
        assert seen.changed_all_the_same == {}
        assert [message.send().status_code for message in messages] == [200] * len(messages)

    assert walked == [message.path for message in (*FIRST, *THEN)]
    hooks = {one.route for one in addresses() if one.route.startswith("/hooks/")}
    assert hooks == {*walked, ALERTMANAGER}


def test_an_alert_is_its_own_row_and_no_record(world: World) -> None:
    """It is what Alertmanager said last, which nobody edits: it is taken without history too."""
    before = everything()
    with taken_back():
        refuse_history()
        answers = [alert(status).send().status_code for status in ("firing", "resolved")]
        after = everything()

    assert answers == [200, 200]
    assert {name for name in after if after[name] != before[name]} == {"Alert"}
