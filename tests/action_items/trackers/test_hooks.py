"""The trackers' webhooks: what is signed, told once and newer is followed, and nothing else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from incidents.action_items.operations import complete_action_item
from incidents.action_items.tasks import forget_deliveries
from incidents.action_items.trackers import views
from incidents.jobs.work import Work
from incidents.models import ActionItem, ActionState, Change, Job, TrackerDelivery, TrackerIssue
from tests.action_items.trackers.sending import (
    SECRET,
    TRACKERS,
    GitHub,
    GitLab,
    Jira,
    Tracker,
    post,
    send,
    send_body,
    signature,
)
from tests.factories import NOW, a_restricted_incident, a_user, an_action_item

pytestmark = pytest.mark.django_db

every_tracker = pytest.mark.parametrize(
    "tracker", TRACKERS, ids=lambda tracker: type(tracker).__name__
)
LATER, EARLIER = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)
IN_STEP, NOTHING = {"outcome": "in step"}, {"outcome": "nothing to do"}
OLDER = {"outcome": "older than what was told before"}


@pytest.fixture(autouse=True)
def secrets(settings: Settings) -> None:
    for tracker in TRACKERS:
        setattr(settings, tracker.setting, [SECRET])


def linked(tracker: Tracker, **fields: Any) -> ActionItem:
    return an_action_item(**{"tracker_url": tracker.address, **fields})


def now(item: ActionItem) -> ActionItem:
    item.refresh_from_db()
    return item


@every_tracker
def test_it_works(tracker: Tracker) -> None:
    item = linked(tracker)

    assert send(tracker, "close") == (200, IN_STEP)

    assert now(item).state == ActionState.DONE
    assert item.evidence == f"Closed in the tracker: {tracker.address}"
    line = Change.objects.get()
    assert (line.summary, line.by, item.done_by) == ("Done, by the tracker", None, None)

    assert send(tracker, "reopen", at=LATER) == (200, IN_STEP)
    assert (now(item).state, item.evidence) == (ActionState.OPEN, "")
    assert Change.objects.latest("pk").summary == "Reopened, by the tracker"


@every_tracker
def test_what_is_not_planned_will_not_be_done(tracker: Tracker) -> None:
    item = linked(tracker)
    send(tracker, "close", reason=tracker.wont_do)
    assert now(item).state == ActionState.WONT_DO
    assert item.wont_do_reason == f"Closed in the tracker as “{tracker.told_as}”: {tracker.address}"


@every_tracker
def test_only_items_of_that_issue_follow(tracker: Tracker) -> None:
    others = [
        linked(tracker, tracker_url=tracker.address + "3"),
        linked(tracker, tracker_url=f"https://elsewhere.example/?see={tracker.address}"),
        an_action_item(),
    ]
    both = [linked(tracker), linked(tracker, tracker_url=tracker.address + "?from=mail")]

    send(tracker, "close")

    assert {now(item).state for item in both} == {"done"}
    assert {now(item).state for item in others} == {"open"}


@every_tracker
def test_a_tracker_speaks_of_its_own_issues_only(tracker: Tracker) -> None:
    for other in TRACKERS:
        if other is tracker or isinstance(tracker, Jira):
            continue
        item = linked(other)
        status, _ = send(tracker, "close", address=other.address)
        assert (status, now(item).state) == (422, "open")


@every_tracker
def test_a_message_that_comes_twice_does_nothing_the_second_time(tracker: Tracker) -> None:
    item = linked(tracker)
    assert send(tracker, "close", delivery="one") == (200, IN_STEP)
    send(tracker, "reopen", at=LATER, delivery="two")
    version = now(item).version

    assert send(tracker, "close", delivery="one") == (200, IN_STEP)

    assert (now(item).state, item.version) == (ActionState.OPEN, version)
    assert TrackerDelivery.objects.count() == 2


@every_tracker
def test_another_message_under_the_same_name_is_refused(tracker: Tracker) -> None:
    item = linked(tracker)
    send(tracker, "close", delivery="one")
    status, told = send(tracker, "reopen", at=LATER, delivery="one")
    assert (status, now(item).state) == (409, "done")
    assert "another body" in told["error"]


@every_tracker
def test_what_arrives_late_changes_nothing(tracker: Tracker) -> None:
    item = linked(tracker)
    send(tracker, "close")
    send(tracker, "reopen", at=LATER)
    assert send(tracker, "close", at=EARLIER) == (200, OLDER)
    assert now(item).state == ActionState.OPEN
    # A closing that overtook the reopening before it.
    send(tracker, "close", at=LATER + timedelta(minutes=2))
    assert send(tracker, "reopen", at=LATER + timedelta(minutes=1)) == (200, OLDER)
    assert now(item).state == ActionState.DONE


@every_tracker
def test_forged_messages_are_refused(tracker: Tracker) -> None:
    item = linked(tracker)
    for secret in ("another", SECRET + "x", "", "é"):
        status, told = send(tracker, "close", secret=secret)
        assert status == 401, secret
        assert "missing or wrong" in told["error"]
    body = json.dumps(tracker.body("close")).encode()
    assert post(tracker.path, body, {})[0] == 401
    assert now(item).state == "open"
    assert not TrackerDelivery.objects.exists()


@pytest.mark.parametrize("tracker", [GitHub(), Jira()], ids=["GitHub", "Jira"])
def test_a_body_that_was_changed_on_its_way_is_refused(tracker: Tracker) -> None:
    linked(tracker)
    body = json.dumps(tracker.body("close")).encode()
    headers = tracker.headers(body, delivery="one", secret=SECRET)
    assert post(tracker.path, body + b" ", headers)[0] == 401
    assert post(tracker.path, body, headers) == (200, IN_STEP)


@every_tracker
def test_two_secrets_hold_while_one_takes_the_place_of_the_other(
    tracker: Tracker, settings: Settings
) -> None:
    setattr(settings, tracker.setting, ["the new one", SECRET])
    assert send(tracker, "close")[0] == 200
    assert send(tracker, "close", secret="the new one")[0] == 200


@every_tracker
def test_without_a_secret_nothing_is_taken(tracker: Tracker, settings: Settings) -> None:
    setattr(settings, tracker.setting, [])
    status, told = send(tracker, "close", secret="")
    assert status == 403
    assert tracker.setting in told["error"]


@every_tracker
@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"\xff\xfe", b"[" * 100_000], ids=["empty", "text", "bytes", "deep"]
)
def test_what_is_no_json_is_told(tracker: Tracker, body: bytes) -> None:
    assert send_body(tracker, body) == (400, {"error": "The message is not JSON."})


@every_tracker
@pytest.mark.parametrize("body", [b"null", b"[]", b"3", b'{"action": {}, "issue": []}'])
def test_what_says_nothing_of_an_issue_is_taken_and_does_nothing(
    tracker: Tracker, body: bytes
) -> None:
    assert send_body(tracker, body) == (200, NOTHING)


@pytest.mark.parametrize(
    ("tracker", "path", "value"),
    [
        (GitHub(), ("issue", "html_url"), "https://github.com/acme/app/pull/12"),
        (GitHub(), ("issue", "updated_at"), "yesterday"),
        (GitHub(), ("issue", "updated_at"), "2026-03-14T12:00:00"),
        (GitLab(), ("object_attributes", "url"), None),
        (GitLab(), ("object_attributes", "updated_at"), 7),
        (Jira(), ("issue", "self"), "no address"),
        (Jira(), ("issue", "fields"), []),
        (Jira(), ("issue", "fields"), {"status": {"statusCategory": {"key": "done"}}}),
    ],
)
def test_what_it_lacks_is_told(tracker: Tracker, path: tuple[str, str], value: Any) -> None:
    message = tracker.body("close")
    message[path[0]][path[1]] = value
    status, told = send_body(tracker, json.dumps(message).encode())
    assert status == 422
    assert "does not tell" in told["error"]
    assert not TrackerDelivery.objects.exists()


@every_tracker
def test_a_message_without_a_name_is_refused(tracker: Tracker) -> None:
    body = json.dumps(tracker.body("close")).encode()
    for name in ("", "x" * 201):
        headers = tracker.headers(body, delivery=name, secret=SECRET)
        status, told = post(tracker.path, body, headers)
        assert status == 400
        assert "names the delivery" in told["error"]


@every_tracker
def test_what_is_too_large_is_not_read(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LARGEST", 100)
    status, told = send_body(tracker, b" " * 101)
    assert status == 413
    assert "100 bytes" in told["error"]


@every_tracker
def test_what_people_closed_stays_as_they_closed_it(tracker: Tracker) -> None:
    item = linked(tracker)
    me = a_user()
    complete_action_item(item, evidence="Merged", by=me, at=NOW)
    assert send(tracker, "close") == (200, NOTHING)
    assert (now(item).evidence, item.done_by) == ("Merged", me)


@every_tracker
def test_a_clock_that_goes_fast_does_not_outdo_what_is_told_later(tracker: Tracker) -> None:
    item = linked(tracker)
    send(tracker, "close", at=NOW.replace(year=2900))
    assert TrackerIssue.objects.get().told_at.year < 2900
    assert now(item).state == ActionState.DONE
    send(tracker, "reopen", at=NOW.replace(year=2899))
    assert now(item).state == ActionState.OPEN


def test_nothing_is_kept_of_issues_that_no_item_links_to() -> None:
    assert send(GitHub(), "close") == (200, NOTHING)
    assert not TrackerIssue.objects.exists()


def test_other_messages_of_an_issue_do_not_close_it_again() -> None:
    """An item that somebody reopened here stays open while its closed issue is labelled."""
    item = linked(GitHub())
    for did in ("labeled", "edited", "opened"):
        assert send(GitHub(), did, reason="completed") == (200, NOTHING)
    assert now(item).state == ActionState.OPEN


def test_other_kinds_of_events_do_nothing() -> None:
    item = linked(GitHub())
    body = json.dumps(GitHub().body("close")).encode()
    headers = {**GitHub().headers(body, delivery="ping", secret=SECRET), "X-GitHub-Event": "ping"}
    assert post("/hooks/github/", body, headers) == (200, NOTHING)
    assert now(item).state == ActionState.OPEN


def test_of_gitlab_before_17_4_messages_of_one_number_are_told_apart() -> None:
    item = linked(GitLab())
    for did, at in (("close", NOW), ("reopen", LATER)):
        body = json.dumps(GitLab().body(did, at=at)).encode()
        headers = {"X-Gitlab-Token": SECRET, "X-Gitlab-Event-UUID": "one"}
        assert post("/hooks/gitlab/", body, headers) == (200, IN_STEP)
        assert post("/hooks/gitlab/", body, headers) == (200, IN_STEP)
    assert now(item).state == ActionState.OPEN
    assert TrackerDelivery.objects.count() == 2


def test_work_that_goes_on_in_jira_reopens_nothing() -> None:
    """A status that is not done is no reopening where the issue had not been closed."""
    item = linked(Jira())
    complete_action_item(item, evidence="Merged", by=None, at=NOW)
    assert send(Jira(), "go on") == (200, NOTHING)
    assert now(item).state == ActionState.DONE
    # Closed and then not done any more: that is one, also where the resolution stays.
    send(Jira(), "close", at=LATER)
    assert send(Jira(), "go on", at=LATER) == (200, IN_STEP)
    assert now(item).state == ActionState.OPEN


def test_words_of_the_tracker_are_made_plain() -> None:
    item = linked(Jira())
    resolution = "Won’t Do"
    send(Jira(), "close", reason=resolution)
    assert now(item).wont_do_reason.startswith("Closed in the tracker as “Won’t Do”")


def test_items_of_restricted_incidents_follow_and_the_answer_tells_nothing() -> None:
    item = linked(GitHub(), incident=a_restricted_incident(a_user()))
    assert send(GitHub(), "close") == (200, IN_STEP)
    assert now(item).state == ActionState.DONE


def test_old_messages_are_forgotten_and_still_do_nothing() -> None:
    item = linked(GitHub())
    send(GitHub(), "close", delivery="one")
    send(GitHub(), "reopen", at=LATER)
    received = TrackerDelivery.objects.earliest("pk").received_at
    TrackerDelivery.objects.filter(delivery="one").update(received_at=NOW - timedelta(days=1000))

    said = forget_deliveries(Work(Job(), received + timedelta(days=29)))

    assert said == "Messages of trackers forgotten: 1"
    assert send(GitHub(), "close", delivery="one") == (200, OLDER)
    assert now(item).state == ActionState.OPEN


def test_the_page_says_where_it_is_tracked(client: Client, settings: Settings) -> None:
    client.force_login(a_user("reader"))
    item = linked(GitHub())
    assert "acme/app#12" in client.get(item.get_absolute_url()).content.decode()
    send(GitHub(), "close")
    assert "closed since" in client.get(item.get_absolute_url()).content.decode()
    settings.GITHUB_HOOK_SECRETS = []
    other = linked(GitHub(), tracker_url="https://github.com/acme/app/issues/13")
    assert "not kept in step" in client.get(other.get_absolute_url()).content.decode()


def test_a_signature_in_capitals_is_one() -> None:
    body = json.dumps(GitHub().body("close")).encode()
    headers = GitHub().headers(body, delivery="one", secret=SECRET)
    headers["X-Hub-Signature-256"] = signature(body).upper()
    assert post("/hooks/github/", body, headers)[0] == 200


def test_a_look_at_the_address_is_no_message(client: Client) -> None:
    for tracker in TRACKERS:
        assert client.get(tracker.path).status_code == 405
