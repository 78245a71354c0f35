"""Rows made and changed by operations, so that they have a history."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model

from incidents.history.operations import change_record, create_record, remove_record
from incidents.models import Editable, Incident, TimelineEvent, User
from tests.factories import NOW, numbers

Row = TypeVar("Row", bound=Editable)


def made(row: Row, by: User | None = None, **related: Iterable[Model]) -> Row:
    return create_record(row, by=by, at=NOW, summary="Added", related=related)


def a_recorded_incident(by: User | None = None, **fields: Any) -> Incident:
    related = {name: fields.pop(name) for name in ("services", "tags") if name in fields}
    return made(Incident(**{"title": "Orders time out", **fields}), by, **related)


def a_recorded_event(incident: Incident, **fields: Any) -> TimelineEvent:
    fields = {"text": "Latency rose", "position": next(numbers), **fields}
    return made(TimelineEvent(incident=incident, **fields))


def changed(row: Row, by: User | None = None, **values: Any) -> Row:
    return change_record(row, version=row.version, values=values, by=by, at=NOW, summary="Changed")


def removed(row: Editable) -> None:
    remove_record(row, version=row.version, by=None, at=NOW, summary="Removed")
