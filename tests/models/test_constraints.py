"""What must never be false is refused by the database, also to who writes past the forms.

Each constraint has a row here that breaks it, and the nearest rows that do not.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from incidents.models import (
    PERSONAL,
    ActionItem,
    Alert,
    AlertMatcher,
    AlertRule,
    AlertStatus,
    AnsweredBy,
    Attachment,
    AttachmentContent,
    Batch,
    CheckFinding,
    CheckRun,
    ConfigDelta,
    ContributingFactor,
    Delivery,
    Endpoint,
    Event,
    Export,
    Factor,
    Feed,
    FoundKind,
    Guard,
    GuardVersion,
    HookedIncident,
    ImpactMeasure,
    Import,
    ImportRow,
    Incident,
    Job,
    KeptQuery,
    KeyedRequest,
    Knob,
    Lesson,
    LessonLink,
    Lookup,
    Message,
    Opening,
    Participant,
    Pause,
    Preference,
    ProposedDelta,
    Queue,
    QueueSeen,
    QuietHours,
    RelatedIncident,
    Review,
    ReviewDecision,
    ReviewEdition,
    Reviewer,
    Rhythm,
    Runbook,
    RunbookUse,
    RunbookWords,
    SearchEntry,
    Service,
    Sight,
    Submission,
    Tag,
    Team,
    TimelineEvent,
    Token,
    TrackerDelivery,
    TrackerIssue,
    TrackerProvider,
    User,
    Verdict,
    Way,
)
from tests.factories import (
    NOW,
    a_factor,
    a_knob,
    a_lesson,
    a_lookup,
    a_review,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_incident,
    numbers,
)

pytestmark = pytest.mark.django_db

Values = dict[str, Any]


class Case(NamedTuple):
    """Values over those of a right row: `wrong` ones break the constraint, `right` ones do not."""

    wrong: list[Values]
    right: list[Values]


def a_word() -> str:
    return f"word{next(numbers)}"


# Rows that follow one another differ in these.
SIGHTS = cycle(Sight.values)
RHYTHMS, EVENTS, PERSONAL_CHANNELS = cycle(Rhythm.values), cycle(Event.values), cycle(PERSONAL)


def an_endpoint() -> Endpoint:
    return Endpoint.objects.create(**RIGHT_ROWS[Endpoint]())


def a_guard() -> Guard:
    return Guard.objects.create(**RIGHT_ROWS[Guard]())


def a_guard_version() -> GuardVersion:
    return GuardVersion.objects.create(**RIGHT_ROWS[GuardVersion]())


def a_check_run() -> CheckRun:
    return CheckRun.objects.create(**RIGHT_ROWS[CheckRun]())


# A right row of each table, with nothing in it but what it must have.
RIGHT_ROWS: dict[type[models.Model], Callable[[], Values]] = {
    User: lambda: {"username": a_word()},
    Team: lambda: {"name": "Team", "slug": a_word()},
    Service: lambda: {"name": "Service", "slug": a_word()},
    Tag: lambda: {"name": a_word()},
    Incident: lambda: {"title": "Orders time out"},
    TimelineEvent: lambda: {"incident": an_incident(), "text": "Latency rose"},
    ImpactMeasure: lambda: {"incident": an_incident(), "name": "Orders"},
    Participant: lambda: {"incident": an_incident(), "name": "The host on call"},
    RelatedIncident: lambda: {"incident": an_incident(), "other": an_incident()},
    Reviewer: lambda: {"incident": an_incident(), "person": a_user()},
    Factor: lambda: {"name": "Pool", "slug": a_word(), "category": "capacity"},
    ContributingFactor: lambda: {"incident": an_incident(), "factor": a_factor(), "how": "So"},
    Knob: lambda: {"component": a_word(), "key": a_word()},
    ConfigDelta: lambda: {
        "incident": an_incident(),
        "knob": a_knob(),
        "before": "30",
        "after": "60",
        "part": "fixed",
    },
    Lesson: lambda: {"sentence": "Remember this."},
    LessonLink: lambda: {"incident": an_incident(), "lesson": a_lesson(), "relation": "upheld"},
    Guard: lambda: {"lesson": a_lesson(), "expression": "true", "message": "No"},
    GuardVersion: lambda: {
        "guard": a_guard(),
        "version": next(numbers),
        "expression": "true",
        "message": "No",
        "severity": "error",
    },
    CheckRun: lambda: {"checked_at": NOW, "door": "program"},
    CheckFinding: lambda: {"run": a_check_run(), "kind": "touches", "incident": an_incident()},
    ActionItem: lambda: {"title": "Do this"},
    # Each of another period: of one there is one.
    Review: lambda: {
        "title": "Q",
        "start_date": date(2026, 1, 1) + timedelta(days=next(numbers)),
        "end_date": date(2050, 4, 1) + timedelta(days=next(numbers)),
        "frozen_at": NOW,
        "frozen_by": a_user(),
    },
    ReviewDecision: lambda: {
        "review": a_review(),
        "text": "Raise the pool",
        "action_item": ActionItem.objects.create(title="Raise the pool"),
    },
    ReviewEdition: lambda: {
        "review": a_review(),
        "sight": next(SIGHTS),
        "figures": [],
        "record_versions": {},
        "sha256": "0" * 64,
    },
    Runbook: lambda: {"title": "Runbook", "slug": a_word()},
    RunbookUse: lambda: {"incident": an_incident(), "runbook": a_runbook(), "served": "helped"},
    SearchEntry: lambda: {
        "kind": FoundKind.values[next(numbers) % len(FoundKind.values)],
        "record_id": next(numbers),
        "title": "Found",
    },
    RunbookWords: lambda: {"runbook": a_runbook()},
    AlertMatcher: lambda: {
        "runbook": a_runbook(),
        "position": next(numbers),
        "line": "DiskFull",
    },
    AlertRule: lambda: {
        "source": a_word(),
        "position": next(numbers),
        "alert": "DiskFull",
        "read_at": NOW,
    },
    Alert: lambda: {
        "fingerprint": a_word(),
        "status": AlertStatus.FIRING,
        "first_received_at": NOW,
        "received_at": NOW,
    },
    Lookup: lambda: {
        "asked_at": NOW,
        "way": Way.TYPED,
        "gist": "disk",
        "answered_by": AnsweredBy.NOTHING,
    },
    Opening: lambda: {
        "lookup": a_lookup(),
        "runbook": a_runbook(),
        "place": 1,
        "opened_at": NOW,
    },
    Verdict: lambda: {
        "lookup": a_lookup(),
        "runbook": a_runbook(),
        "said": "helped",
        "said_at": NOW,
    },
    KeptQuery: lambda: {"gist": "disk", "sha256": f"{next(numbers):064x}", "kept_at": NOW},
    Batch: lambda: {"title": "Reminders", "made_at": NOW},
    Job: lambda: {
        "kind": "a.kind",
        "queue": Queue.LIGHT,
        "key": a_word(),
        "made_at": NOW,
        "due_at": NOW,
    },
    QueueSeen: lambda: {"queue": Queue.values[next(numbers) % 2], "seen_at": NOW},
    TrackerDelivery: lambda: {
        "provider": TrackerProvider.values[next(numbers) % 3],
        "delivery": a_word(),
        "sha256": "0" * 64,
        "received_at": NOW,
    },
    TrackerIssue: lambda: {
        "key": f"github:github.com/acme/app#{next(numbers)}",
        "state": "open",
        "told_at": NOW,
    },
    HookedIncident: lambda: {"key": f"pagerduty:{a_word()}"},
    Endpoint: lambda: {
        "name": "#ops",
        "channel": "slack",
        "url": "https://hooks.example/",
        "changed_at": NOW,
        "test_job": Job.objects.create(**RIGHT_ROWS[Job]()),
    },
    Token: lambda: {
        "owner": a_user(),
        "name": "Deploys",
        "sha256": f"{next(numbers):064x}",
        "beginning": "pmk_abcdef",
        "made_at": NOW,
        "expires_at": NOW + timedelta(days=30),
    },
    Feed: lambda: {
        "owner": a_user(),
        "name": "My reader",
        "kind": "incidents",
        "span": "all",
        "nonce": "ab" * 32,
        "sha256": f"{next(numbers):064x}",
        "made_at": NOW,
    },
    Pause: lambda: {"way": f"endpoint {next(numbers)}"},
    Delivery: lambda: {
        "uid": uuid4(),
        "job": Job.objects.create(**RIGHT_ROWS[Job]()),
        "channel": "email",
        "person": a_user(),
        "rhythm": next(RHYTHMS),
        "due_at": NOW + timedelta(minutes=next(numbers)),
    },
    Attachment: lambda: {
        "incident": an_incident(),
        "name": f"graph {next(numbers)}.png",
        "media_type": "image/png",
        "size": 3,
        "sha256": f"{next(numbers):064x}",
        "added_at": NOW,
    },
    AttachmentContent: lambda: {
        "attachment": Attachment.objects.create(**RIGHT_ROWS[Attachment]()),
        "data": b"abc",
    },
    Export: lambda: {
        "owner": a_user(),
        "format": "pdf",
        "incident": an_incident(),
        "job": Job.objects.create(**RIGHT_ROWS[Job]()),
        "made_at": NOW,
        "expires_at": NOW,
    },
    Import: lambda: {
        "owner": a_user(),
        "name": "old.zip",
        "format": "markdown",
        "job": Job.objects.create(**RIGHT_ROWS[Job]()),
        "made_at": NOW,
        "expires_at": NOW,
    },
    ImportRow: lambda: {
        "of": Import.objects.create(**RIGHT_ROWS[Import]()),
        "position": next(numbers),
        "key": f"file:{next(numbers)}.md",
        "where": "1.md",
        "action": "make",
    },
    ProposedDelta: lambda: {
        "incident": an_incident(),
        "row": ImportRow.objects.create(**RIGHT_ROWS[ImportRow]()),
        "sentence": "We raised max_connections from 20 to 40.",
    },
    Message: lambda: {
        "person": a_user(),
        "event": "late",
        "incident": an_incident(),
        "made_at": NOW,
        "in_inbox": True,
    },
    Preference: lambda: {
        "person": a_user(),
        "channel": next(PERSONAL_CHANNELS),
        "event": next(EVENTS),
        "rhythm": "off",
        "chosen_at": NOW,
    },
    QuietHours: lambda: {"person": a_user(), "chosen_at": NOW},
    KeyedRequest: lambda: {
        "person": a_user(),
        "key": f"a key {next(numbers)}",
        "fingerprint": "0" * 64,
        "begun_at": NOW,
    },
    Submission: lambda: {"token": f"{next(numbers):032x}", "by": a_user(), "at": NOW},
}


def known_or_not(name: str) -> Case:
    at, precision = f"{name}_at", f"{name}_precision"
    return Case(
        wrong=[{at: NOW}, {precision: "day"}],
        right=[{at: NOW, precision: "day"}, {at: None, precision: "unknown"}],
    )


def in_range(name: str) -> Case:
    def at(*moment: int) -> Values:
        return {f"{name}_at": datetime(*moment, tzinfo=UTC), f"{name}_precision": "minute"}  # type: ignore[misc,arg-type]

    return Case(wrong=[at(1969, 12, 30), at(2200, 1, 2)], right=[at(1970, 1, 1), at(2199, 12, 31)])


def not_before_began(name: str) -> Case:
    def pair(began: str, then: str, *, minutes: int) -> Values:
        later = NOW + timedelta(minutes=minutes)
        return {
            "began_at": NOW,
            "began_precision": began,
            f"{name}_at": later,
            f"{name}_precision": then,
        }

    return Case(
        wrong=[pair("minute", "minute", minutes=-1), pair("day", "day", minutes=-1)],
        # A day that starts before the minute may well hold it.
        right=[pair("minute", "minute", minutes=0), pair("minute", "day", minutes=-1)],
    )


def hours(field: str) -> Values:
    return {"hours": 5, field: 6}


BY_NAME: dict[str, Callable[[], Case]] = {
    "incidents_proposeddelta_state_is_a_choice": lambda: Case(
        # With a time: of two that are broken, each database names another.
        wrong=[{"state": "nonsense", "answered_at": NOW}],
        right=[{"state": "dismissed", "answered_at": NOW}],
    ),
    "incidents_attachment_of_one_record": lambda: Case(
        wrong=[{"incident": None}, {"runbook": a_runbook()}],
        right=[{}, {"incident": None, "runbook": a_runbook()}],
    ),
    "incidents_attachment_removed_by_somebody_at_a_time": lambda: Case(
        wrong=[{"removed_by": a_user()}],
        right=[{"removed_at": NOW}, {"removed_at": NOW, "removed_by": a_user()}],
    ),
    "incidents_feed_spans_what_its_kind_can": lambda: Case(
        wrong=[{"span": "mine"}, {"span": "teams"}, {"kind": "calendar", "span": "all"}],
        right=[{"span": "all"}, {"kind": "calendar", "span": "mine"}],
    ),
    "incidents_feed_which_of_these_it_spans": lambda: Case(
        wrong=[
            {"span": "team"},
            {"span": "service"},
            {"span": "all", "team": a_team()},
            {"span": "team", "team": a_team(), "service": a_service()},
        ],
        right=[
            {"span": "team", "team": a_team()},
            {"span": "service", "service": a_service()},
        ],
    ),
    "incidents_keyedrequest_answered_or_not": lambda: Case(
        wrong=[{"made": 1}, {"status": 201}], right=[{"made": 1, "status": 201}, {}]
    ),
    "incidents_token_expires_after_it_was_made": lambda: Case(
        wrong=[{"expires_at": NOW}],
        right=[{"expires_at": NOW + timedelta(seconds=1)}],
    ),
    **{
        f"incidents_incident_{phase}_not_before_began": (
            lambda phase=phase: not_before_began(phase)  # type: ignore[misc]
        )
        for phase in ("detected", "mitigated", "resolved")
    },
    "incidents_incident_external_key_filled_or_null": lambda: Case(
        wrong=[{"external_key": ""}], right=[{"external_key": None}, {"external_key": "x"}]
    ),
    "incidents_incident_published_has_a_time": lambda: Case(
        wrong=[{"state": "published"}], right=[{"state": "published", "published_at": NOW}]
    ),
    "incidents_incident_withdrawn_has_a_reason": lambda: Case(
        wrong=[{"state": "withdrawn"}],
        right=[{"state": "withdrawn", "withdrawn_reason": "A test"}],
    ),
    "incidents_impactmeasure_value_not_negative": lambda: Case(
        wrong=[{"value": "-0.0001"}], right=[{"value": 0}, {"value": None}]
    ),
    "incidents_impactmeasure_out_of_more_than_none": lambda: Case(
        wrong=[{"out_of": 0}], right=[{"out_of": "0.0001"}, {"out_of": None}]
    ),
    "incidents_impactmeasure_value_within_whole": lambda: Case(
        wrong=[{"value": 3, "out_of": 2}], right=[{"value": 2, "out_of": 2}, {"value": 3}]
    ),
    "incidents_participant_is_somebody": lambda: Case(
        wrong=[{"name": ""}], right=[{"name": "", "person": a_user()}]
    ),
    "incidents_participant_hours_not_negative": lambda: Case(
        wrong=[{"hours": -1}, {"hours_outside_work": -1}, {"longest_stretch_hours": -1}],
        right=[{"hours": 0, "hours_outside_work": 0, "longest_stretch_hours": 0}],
    ),
    "incidents_participant_hours_within_whole": lambda: Case(
        wrong=[hours("hours_outside_work"), hours("longest_stretch_hours")],
        right=[{"hours": 5, "hours_outside_work": 5}, {"longest_stretch_hours": 6}],
    ),
    "incidents_relatedincident_not_itself": lambda: Case(
        wrong=[dict.fromkeys(["incident", "other"], an_incident())], right=[{}]
    ),
    "incidents_reviewer_answer_is_a_choice": lambda: Case(
        wrong=[{"answer": "nonsense", "answered_at": NOW}], right=[{}]
    ),
    "incidents_reviewer_answer_has_a_time": lambda: Case(
        wrong=[{"answer": "approved"}, {"answer": "asked", "answered_at": NOW}],
        right=[{"answer": "approved", "answered_at": NOW}],
    ),
    "incidents_knob_component_without_slash": lambda: Case(
        wrong=[{"component": "a/b"}], right=[{"component": "a.b", "key": "a/b"}]
    ),
    **{
        f"incidents_configdelta_{side}_written_when_known": (
            lambda side=side: Case(  # type: ignore[misc]
                wrong=[{side: ""}, {f"{side}_known": "unknown"}, {f"{side}_known": "absent"}],
                right=[{side: "", f"{side}_known": known} for known in ("unknown", "absent")],
            )
        )
        for side in ("before", "after")
    },
    "incidents_configdelta_changes_something": lambda: Case(
        wrong=[
            {"before": "60"},
            {"before": "", "after": "", "before_known": "absent", "after_known": "absent"},
        ],
        right=[
            # Both unknown may still have been different.
            {"before": "", "after": "", "before_known": "unknown", "after_known": "unknown"},
            {"before": "", "before_known": "absent"},
        ],
    ),
    "incidents_lesson_superseded_by_another": lambda: Case(
        wrong=[{"state": "superseded"}, {"superseded_by": a_lesson()}],
        right=[{"state": "superseded", "superseded_by": a_lesson()}],
    ),
    "incidents_lesson_not_by_itself": lambda: Case(
        wrong=[{"id": 99, "state": "superseded", "superseded_by_id": 99}], right=[{"id": 99}]
    ),
    "incidents_guard_active_has_examples": lambda: Case(
        wrong=[
            {"state": "active", "failing_example": {"a": 1}},
            {"state": "active", "passing_example": {"a": 1}},
        ],
        right=[{"state": "active", "failing_example": {"a": 1}, "passing_example": {"a": 2}}],
    ),
    "checkfinding_of_a_guard_or_an_incident": lambda: Case(
        wrong=[
            {"incident": None},
            {"kind": "violated"},
            {"kind": "violated", "guard": a_guard_version()},
            {"kind": "violated", "lesson": a_lesson()},
            {"kind": "repeats", "lesson": a_lesson()},
            {"guard": a_guard_version()},
        ],
        right=[
            {"kind": "repeats"},
            {"kind": "violated", "guard": a_guard_version(), "lesson": a_lesson()},
            {
                "kind": "violated",
                "guard": a_guard_version(),
                "lesson": a_lesson(),
                "incident": None,
            },
        ],
    ),
    "incidents_actionitem_done_has_evidence": lambda: Case(
        wrong=[{"state": "done"}], right=[{"state": "done", "evidence": "See the graph"}]
    ),
    "incidents_actionitem_wont_do_has_a_reason": lambda: Case(
        wrong=[{"state": "wont_do"}], right=[{"state": "wont_do", "wont_do_reason": "Replaced"}]
    ),
    "incidents_actionitem_declined_only_when_wont_do": lambda: Case(
        wrong=[{"declined_at": NOW}, {"state": "done", "evidence": "x", "declined_at": NOW}],
        right=[{"state": "wont_do", "wont_do_reason": "Replaced", "declined_at": NOW}],
    ),
    "incidents_actionitem_verified_only_when_done": lambda: Case(
        wrong=[
            {"verified_at": NOW, "verified_by": a_user()},
            {"state": "done", "evidence": "x", "verified_at": NOW},
            {"state": "done", "evidence": "x", "verified_by": a_user()},
        ],
        right=[{"state": "done", "evidence": "x", "verified_at": NOW, "verified_by": a_user()}],
    ),
    "incidents_actionitem_verified_by_another": lambda: Case(
        wrong=[verified_by(a_user(), same=True)], right=[verified_by(a_user(), same=False)]
    ),
    "incidents_importrow_read_has_a_key": lambda: Case(
        wrong=[{"key": ""}], right=[{"key": "", "action": "unread", "why": "It is empty."}]
    ),
    "incidents_importrow_unread_has_a_reason": lambda: Case(
        wrong=[{"action": "unread"}], right=[{"action": "unread", "why": "It is empty."}]
    ),
    "incidents_importrow_undone_only_if_applied": lambda: Case(
        wrong=[{"undone_at": NOW}], right=[{"undone_at": NOW, "applied_at": NOW}]
    ),
    "incidents_proposeddelta_answered_has_a_time": lambda: Case(
        wrong=[{"state": "recorded"}, {"state": "dismissed"}, {"answered_at": NOW}],
        right=[{"state": "dismissed", "answered_at": NOW}],
    ),
    "incidents_job_running_is_somebodys": lambda: Case(
        wrong=[
            {"state": "running"},
            {"state": "running", "token": "x"},
            {"state": "running", "lease_until": NOW},
            {"token": "x"},
            {"lease_until": NOW},
        ],
        right=[{"state": "running", "token": "x", "lease_until": NOW}],
    ),
    "incidents_job_ended_has_a_time": lambda: Case(
        wrong=[{"state": "done"}, {"state": "failed"}, {"ended_at": NOW}],
        right=[{"state": "done", "ended_at": NOW}, {"state": "failed", "ended_at": NOW}],
    ),
    "runbook_verified_on_a_day_and_at_a_moment": lambda: Case(
        wrong=[{"last_verified_date": NOW.date()}, {"last_verified_at": NOW}],
        right=[{"last_verified_date": NOW.date(), "last_verified_at": NOW}],
    ),
    "runbook_verified_as_often_as_can_be_chosen": lambda: Case(
        wrong=[{"verify_every": 7}], right=[{"verify_every": 91}, {"verify_every": None}]
    ),
    "verdict_dealt_with_at_some_time": lambda: Case(
        wrong=[{"dealt_with_by": a_user()}],
        right=[{"dealt_with_by": a_user(), "dealt_with_at": NOW}, {"dealt_with_at": NOW}],
    ),
    "incidents_endpoint_channel_is_shared": lambda: Case(
        wrong=[{"channel": "email"}, {"channel": "inbox"}],
        right=[{"channel": "webhook", "secret": "x"}],
    ),
    "incidents_endpoint_address_until_removed": lambda: Case(
        wrong=[{"url": ""}, {"state": "removed"}, {"state": "removed", "url": "", "secret": "x"}],
        right=[{"state": "removed", "url": ""}, {"state": "gone"}],
    ),
    "incidents_endpoint_webhook_has_a_secret": lambda: Case(
        wrong=[{"channel": "webhook"}],
        right=[
            {"channel": "webhook", "secret": "x"},
            {"channel": "webhook", "state": "removed", "url": ""},
        ],
    ),
    "incidents_delivery_channel_is_a_choice": lambda: Case(wrong=[{"channel": "pigeon"}], right=[]),
    "incidents_delivery_is_for_one": lambda: Case(
        wrong=[
            {"person": None},
            {"endpoint": an_endpoint()},
            {"channel": "slack"},
            {"channel": "inbox"},
            {"person": None, "endpoint": an_endpoint()},
        ],
        right=[{"person": None, "endpoint": an_endpoint(), "channel": "slack"}],
    ),
    "incidents_message_is_for_one": lambda: Case(
        wrong=[
            {"person": None},
            {"endpoint": an_endpoint()},
            {"person": None, "endpoint": an_endpoint()},
        ],
        right=[{"person": None, "endpoint": an_endpoint(), "in_inbox": False}],
    ),
    "incidents_message_is_about_one": lambda: Case(
        wrong=[{"incident": None}, {"lesson": a_lesson()}, {"review": a_review()}],
        right=[
            {"incident": None, "runbook": a_runbook()},
            {"incident": None, "review": a_review()},
        ],
    ),
    "incidents_preference_channel_is_a_persons": lambda: Case(
        wrong=[{"channel": "slack"}, {"channel": "webhook"}], right=[{"channel": "email"}]
    ),
    "incidents_user_language_is_a_choice": lambda: Case(
        wrong=[{"language": "nonsense"}], right=[{"language": ""}, {"language": "de"}]
    ),
    "incidents_preference_rhythm_is_a_choice": lambda: Case(
        wrong=[{"channel": "email", "rhythm": "nonsense"}, {"channel": "email", "rhythm": ""}],
        right=[{"channel": "email", "rhythm": "weekly"}],
    ),
    "incidents_preference_inbox_knows_no_digest": lambda: Case(
        wrong=[{"channel": "inbox", "rhythm": "daily"}, {"channel": "inbox", "rhythm": "weekly"}],
        right=[{"channel": "email", "rhythm": "daily"}, {"channel": "inbox", "rhythm": "at_once"}],
    ),
    "incidents_quiethours_begin_is_not_end": lambda: Case(
        wrong=[{"begin": time(8), "end": time(8)}], right=[{"begin": time(23), "end": time(6)}]
    ),
    "opening_place_counts_from_one": lambda: Case(wrong=[{"place": 0}], right=[{"place": 7}]),
    "incidents_export_of_an_incident_or_a_period": lambda: Case(
        wrong=[
            {"incident": None},
            {"period": "2026Q3"},
            {"team": Team.objects.create(name="Team", slug=a_word())},
            {
                "incident": None,
                "period": "2026Q3",
                "team": Team.objects.create(name="Team", slug=a_word()),
                "service": Service.objects.create(name="Service", slug=a_word()),
            },
        ],
        right=[
            {"incident": None, "period": "2026Q3"},
            {
                "incident": None,
                "period": "2026Q3",
                "team": Team.objects.create(name="Team", slug=a_word()),
            },
        ],
    ),
    "incidents_export_written_whole": lambda: Case(
        wrong=[{"file": "a.pdf"}, {"size": 1}, {"file": "a.pdf", "size": 1}, {"written_at": NOW}],
        right=[{"file": "a.pdf", "size": 0, "written_at": NOW}],
    ),
    "incidents_review_ends_after_its_start": lambda: Case(
        wrong=[{"start_date": date(2026, 1, 1), "end_date": date(2026, 1, 1)}],
        right=[{"start_date": date(2026, 1, 1), "end_date": date(2026, 1, 2)}],
    ),
    "incidents_review_of_a_team_or_a_service": lambda: Case(
        wrong=[{"team": a_team(), "service": a_service()}],
        right=[{"team": a_team()}, {"service": a_service()}],
    ),
}


def verified_by(person: User, *, same: bool) -> Values:
    done_by = person if same else a_user()
    return {
        "state": "done",
        "evidence": "x",
        "done_by": done_by,
        "verified_at": NOW,
        "verified_by": person,
    }


def case_of(table: type[models.Model], constraint: models.BaseConstraint) -> Case:
    """Its own case, or that of its family: `…_filled`, `…_is_a_choice`, the times."""
    if constraint.name in BY_NAME:
        return BY_NAME[constraint.name]()
    name = constraint.name.removeprefix(f"incidents_{table._meta.model_name}_")
    for ending, family in FAMILIES.items():
        if name.endswith(ending):
            return family(name.removesuffix(ending).removeprefix("searchentry_"))
    pytest.fail(f"Add a row that breaks {constraint.name} to BY_NAME in this file.")


FAMILIES: dict[str, Callable[[str], Case]] = {
    "_filled": lambda field: Case(wrong=[{field: ""}], right=[{field: "x"}]),
    "_is_a_choice": lambda field: Case(wrong=[{field: "nonsense"}, {field: ""}], right=[{}]),
    "_known_or_not": known_or_not,
    "_in_range": in_range,
}


def write(table: type[models.Model], *rows: Values) -> None:
    """Past forms, `clean` and `save`, straight into the table."""
    with transaction.atomic():
        table._default_manager.bulk_create([table(**row) for row in rows])


TABLES: list[type[models.Model]] = list(apps.get_app_config("incidents").get_models())
CHECKS = [
    pytest.param(table, constraint, id=constraint.name)
    for table in TABLES
    for constraint in table._meta.constraints
    if not isinstance(constraint, models.UniqueConstraint)
]
ONCE = [
    pytest.param(table, constraint.fields, id=constraint.name)
    for table in TABLES
    for constraint in table._meta.constraints
    if isinstance(constraint, models.UniqueConstraint)
] + [
    pytest.param(table, (field.name,), id=f"{table.__name__}.{field.name}")
    for table in TABLES
    for field in table._meta.fields
    if field.unique and not field.primary_key
]


def test_there_are_constraints_to_hold() -> None:
    assert len(CHECKS) > 60
    assert len(ONCE) > 10


@pytest.mark.parametrize(("table", "constraint"), CHECKS)
def test_what_breaks_it_is_refused_and_its_neighbour_is_not(
    table: type[models.Model], constraint: models.BaseConstraint
) -> None:
    case = case_of(table, constraint)
    for values in case.wrong:
        with pytest.raises(IntegrityError) as refused:
            write(table, {**RIGHT_ROWS[table](), **values})
        assert constraint.name in str(refused.value)
    for values in case.right:
        write(table, {**RIGHT_ROWS[table](), **values})


def right_row(table: type[models.Model], fields: tuple[str, ...]) -> Values:
    row = RIGHT_ROWS[table]()
    if table is Attachment and "runbook" in fields:
        row |= {"incident": None, "runbook": a_runbook()}
    return row


@pytest.mark.parametrize(("table", "fields"), ONCE)
def test_nothing_stands_twice(table: type[models.Model], fields: tuple[str, ...]) -> None:
    first, second = right_row(table, fields), right_row(table, fields)
    if table is Incident:
        first["external_key"] = "1"
    if table is Review:
        # Of a team or of a service, or of all.
        makers = {"team": a_team, "service": a_service}
        first |= {name: make() for name, make in makers.items() if name in fields}
    same = {field: first[field] for field in fields}

    with pytest.raises(IntegrityError):
        write(table, first, {**second, **same})

    write(table, first)
    # Each shares with the first all of it but one field.
    for different in fields:
        others = {name: value for name, value in same.items() if name != different}
        write(table, {**right_row(table, fields), **others})
