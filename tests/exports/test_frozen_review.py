"""The pack of a frozen review has the figures that were frozen."""

from datetime import UTC, datetime

import pytest

from incidents.exports.reviews import ReviewPack
from incidents.lib.periods import read_period
from incidents.models import Incident, Severity, User
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from tests.factories import a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db

FROZEN_AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
AUGUST = {"began_at": datetime(2026, 8, 3, 9, 0, tzinfo=UTC), "began_precision": "minute"}


def a_pack(user: User) -> ReviewPack:
    scope = Scope(period=read_period("2026Q3"), user=user)
    return ReviewPack(scope, at=LATER, tell=lambda *_: None)


def severities(pack: ReviewPack) -> dict[object, object]:
    figure = next(figure for figure in pack.pack.figures if figure.key == "severity")
    return {row[0]: row[1] for row in figure.table.rows if row[1]}


def freeze() -> None:
    freeze_review(Scope(period=read_period("2026Q3"), user=None), by=a_user(), at=FROZEN_AT)


def test_it_works() -> None:
    incident = an_incident(severity=Severity.SEV1, **AUGUST)
    freeze()
    Incident.objects.filter(pk=incident.pk).update(severity=Severity.SEV4)

    pack = a_pack(a_user("reader"))

    assert severities(pack) == {"SEV1 critical": 1}
    assert pack.pack.as_of == FROZEN_AT
    assert "frozen on 5 October 2026" in pack.pack.foot


def test_each_gets_the_edition_that_is_for_them() -> None:
    named = a_user()
    hidden = a_restricted_incident(named, severity=Severity.SEV2, **AUGUST)
    freeze()

    assert severities(a_pack(named)) == {"SEV2 major": 1}
    assert hidden.pk in a_pack(named).touched
    assert severities(a_pack(a_user("admin"))) == {}


def test_what_is_not_frozen_is_as_of_now() -> None:
    an_incident(severity=Severity.SEV1, **AUGUST)

    assert a_pack(a_user()).pack.as_of == LATER
