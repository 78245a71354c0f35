"""Records with their history, for archives."""

from datetime import datetime
from typing import Any

from incidents.history.operations import change_record, create_record
from incidents.models import Editable, Incident, User
from tests.factories import NOW


def recorded(title: str = "Orders time out", *, at: datetime = NOW, **fields: Any) -> Incident:
    by = fields.pop("by", None)
    incident = Incident(title=title, **fields)
    return create_record(incident, by=by, at=at, summary=f"Recorded “{title}”")


def edited(
    row: Editable | User, *, by: User | None = None, at: datetime = NOW, **values: Any
) -> None:
    row.refresh_from_db()
    summary = f"Edited the {next(iter(values))}"
    change_record(row, version=row.version, values=values, by=by, at=at, summary=summary)
