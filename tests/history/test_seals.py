"""Who changes history past the site is found out."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from incidents.history.checking import (
    CHANGED,
    MARKED,
    MISSING,
    NO_HISTORY,
    NOT_SEALED,
    NOT_THE_LAST,
    OUT_OF_ORDER,
    Finding,
    check,
)
from incidents.history.operations import create_records
from incidents.history.sealing import seal_what_has_none, unseal_all
from incidents.history.seals import as_any_database_has_it
from incidents.models import Change, Incident, Service, User
from tests.factories import NOW
from tests.history.records import a_recorded_event, a_recorded_incident, changed, made, removed

pytestmark = pytest.mark.django_db


def a_history() -> list[int]:
    """Of three incidents, a service and a person; the keys of its lines."""
    person = made(User(username="nina"))
    for number in range(3):
        incident = a_recorded_incident(by=person)
        event = a_recorded_event(incident)
        event = changed(event, by=person, text="A text that is long enough. " * 20)
        event = changed(event, by=person, text="A text that is long. " + "long enough. " * 20)
        removed(event)
        changed(incident, title=f"Orders time out {number}")
    changed(made(Service(name="Orders", slug="orders")), description="Takes orders")
    return list(Change.objects.values_list("pk", flat=True))


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def wrong() -> list[tuple[int | None, str]]:
    return [(finding.line, finding.wrong) for finding in check()]


def test_it_works() -> None:
    lines = a_history()

    assert len(lines) == 21
    assert wrong() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("summary", "Nothing of note"),
        ("at", NOW.replace(second=1)),
        ("by_id", None),
        ("parts", "[]"),
        ("document_id", 4711),
        ("document_type", "lesson"),
        ("seal", "0" * 64),
        ("number", 7),
    ],
)
def test_a_line_that_was_changed_is_named(column: str, value: object) -> None:
    lines = a_history()

    sql(f"UPDATE incidents_change SET {column} = %s WHERE id = %s", value, lines[3])

    assert (lines[3], CHANGED) in wrong()


def test_a_line_that_is_gone_is_missed() -> None:
    lines = a_history()
    sql("DELETE FROM incidents_change WHERE id = %s", lines[3])

    assert wrong() == [(lines[4], MISSING)]


def test_a_last_line_that_is_gone_is_missed_also_after_others() -> None:
    a_history()
    incident = Incident.objects.latest("pk")
    *_, before, last = Change.objects.filter(document_type="incident", document_id=incident.pk)
    last.delete()
    assert wrong() == [(before.pk, NOT_THE_LAST)]

    changed(incident, title="Another title")

    assert wrong()[-1] == (Change.objects.latest("pk").pk, MISSING)


def test_a_made_up_mark_of_a_last_line_is_no_help() -> None:
    a_history()
    incident = Incident.objects.latest("pk")
    *_, before, last = Change.objects.filter(document_type="incident", document_id=incident.pk)
    sql("UPDATE incidents_change SET last_seal = %s WHERE id = %s", last.last_seal, before.pk)
    last.delete()
    assert wrong() == [(before.pk, NOT_THE_LAST)]

    changed(incident, title="Another title")

    assert (Change.objects.latest("pk").pk, MISSING) in wrong()


def test_a_whole_history_that_is_gone_is_missed() -> None:
    a_history()
    Change.objects.filter(document_type="service").delete()

    assert wrong() == [(None, NO_HISTORY)]


def test_lines_that_changed_places_are_told() -> None:
    lines = a_history()
    swap_keys(lines[2], lines[3])

    assert {what for _, what in wrong()} >= {MISSING, OUT_OF_ORDER}


def test_a_mark_that_is_not_there_any_more_is_told() -> None:
    lines = a_history()
    sql("UPDATE incidents_change SET last_seal = NULL WHERE id = %s", lines[3])

    assert wrong() == [(lines[3], MARKED)]


def swap_keys(one: int, other: int) -> None:
    for was, will in ((one, 0), (other, one), (0, other)):
        sql("UPDATE incidents_change SET id = %s WHERE id = %s", will, was)


def put(column: str, values: Callable[[random.Random, Any], object]) -> Callable[..., None]:
    """Write something else into one column of one line."""

    def tamper(draw: random.Random, lines: list[Any]) -> None:
        line = draw.choice(lines)
        value = values(draw, draw.choice([one for one in lines if one != line]))
        if value == getattr(line, column):
            value = None
        if value is None and getattr(line, column) is None:
            value = User.objects.get().pk
        if column == "parts":
            value = json.dumps(value)
        sql(f"UPDATE incidents_change SET {column} = %s WHERE id = %s", value, line.pk)

    return tamper


def delete(draw: random.Random, lines: list[Any]) -> None:
    sql("DELETE FROM incidents_change WHERE id = %s", draw.choice(lines).pk)


def delete_the_last(draw: random.Random, lines: list[Any]) -> None:
    line = draw.choice(lines)
    same = [one for one in lines if one.document_id == line.document_id]
    same = [one for one in same if one.document_type == line.document_type]
    for one in same[-draw.randint(1, 3) :]:
        sql("DELETE FROM incidents_change WHERE id = %s", one.pk)


def insert(draw: random.Random, lines: list[Any]) -> None:
    """Once more what there is, later or in the place of what was taken out."""
    line = Change.objects.get(pk=draw.choice(lines).pk)
    line.pk = max(one.pk for one in lines) + 1
    if draw.random() < 1 / 2:
        line.number = (line.number or 0) + 1
    line.save(force_insert=True)


def swap(draw: random.Random, lines: list[Any]) -> None:
    one = draw.choice(lines)
    same = [line for line in lines if line.document_id == one.document_id and line.pk != one.pk]
    same = [line for line in same if line.document_type == one.document_type]
    if same:
        swap_keys(one.pk, draw.choice(same).pk)
        return
    other = draw.choice([line for line in lines if line.parts != one.parts])
    for line, parts in ((one, other.parts), (other, one.parts)):
        sql("UPDATE incidents_change SET parts = %s WHERE id = %s", json.dumps(parts), line.pk)


TAMPERS = {
    "summary": put("summary", lambda draw, other: f"{other.summary} {draw.random()}"),
    "at": put("at", lambda draw, other: other.at.replace(microsecond=draw.randrange(10**6))),
    "by": put("by_id", lambda draw, other: None),
    "parts": put("parts", lambda draw, other: [*other.parts, {"record": "incident"}]),
    "document": put("document_id", lambda draw, other: 10_000 + draw.randrange(1000)),
    "kind": put("document_type", lambda draw, other: "lesson"),
    "number": put("number", lambda draw, other: 100 + draw.randrange(100)),
    "seal": put("seal", lambda draw, other: other.seal),
    "mark": put("last_seal", lambda draw, other: draw.randbytes(32).hex()),
    "deleted": delete,
    "deleted from the end": delete_the_last,
    "inserted": insert,
    "swapped": swap,
}
A_THOUSAND = 1000


# A busy machine has time.
@pytest.mark.timeout(400)
def test_of_a_thousand_tampers_all_are_found() -> None:
    a_history()
    lines = list(Change.objects.all())
    draw, unseen = random.Random(16), []

    for number in range(A_THOUSAND):
        name = draw.choice(sorted(TAMPERS))
        with transaction.atomic():
            TAMPERS[name](draw, lines)
            if next(check(), None) is None:
                unseen.append((number, name))
            transaction.set_rollback(True)

    assert unseen == []
    assert wrong() == []


def test_without_seals_the_same_is_not_seen() -> None:
    a_history()
    unseal_all()
    lines, before = list(Change.objects.all()), wrong()
    assert {what for _, what in before} == {NOT_SEALED}

    for name in ("summary", "at", "by", "parts"):
        TAMPERS[name](random.Random(16), lines)

    assert wrong() == before


def test_nobody_seals_without_the_key(settings: Any) -> None:
    lines = a_history()

    settings.HISTORY_KEY = "another"

    assert [what for _, what in wrong()].count(CHANGED) == len(lines)


def test_what_was_written_before_there_were_seals_gets_them() -> None:
    lines = a_history()
    unseal_all()
    # Beside the version before.
    changed(Incident.objects.latest("pk"), title="A title with a seal")
    assert wrong() == [(line, NOT_SEALED) for line in sorted_as_told(lines)]

    assert seal_what_has_none() == len(lines)

    assert wrong() == []
    assert seal_what_has_none() == 0
    changed(Incident.objects.latest("pk"), title="One more")
    assert wrong() == []


def sorted_as_told(lines: list[int]) -> list[int]:
    found = Change.objects.filter(pk__in=lines).order_by("document_type", "document_id", "id")
    return list(found.values_list("pk", flat=True))


def test_a_line_of_the_version_before_between_sealed_ones_gets_its_seal() -> None:
    incident = a_recorded_incident()
    changed(incident, title="Sealed")
    between = Change.objects.create(
        document_type="incident", document_id=incident.pk, at=NOW, summary="Between", parts=[]
    )
    changed(Incident.objects.get(), title="Sealed again")
    assert (between.pk, NOT_SEALED) in wrong()

    assert seal_what_has_none() == 1

    assert wrong() == []


def test_sealing_does_not_hide_what_was_taken_out() -> None:
    incident = a_recorded_incident()
    changed(incident, title="Sealed")
    Change.objects.latest("pk").delete()
    Change.objects.create(
        document_type="incident", document_id=incident.pk, at=NOW, summary="Instead", parts=[]
    )

    seal_what_has_none()

    assert [what for _, what in wrong()] == [MISSING]


def test_a_change_costs_one_query_more() -> None:
    incident = a_recorded_incident()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        changed(incident, title="Another")

    about = [one["sql"] for one in queries if "incidents_change" in one["sql"]]
    assert len(about) == 2


def test_several_rows_are_one_line() -> None:
    rows = [Service(name=name, slug=name) for name in ("one", "two")]
    create_records(rows[:1], by=None, at=NOW, summary="Added")

    assert list(Change.objects.values_list("number", flat=True)) == [1]
    assert wrong() == []


def test_numbers_are_the_same_wherever_they_are_kept() -> None:
    assert as_any_database_has_it([1e16, {"a": (1.0, 0.5, True)}]) == [
        10**16,
        {"a": [1, 0.5, True]},
    ]


def test_a_finding_names_the_document() -> None:
    incident = a_recorded_incident()
    sql("UPDATE incidents_change SET summary = 'x'")

    (finding,) = check()

    line = Change.objects.get().pk
    assert finding == Finding(("incident", incident.pk), line, CHANGED)  # type: ignore[arg-type]
