"""The pack of a frozen review has the figures that were frozen."""

from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.action_items.operations import change_action_item
from incidents.exports.documents import Document
from incidents.exports.formats import FORMATS
from incidents.exports.reviews import ReviewPack
from incidents.lib.periods import read_period
from incidents.models import ExportFormat, Incident, LessonLink, Severity, User
from incidents.records.operations import change_incident, create_incident
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from tests.exports.formats.reading import letters, text_of
from tests.factories import (
    a_lesson,
    a_restricted_incident,
    a_user,
    an_action_item,
    an_incident,
)

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


@pytest.fixture
def changed() -> Incident:
    values = {"title": "Orders time out", "state": "published", "published_at": FROZEN_AT, **AUGUST}
    incident = create_incident(values=values, by=None, at=FROZEN_AT)
    freeze()
    change_incident(incident, version=1, values={"title": "Orders are late"}, by=None, at=LATER)
    return incident


@pytest.mark.parametrize("wanted", FORMATS)
def test_every_format_says_what_changed_since(
    wanted: ExportFormat, changed: Incident, tmp_path: Path
) -> None:
    told = content(a_pack(a_user()), wanted, tmp_path / "out")

    assert letters("Orders are late") in told
    assert letters("Changed after freezing: version 1 then, 2 now.") in told


def content(review: ReviewPack, wanted: ExportFormat, path: Path) -> str:
    FORMATS[wanted].write(review.pack, path, lambda: None)
    if wanted == ExportFormat.PDF:
        return letters(text_of(path))
    if not is_zipfile(path):
        return letters(path.read_text(encoding="utf-8"))
    with ZipFile(path) as parts:
        return letters("".join(parts.read(name).decode() for name in parts.namelist()))


def words(review: ReviewPack) -> list[str]:
    told = list(review.pack.documents())
    return [one.data["since_frozen"] for one in told if isinstance(one, Document)]


def test_what_is_as_it_was_says_nothing() -> None:
    incident = create_incident(values={"title": "Left alone", **AUGUST}, by=None, at=FROZEN_AT)
    a_lesson(learned_from=incident, created_at=FROZEN_AT, changed_at=FROZEN_AT)
    freeze()

    assert words(a_pack(a_user())) == [""]


def test_what_was_added_since_is_in_no_frozen_figure() -> None:
    freeze()
    an_incident(**AUGUST)

    assert words(a_pack(a_user())) == ["Not counted in the frozen figures."]


def test_nor_is_what_is_restricted_where_its_reader_has_the_open_edition() -> None:
    named = a_user()
    a_restricted_incident(named, **AUGUST)
    a_restricted_incident(a_user(), **AUGUST)
    freeze()

    assert words(a_pack(named)) == ["Not counted in the frozen figures."]


def test_what_came_of_a_record_counts_too() -> None:
    incident = create_incident(values={"title": "Left alone", **AUGUST}, by=None, at=FROZEN_AT)
    item = an_action_item(incident=incident)
    freeze()
    change_action_item(item, version=1, values={"title": "Another"}, by=None, at=LATER)

    assert words(a_pack(a_user())) == ["Its lessons or action items changed after freezing."]


def test_nobody_hears_that_something_closed_to_them_changed() -> None:
    incident = create_incident(values={"title": "Left alone", **AUGUST}, by=None, at=FROZEN_AT)
    freeze()
    named = a_user()
    closed = a_lesson(learned_from=a_restricted_incident(named))
    LessonLink.objects.create(incident=incident, lesson=closed, relation="upheld")
    a_lesson(learned_from=incident, state="retired", changed_at=FROZEN_AT)

    assert words(a_pack(a_user())) == [""]


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_same_records_give_the_same_bytes(
    wanted: ExportFormat, changed: Incident, tmp_path: Path
) -> None:
    person = a_user()
    written = []
    for name in ("one", "other"):
        FORMATS[wanted].write(a_pack(person).pack, tmp_path / name, lambda: None)
        written.append((tmp_path / name).read_bytes())

    assert written[0] == written[1]


def test_the_queries_do_not_grow_with_the_records(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        create_incident(values={"title": f"No {number}", **AUGUST}, by=None, at=FROZEN_AT)
    freeze()
    review = a_pack(a_user())

    with django_assert_max_num_queries(20):
        assert len(words(review)) == 20


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
