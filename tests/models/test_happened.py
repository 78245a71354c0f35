"""In which period an incident happened: asked of the database, and of rows that were read."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incidents.lib.periods import read_period
from incidents.models import Incident
from incidents.models.happened import Places, Placing, touches
from tests.factories import an_incident

pytestmark = pytest.mark.django_db

BERLIN = "Europe/Berlin"
INSIDE, PERHAPS, OUTSIDE = Placing.INSIDE, Placing.PERHAPS, Placing.OUTSIDE


def placings(key: str, zone: str) -> dict[int, Placing]:
    """How the database places each incident."""
    period, there = read_period(key), ZoneInfo(zone)
    found = dict.fromkeys(Incident.objects.values_list("pk", flat=True), OUTSIDE)
    for incident in Incident.objects.happened_perhaps_in(period, there):
        found[incident.pk] = PERHAPS
    for incident in Incident.objects.happened_in(period, there):
        assert found[incident.pk] is OUTSIDE
        found[incident.pk] = INSIDE
    return found


def placed_when_read(incident: Incident, key: str, zone: str) -> Placing:
    period, there = read_period(key), ZoneInfo(zone)
    row = Incident.objects.with_happened().filter(touches(period, there), pk=incident.pk).first()
    if row is None:
        return OUTSIDE
    minute = int(row.happened_at.timestamp()) // 60
    return Places(period, there)(minute, row.happened_precision, row.time_zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("key", "zone", "time", "precision", "time_zone", "expected"),
    [
        # The quarter begins and ends with the days of Berlin, in summer two hours before UTC's.
        ("2026Q3", BERLIN, "2026-06-30T21:59Z", "minute", "UTC", OUTSIDE),
        ("2026Q3", BERLIN, "2026-06-30T22:00Z", "minute", "UTC", INSIDE),
        ("2026Q3", BERLIN, "2026-09-30T21:59Z", "minute", "UTC", INSIDE),
        ("2026Q3", BERLIN, "2026-09-30T22:00Z", "minute", "UTC", OUTSIDE),
        ("2026Q3", "UTC", "2026-06-30T23:59Z", "minute", "Asia/Tokyo", OUTSIDE),
        ("2026Q3", "UTC", "2026-07-01T00:00Z", "hour", "Asia/Tokyo", INSIDE),
        # Between its ends the clocks went forward: one end is in winter, the other in summer.
        ("2026Q1", BERLIN, "2025-12-31T22:59Z", "minute", "UTC", OUTSIDE),
        ("2026Q1", BERLIN, "2025-12-31T23:00Z", "minute", "UTC", INSIDE),
        ("2026Q1", BERLIN, "2026-03-31T21:59Z", "minute", "UTC", INSIDE),
        ("2026Q1", BERLIN, "2026-03-31T22:00Z", "minute", "UTC", OUTSIDE),
        # In Santiago the clocks go back within the last evening of a week's review.
        ("2026-03-30..2026-04-04", "America/Santiago", "2026-04-05T03:59Z", "hour", "UTC", INSIDE),
        ("2026-03-30..2026-04-04", "America/Santiago", "2026-04-05T04:00Z", "hour", "UTC", OUTSIDE),
        # A day is that day, wherever it was lived.
        ("2026Q3", BERLIN, "2026-06-30T12:00Z", "day", "Pacific/Auckland", INSIDE),
        ("2026Q3", BERLIN, "2026-06-30T07:00Z", "day", "America/Los_Angeles", OUTSIDE),
        ("2026Q3", BERLIN, "2026-09-30T07:00Z", "day", "America/Los_Angeles", INSIDE),
        ("2026Q3", BERLIN, "2026-09-29T22:00Z", "day", BERLIN, INSIDE),
        ("2026Q3", BERLIN, "2026-09-30T22:00Z", "day", BERLIN, OUTSIDE),
        # A month or a year has to lie in it as a whole.
        ("2026Q3", BERLIN, "2026-06-30T22:00Z", "month", BERLIN, INSIDE),
        ("2026Q3", BERLIN, "2026-08-31T22:00Z", "month", BERLIN, INSIDE),
        ("2026Q3", BERLIN, "2026-09-30T22:00Z", "month", BERLIN, OUTSIDE),
        ("2026Q3", BERLIN, "2026-05-31T22:00Z", "month", BERLIN, OUTSIDE),
        ("2026Q3", BERLIN, "2025-12-31T23:00Z", "year", BERLIN, PERHAPS),
        ("2026Q3", BERLIN, "2026-12-31T23:00Z", "year", BERLIN, OUTSIDE),
        ("2026Q3", BERLIN, "2024-12-31T23:00Z", "year", BERLIN, OUTSIDE),
        ("2026", BERLIN, "2025-12-31T23:00Z", "year", BERLIN, INSIDE),
        ("2026-07-15..2026-09-15", BERLIN, "2026-06-30T22:00Z", "month", BERLIN, PERHAPS),
        ("2026-07-15..2026-09-15", BERLIN, "2026-08-31T22:00Z", "month", BERLIN, PERHAPS),
        ("2026-07-15..2026-09-15", BERLIN, "2026-07-31T22:00Z", "month", BERLIN, INSIDE),
        ("2026-07-15..2026-07-20", BERLIN, "2026-06-30T22:00Z", "month", BERLIN, PERHAPS),
        ("2025-07-01..2027-06-30", BERLIN, "2026-12-31T23:00Z", "year", BERLIN, PERHAPS),
        ("2025-07-01..2027-06-30", BERLIN, "2025-12-31T23:00Z", "year", BERLIN, INSIDE),
        ("2026-02-28..2028-02-29", "UTC", "2028-01-01T00:00Z", "year", "UTC", PERHAPS),
    ],
)
def test_where_a_time_is_placed(
    *, key: str, zone: str, time: str, precision: str, time_zone: str, expected: Placing
) -> None:
    incident = an_incident(
        began_at=at(time), began_precision=precision, time_zone=time_zone, title="Any"
    )

    assert placings(key, zone) == {incident.pk: expected}
    assert placed_when_read(incident, key, zone) is expected


@pytest.mark.parametrize("phase", ["began", "detected", "mitigated", "resolved"])
def test_the_first_time_that_is_known_counts(phase: str) -> None:
    times: dict[str, Any] = {}
    for name in Incident.PHASES[Incident.PHASES.index(phase) :]:
        month = 8 if name == phase else 11
        times[f"{name}_at"] = datetime(2026, month, 1, tzinfo=UTC)
        times[f"{name}_precision"] = "minute"
    incident = an_incident(**times)

    assert placings("2026Q3", "UTC") == {incident.pk: INSIDE}
    assert placings("2026Q4", "UTC") == {incident.pk: OUTSIDE}


def test_what_has_no_time_is_undated_and_in_no_period() -> None:
    undated = an_incident()
    an_incident(resolved_at=datetime(2026, 8, 1, tzinfo=UTC), resolved_precision="day")

    assert list(Incident.objects.undated()) == [undated]
    assert placings("1970-01-01..2199-12-31", "UTC")[undated.pk] is OUTSIDE
