"""Freezing a review: what is kept, for whom, and what it would be today."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.access.permissions import everybody
from incidents.lib.periods import read_period
from incidents.models import (
    Change,
    Incident,
    Review,
    ReviewEdition,
    Severity,
    Sight,
    User,
    Visibility,
)
from incidents.records.operations import change_incident, create_incident
from incidents.review.editions import edition_for, edition_of, figures_in, hash_of
from incidents.review.figure import canonical, from_json
from incidents.review.operations import CannotFreeze, freeze_review
from incidents.review.queries import Frozen, frozen
from incidents.review.scope import Scope
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_restricted_incident,
    a_service,
    a_team,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
AUGUST = {"began_at": datetime(2026, 8, 3, 9, 0, tzinfo=UTC), "began_precision": "minute"}
ADDRESS = "/reviews/2026Q3/"


def a_scope(**fields: Any) -> Scope:
    return Scope(**{"period": read_period("2026Q3"), "user": None, **fields})


def freeze(**fields: Any) -> Review:
    return freeze_review(a_scope(**fields), by=a_user(), at=AT)


def seen_by(user: User, **fields: Any) -> Frozen:
    found = frozen(a_scope(user=user, **fields), user)
    assert found is not None
    return found


def severities(found: Frozen) -> dict[Any, Any]:
    figure = next(figure for figure in found.figures if figure.key == "severity")
    return {row[0]: row[1] for row in figure.table.rows if row[1]}


def test_it_works() -> None:
    incident = create_incident(
        values={"title": "Orders time out", "severity": Severity.SEV1, **AUGUST}, by=None, at=AT
    )
    person = a_user()

    review = freeze_review(a_scope(), by=person, at=AT)

    assert (review.frozen_at, review.frozen_by, str(review)) == (AT, person, "Q3 2026")
    edition = review.editions.get(sight=Sight.OPEN)
    line = Change.objects.filter(document_type="incident", document_id=incident.pk).latest("id")
    assert edition.record_versions["incident"] == [[incident.pk, line.pk]]
    assert edition.sha256 == hash_of(edition, title="Q3 2026", at=AT)
    assert from_json(edition.figures[0]).definition
    assert Change.objects.filter(document_type="review", document_id=review.pk, by=person).exists()


def test_later_edits_do_not_move_it_and_what_would_differ_is_told() -> None:
    incident = an_incident(severity=Severity.SEV1, **AUGUST)
    freeze()
    reader = a_user("reader")
    assert seen_by(reader).differences() == []

    change_incident(incident, version=1, values={"severity": Severity.SEV3}, by=a_user(), at=AT)

    found = seen_by(reader)
    assert severities(found) == {"SEV1 critical": 1}
    assert ("Incidents by severity", "SEV1 critical", "Incidents", 1, 0) in found.differences()
    assert ("Incidents by severity", "SEV3 moderate", "Incidents", 0, 1) in found.differences()


def test_time_alone_makes_no_difference() -> None:
    """A draft grows older, and that is no edit."""
    an_incident(state="draft", created_at=AT - timedelta(days=3), **AUGUST)
    freeze()

    assert seen_by(a_user()).differences() == []


def test_the_same_records_give_the_same_bytes() -> None:
    incident = an_incident(severity=Severity.SEV1, **AUGUST)
    a_contributing_factor(incident)
    a_delta(incident)

    one, other = (edition_of(a_scope(), Sight.FULL, at=AT) for _ in range(2))

    assert canonical(one.figures) == canonical(other.figures)
    assert one.sha256 == other.sha256


def test_what_is_kept_is_what_the_hash_is_over() -> None:
    an_incident(**AUGUST)
    edition = freeze().editions.get(sight=Sight.OPEN)

    edition.figures[0]["rows"][0][1] = 17

    assert hash_of(edition, title="Q3 2026", at=AT) != edition.sha256


def test_two_editions_one_for_whoever_may_see_each_restricted_record() -> None:
    one, both, none = a_user(), a_user(), a_user("admin")
    a_restricted_incident(one, both, severity=Severity.SEV1, **AUGUST)
    a_restricted_incident(both, severity=Severity.SEV2, **AUGUST)
    an_incident(severity=Severity.SEV5, **AUGUST)
    freeze()

    assert severities(seen_by(both)) == {
        "SEV1 critical": 1,
        "SEV2 major": 1,
        "SEV5 cosmetic": 1,
    }
    assert severities(seen_by(one)) == {"SEV5 cosmetic": 1}
    assert severities(seen_by(none)) == {"SEV5 cosmetic": 1}
    assert (seen_by(both).has_restricted, seen_by(one).has_restricted) == (True, False)


def test_the_full_edition_is_closed_with_any_restricted_record_of_any_time() -> None:
    """What is decided or learned comes from records of other periods, too."""
    named = a_user()
    old = {"began_at": datetime(2020, 1, 1, tzinfo=UTC), "began_precision": "minute"}
    a_restricted_incident(named, **old, state="withdrawn", withdrawn_reason="Twice")
    review = freeze()

    assert edition_for(review, named).sight == Sight.FULL
    assert edition_for(review, a_user("admin")).sight == Sight.OPEN


def test_what_was_closed_since_is_named_no_more() -> None:
    named, stranger = a_user(), a_user("reader")
    undated = an_incident(title="A telling title")
    incident = an_incident(state="draft", title="Another telling title", **AUGUST)
    earlier = {"began_at": AUGUST["began_at"] - timedelta(days=1), "began_precision": "minute"}
    again = an_incident(**earlier)
    factor, knob = a_factor(name="A telling factor"), a_delta(incident).knob
    a_delta(again, knob=knob)
    for one in (incident, again):
        a_contributing_factor(one, factor=factor)
    freeze()
    assert "A telling factor" in str(seen_by(stranger).figures)

    for one in (undated, incident, again):
        Incident.objects.filter(pk=one.pk).update(visibility=Visibility.RESTRICTED)
        one.allowed_people.add(named)

    assert "telling" not in str(seen_by(stranger).figures)
    assert str(knob) not in str(seen_by(stranger).figures)
    assert "telling" not in str(seen_by(stranger).differences())
    assert "A telling title" in str(seen_by(named).figures)


def test_differences_tell_nothing_of_what_was_restricted_since() -> None:
    person = a_user()
    freeze()
    assert seen_by(person).edition.sight == Sight.FULL

    a_restricted_incident(a_user(), severity=Severity.SEV1, **AUGUST)

    assert seen_by(person).differences() == []


def test_a_team_and_a_service_have_reviews_of_their_own() -> None:
    team, service = a_team(), a_service()
    an_incident(severity=Severity.SEV1, **AUGUST).teams.add(team)
    for of in ({}, {"team": team}, {"service": service}):
        freeze(**of)

    assert severities(seen_by(a_user(), team=team)) == {"SEV1 critical": 1}
    assert severities(seen_by(a_user(), service=service)) == {}


def test_it_is_frozen_once() -> None:
    freeze()

    with pytest.raises(CannotFreeze, match="already"):
        freeze()
    assert ReviewEdition.objects.count() == 2


def test_what_is_not_over_is_not_frozen() -> None:
    with pytest.raises(CannotFreeze, match="not over yet"):
        freeze_review(a_scope(), by=a_user(), at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC))
    assert not Review.objects.exists()


def test_an_editor_freezes_from_the_page(client: Client) -> None:
    an_incident(severity=Severity.SEV1, **AUGUST)
    client.force_login(a_user("editor", first_name="Olga", last_name="Ito"))
    assert "Freeze" in client.get(ADDRESS).content.decode()

    answer = client.post(f"{ADDRESS}freeze/", {"team": "", "service": ""})

    assert answer["Location"] == ADDRESS
    text = client.get(ADDRESS).content.decode()
    assert "by <bdi>Olga Ito</bdi>" in text
    assert ReviewEdition.objects.get(sight=Sight.FULL).sha256 in text
    assert "freeze/" not in text
    assert "Q3 2026" in client.get("/reviews/").content.decode()
    assert client.get(f"{ADDRESS}today/").status_code == 200
    assert "already" in client.post(f"{ADDRESS}freeze/").content.decode()
    assert client.post(f"{ADDRESS}freeze/").status_code == 409


def test_what_would_differ_stands_on_a_page_of_its_own(client: Client) -> None:
    incident = an_incident(severity=Severity.SEV1, **AUGUST)
    client.force_login(a_user("reader"))
    assert client.get(f"{ADDRESS}today/").status_code == 404
    freeze()
    assert "give the same figures" in client.get(f"{ADDRESS}today/").content.decode()

    Incident.objects.filter(pk=incident.pk).update(severity=Severity.SEV2)

    assert "SEV2 major" in client.get(f"{ADDRESS}today/").content.decode()


def test_readers_do_not_freeze(client: Client) -> None:
    client.force_login(a_user("reader"))

    assert "Freeze" not in client.get(ADDRESS).content.decode()
    assert client.post(f"{ADDRESS}freeze/").status_code == 403
    assert not Review.objects.exists()


def test_bad_wishes_are_refused(client: Client) -> None:
    client.force_login(a_user("editor"))

    assert client.post(f"{ADDRESS}freeze/", {"team": "nobody"}).status_code == 422
    assert client.post("/reviews/2026Q9/freeze/").status_code == 404
    assert client.get(f"{ADDRESS}freeze/").status_code == 405


def test_figures_of_everybody_are_those_of_the_open_edition() -> None:
    a_restricted_incident(a_user(), severity=Severity.SEV1, **AUGUST)
    edition = edition_of(a_scope(), Sight.OPEN, at=AT)

    assert [from_json(one) for one in edition.figures] == figures_in(edition, everybody())
    assert replace(a_scope(), user=everybody()).label == "Q3 2026"
