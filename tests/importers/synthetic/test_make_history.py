"""The made-up archive: whole, skewed like a real one, and findable."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from incidents.history.documents import TABLES
from incidents.history.queries import values_at_version
from incidents.history.rows import part
from incidents.history.values import filled_values
from incidents.importers.synthetic.operations import Archive, make_history
from incidents.lookup.operations import keep_findable
from incidents.lookup.queries import search
from incidents.models import (
    ActionItem,
    AlertMatcher,
    Change,
    FoundKind,
    Incident,
    Kind,
    Lesson,
    Precision,
    Review,
    ReviewDecision,
    Runbook,
    SearchEntry,
    Service,
    Severity,
    Sight,
    State,
    Tag,
    TimelineEvent,
    Visibility,
)
from incidents.records.parts.kinds import KINDS
from incidents.review.editions import hash_of
from tests.factories import a_user

WISH = Archive(incidents=200, runbooks=12, seed=7)


@pytest.fixture(scope="module", autouse=True)
def _archive(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One for all tests of this file: none of them changes it for the others."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_history(WISH, report=lambda *_: None)
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_it_works() -> None:
    assert (Incident.objects.count(), Runbook.objects.count()) == (200, 12)
    tables = [*TABLES.values(), AlertMatcher, Change, SearchEntry, Tag]
    assert [table.__name__ for table in tables if not table._default_manager.exists()] == []


@pytest.mark.django_db
def test_every_field_would_pass_a_form() -> None:
    """Constraints are the database's own part."""
    for model in apps.get_app_config("incidents").get_models():
        for row in model._base_manager.all():
            row.clean_fields(exclude={"password", "by"})


@pytest.mark.django_db
def test_what_a_record_can_hold_is_used() -> None:
    for model in (
        Incident,
        Runbook,
        ActionItem,
        TimelineEvent,
        Review,
        ReviewDecision,
        *(kind.model for kind in KINDS.values()),
    ):
        rows = list(model._base_manager.all())
        unused = {name for name in model.TRACKED if not any(filled(row, name) for row in rows)}
        assert unused == set(), model.__name__
    assert set(Incident.objects.values_list("kind", flat=True)) == set(Kind)
    assert set(Incident.objects.values_list("state", flat=True)) == set(State)
    assert set(TimelineEvent.objects.values_list("event_precision", flat=True)) == set(Precision)


def filled(row: Any, name: str) -> bool:
    value = filled_values(row).get(name)
    # The first place is no lack.
    return value is not None or name == "position"


@pytest.mark.django_db
def test_few_things_happen_often() -> None:
    by_service = Counter(Incident.objects.values_list("services__slug", flat=True)).most_common()
    by_year = Counter(Incident.objects.values_list("created_at__year", flat=True))
    severities = Counter(Incident.objects.values_list("severity", flat=True))

    assert by_service[0][1] > 5 * by_service[len(by_service) // 2][1]
    assert by_year[2025] > 2 * by_year[2018]
    assert severities[Severity.SEV4] > severities[Severity.SEV2] > severities[Severity.SEV1]


@pytest.mark.django_db
def test_texts_are_as_long_as_real_ones() -> None:
    bodies = SearchEntry.objects.filter(kind=FoundKind.INCIDENT).values_list("body", flat=True)
    lengths = sorted(len(body.split()) for body in bodies)

    assert lengths[0] >= 180
    assert lengths[-1] <= 900
    assert 300 < lengths[len(lengths) // 2] < 500


@pytest.mark.django_db
def test_records_can_be_found() -> None:
    user = a_user("reader")
    incident = Incident.objects.visible_to(user).filter(state=State.PUBLISHED).latest("pk")
    found = search(incident.summary, user=user, limit=10)

    assert incident in [hit.row for group in found.groups for hit in group.hits]
    withdrawn = Incident.objects.filter(state=State.WITHDRAWN).values("pk")
    assert not SearchEntry.objects.filter(kind=FoundKind.INCIDENT, record_id__in=withdrawn)


@pytest.mark.django_db
def test_entries_are_those_that_the_operations_write() -> None:
    rows = [Incident.objects.get(state=State.DRAFT, pk=draft()), Runbook.objects.latest("pk")]
    rows += [Lesson.objects.latest("pk"), Service.objects.latest("pk")]
    entries = [SearchEntry.objects.get(record_id=row.pk, kind=row._meta.model_name) for row in rows]
    keep_findable(*rows)

    for entry in entries:
        anew = SearchEntry.objects.get(pk=entry.pk)
        assert (entry.title, entry.names) == (anew.title, anew.names)
        assert sorted(entry.body.split("\n")) == sorted(anew.body.split("\n"))


def draft() -> int:
    return Incident.objects.filter(state=State.DRAFT).latest("pk").pk


@pytest.mark.django_db
def test_history_knows_every_record_from_its_beginning() -> None:
    incident = Incident.objects.latest("pk")
    [line] = Change.objects.filter(document_type="incident", document_id=incident.pk)

    assert line.parts[0] == part(
        incident,
        "created",
        {name: [None, value] for name, value in filled_values(incident).items()},
    )
    assert {each["record"] for each in line.parts} >= {"incident", "timelineevent", "participant"}
    assert line.at == incident.created_at
    assert values_at_version(incident, 1) is not None
    reviews = Change.objects.filter(document_type="review")
    assert Change.objects.exclude(pk__in=reviews).count() == sum(
        table._base_manager.count()
        for table in (Incident, Runbook, Lesson, Service, *OTHER_DOCUMENTS)
    )


@pytest.mark.django_db
def test_reviews_are_frozen_with_their_meeting() -> None:
    """The quarter that the archive ends with is left for whoever tries it."""
    reviews = list(Review.objects.order_by("pk"))
    assert [str(review) for review in reviews[:4]] == ["Q4 2024", "Q1 2025", "Q2 2025", "Q3 2025"]

    for review in reviews:
        lines = Change.objects.filter(document_type="review", document_id=review.pk).order_by("pk")
        assert lines[0].at == review.frozen_at
        assert review.editions.count() == 2
        assert lines.count() == 2 + review.decisions.count()
        edition = review.editions.get(sight=Sight.FULL)
        assert hash_of(edition, title=review.title, at=review.frozen_at) == edition.sha256
    assert all(
        item.incident.visibility == Visibility.EVERYONE
        for item in ActionItem.objects.exclude(decision=None)
    )


OTHER_DOCUMENTS = [
    apps.get_model("incidents", name) for name in ("Team", "User", "Factor", "Knob", "ActionItem")
]


@pytest.mark.django_db
def test_a_restricted_record_names_who_may_see_it() -> None:
    hidden = Incident.objects.filter(visibility=Visibility.RESTRICTED)

    assert hidden
    assert not hidden.filter(allowed_people=None)
    assert not Incident.objects.visible_to(a_user("admin")).filter(pk__in=hidden)
