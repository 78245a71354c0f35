"""Values as they stand in files, and what is refused on the way back."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Field

from incidents.archive.columns import NotAValue, codec_of, write_data
from incidents.models import (
    AlertRule,
    Guard,
    ImpactMeasure,
    Incident,
    Review,
    Runbook,
    TimelineEvent,
)


def field(model: Any, name: str) -> "Field[Any, Any]":
    found = model._meta.get_field(name)
    assert isinstance(found, Field)
    return found


@pytest.mark.parametrize(
    ("model", "name", "value", "plain"),
    [
        (Incident, "id", 42, 42),
        (Incident, "title", "Orders time out", "Orders time out"),
        (Incident, "kind", "own", "own"),
        (Incident, "began_at", datetime(2026, 3, 14, 12, tzinfo=UTC), "2026-03-14T12:00:00Z"),
        (
            Incident,
            "began_at",
            datetime(2026, 3, 14, 12, 0, 0, 7, UTC),
            "2026-03-14T12:00:00.000007Z",
        ),
        (Review, "start_date", date(2026, 1, 1), "2026-01-01"),
        (ImpactMeasure, "value", Decimal("12.5000"), "12.5"),
        (ImpactMeasure, "value", Decimal("1E+6"), "1000000"),
        (ImpactMeasure, "is_approximate", True, True),
        (TimelineEvent, "known_then", False, False),
        (Runbook, "verify_every", 30, 30),
        (Guard, "failing_example", {"b": 1, "a": [None, 0.5]}, {"a": [None, 0.5], "b": 1}),
    ],
)
def test_it_works(model: Any, name: str, value: Any, plain: Any) -> None:
    column = field(model, name)
    codec = codec_of(column)

    assert codec.write(value) == plain
    assert codec.reader(column)(plain) == value


def test_a_time_is_told_in_utc() -> None:
    codec = codec_of(field(Incident, "began_at"))
    nepal = timezone(timedelta(hours=5, minutes=45))

    assert codec.write(datetime(2026, 3, 14, 12, tzinfo=nepal)) == "2026-03-14T06:15:00Z"
    read = codec.reader(field(Incident, "began_at"))
    assert read("2026-03-14T12:00+05:45") == datetime(2026, 3, 14, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("model", "name", "plain", "why"),
    [
        (Incident, "id", "42", "whole number"),
        (Incident, "id", True, "whole number"),
        (Incident, "id", 0, "has to be from 1"),
        (Incident, "id", 2**63, "has to be from 1"),
        (TimelineEvent, "position", -1, "has to be from 0"),
        (Incident, "title", 42, "a text"),
        (Incident, "title", "x" * 201, "201 characters, and 200"),
        (Incident, "title", "a\0", "NUL"),
        (Incident, "title", "\ud800", "half of a character"),
        (Incident, "kind", "other", "one of own, near_miss, external"),
        (Incident, "began_at", "yesterday", "a time such as"),
        (Incident, "began_at", "2026-03-14T12:00:00", "a time such as"),
        (Incident, "began_at", "0001-01-01T00:00:00+01:00", "a time such as"),
        (Review, "start_date", "2026-02-30", "a day such as"),
        (ImpactMeasure, "value", 12.5, "in quotes"),
        (ImpactMeasure, "value", "NaN", "in quotes"),
        (ImpactMeasure, "value", "1" * 200, "in quotes"),
        (ImpactMeasure, "value", "1.00001", "after the point"),
        (ImpactMeasure, "value", "1" * 17, "more than 20 digits"),
        (ImpactMeasure, "is_approximate", "yes", "true or false"),
        (AlertRule, "labels", {"a": ["\0"]}, "NUL"),
        (AlertRule, "labels", {"\0": 1}, "NUL"),
        (AlertRule, "labels", float("inf"), "without an end"),
    ],
)
def test_what_is_no_such_value_is_refused(model: Any, name: str, plain: Any, why: str) -> None:
    column = field(model, name)

    with pytest.raises(NotAValue, match=why):
        codec_of(column).reader(column)(plain)


def test_data_is_the_same_from_either_database() -> None:
    """As SQLite gives it back, and as PostgreSQL does."""
    sqlite = {"bb": 1e16, "a": -0.0, "c": [1e22, 1e-7, 1.0]}
    postgres = {"a": 0.0, "c": [10000000000000000000000, 1e-7, 1.0], "bb": 10000000000000000}

    assert repr(write_data(sqlite)) == repr(write_data(postgres))
