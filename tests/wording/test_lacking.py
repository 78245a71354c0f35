"""Each rule of what a record lacks: with a record that it finds, and one that it leaves alone."""

from datetime import date

import pytest

from incidents.wording.draft import Draft
from incidents.wording.lacking import LACKING
from tests.wording.drafts import a_draft, a_factor, a_measure, an_action, an_event, at

RULES = {rule.key: rule for rule in LACKING}
DETECTED = {"detected_at": at("14:00"), "detected_precision": "minute"}


def over(time: str, name: str = "resolved", precision: str = "minute") -> dict[str, object]:
    return {f"{name}_at": at(time), f"{name}_precision": precision}


def two_events(first: str, second: str, **fields: object) -> Draft:
    return a_draft(events=[an_event(time=first, pk=1), an_event(time=second, pk=2)], **fields)


# What it finds, and what it leaves alone.
EXAMPLES = {
    "no-detection": (a_draft(), a_draft(detection="monitoring", **DETECTED)),
    "ended-before-detected": (
        a_draft(**DETECTED, **over("13:00")),
        a_draft(**DETECTED, **over("14:00")),
    ),
    "event-without-source": (
        a_draft(events=[an_event(source=" ")]),
        a_draft(events=[an_event(source="the log")]),
    ),
    "gap": (two_events("12:00", "14:30"), two_events("12:00", "13:59")),
    "one-factor": (
        a_draft(factors=[a_factor()]),
        a_draft(factors=[a_factor(), a_factor("No alert on the pool", pk=8)]),
    ),
    "impact-without-number": (
        a_draft(measures=[a_measure(value=None)]),
        a_draft(measures=[a_measure(value=None), a_measure(value=0)]),
    ),
    "action-without-owner": (
        a_draft(actions=[an_action()]),
        a_draft(actions=[an_action(owner_id=3), an_action(state="wont_do")]),
    ),
    "action-without-bound": (
        a_draft(actions=[an_action()]),
        a_draft(actions=[an_action(due_date=date(2026, 4, 1)), an_action(state="done")]),
    ),
}


def places(key: str, draft: Draft) -> list[str]:
    return [found.place.url for found in RULES[key].finds(draft)]


def test_every_rule_has_its_examples() -> None:
    assert EXAMPLES.keys() == RULES.keys()


@pytest.mark.parametrize("key", EXAMPLES)
def test_it_finds_what_is_lacking(key: str) -> None:
    lacking, _ = EXAMPLES[key]

    assert places(key, lacking)


@pytest.mark.parametrize("key", EXAMPLES)
def test_it_leaves_alone_what_is_there(key: str) -> None:
    _, whole = EXAMPLES[key]

    assert places(key, whole) == []


def test_the_place_is_where_it_is_mended() -> None:
    assert places("no-detection", a_draft()) == [
        "/incidents/INC-4/edit/#id_detected",
        "/incidents/INC-4/edit/#id_detection",
    ]
    assert places("event-without-source", a_draft(events=[an_event(source="")])) == [
        "/incidents/INC-4/#timelineevent-7"
    ]


def test_no_factor_is_fewer_than_two() -> None:
    assert places("one-factor", a_draft()) == ["/incidents/INC-4/#factors"]


def test_mitigated_before_detected_is_found_too() -> None:
    draft = a_draft(**DETECTED, **over("13:59", "mitigated"), **over("15:00"))

    assert places("ended-before-detected", draft) == ["/incidents/INC-4/edit/#id_mitigated"]


def test_a_day_that_holds_both_is_no_order() -> None:
    """Resolved “that day” may well be after 14:00."""
    assert not places(
        "ended-before-detected", a_draft(**DETECTED, **over("00:00", precision="day"))
    )


def test_a_gap_is_told_with_its_length() -> None:
    (found,) = RULES["gap"].finds(two_events("12:00", "14:31"))

    assert found.before == "2 h 30 min before it"
    assert found.place.url == "/incidents/INC-4/#timelineevent-2"


def test_events_are_taken_by_their_times() -> None:
    late, early, middle = (an_event(time=time) for time in ("15:00", "12:00", "13:30"))

    assert not places("gap", a_draft(events=[late, early, middle]))


@pytest.mark.parametrize(
    "between",
    [
        {"event_at": at("00:00"), "event_precision": "day"},
        {"event_at": at("13:00"), "event_precision": "hour"},
    ],
)
def test_what_is_known_to_the_day_leaves_no_gap_that_day(between: dict[str, object]) -> None:
    events = [an_event(time="12:00"), an_event(**between), an_event(time="14:30")]

    assert not places("gap", a_draft(events=events))


def test_silence_before_and_after_the_incident_is_no_gap() -> None:
    events = [an_event(time=time) for time in ("02:00", "12:00", "13:00", "20:00")]
    lasted = {**over("12:00", "began"), **over("13:30")}

    assert not places("gap", a_draft(events=events, **lasted))


@pytest.mark.parametrize("kind", ["context", "aftermath"])
def test_neither_is_what_came_long_before_or_after_by_its_kind(kind: str) -> None:
    assert not places(
        "gap", a_draft(events=[an_event(time="02:00", kind=kind), an_event(time="9:00".zfill(5))])
    )
