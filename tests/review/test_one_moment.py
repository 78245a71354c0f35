"""A review is frozen as of one moment, whatever is edited while it is counted."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from incidents.lib.periods import read_period
from incidents.models import Change, Review, Severity, Sight
from incidents.records.operations import change_incident, create_incident
from incidents.review import editions
from incidents.review.operations import CannotFreeze, freeze_review, keep_review
from incidents.review.queries import frozen
from incidents.review.scope import Scope
from incidents.review.since import changed_since
from tests.factories import a_user

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
SCOPE = Scope(period=read_period("2026Q3"), user=None)
VALUES = {
    "title": "Orders time out",
    "severity": Severity.SEV1,
    "began_at": datetime(2026, 8, 3, 9, 0, tzinfo=UTC),
    "began_precision": "minute",
}


@pytest.mark.django_db(transaction=True)
def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody edits a record between the counting and the reading of versions."""
    incident, person = create_incident(values=VALUES, by=None, at=AT), a_user()
    line = Change.objects.get(document_type="incident").pk
    versions_of = editions.versions_of
    edits: list[Future[None]] = []

    def edit() -> None:
        try:
            values = {"severity": Severity.SEV4}
            change_incident(incident, version=1, values=values, by=None, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:

        def edited_first(material: Any) -> dict[str, list[list[int]]]:
            if not edits:
                edits.append(pool.submit(edit))
                # SQLite lets the other one in when this transaction is over.
                if connection.vendor == "postgresql":
                    edits[0].result(timeout=60)
            return versions_of(material)

        monkeypatch.setattr(editions, "versions_of", edited_first)
        review = freeze_review(SCOPE, by=person, at=AT)
        edits[0].result(timeout=60)

    incident.refresh_from_db()
    assert incident.severity == Severity.SEV4
    for edition in review.editions.all():
        assert edition.record_versions["incident"] == [[incident.pk, line]]
    seen = frozen(Scope(period=SCOPE.period, user=person), person)
    assert seen is not None
    assert ("Incidents by severity", "SEV1 critical", "Incidents", 1, 0) in seen.differences()
    assert [one.key for one in changed_since(seen.edition, person)] == [incident.pk]


@pytest.mark.django_db
def test_of_two_who_freeze_at_once_one_is_told() -> None:
    made = [editions.editions_of(SCOPE, at=AT) for _ in range(2)]
    keep_review(SCOPE, made[0], by=a_user(), at=AT)

    with pytest.raises(CannotFreeze, match="already"):
        keep_review(SCOPE, made[1], by=a_user(), at=AT)
    assert Review.objects.count() == 1
    assert {edition.sight for edition in Review.objects.get().editions.all()} == set(Sight)
