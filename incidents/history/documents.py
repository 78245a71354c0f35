"""Which whole record each row belongs to: its document."""

from typing import NamedTuple

from django.db.models import Model

from incidents.models import Guard, Part


class Document(NamedTuple):
    type: str
    id: int


def document_of(row: Model) -> Document:
    """A part belongs to its incident, a guard to its lesson; every other row is its own."""
    if isinstance(row, Part):
        return Document("incident", row.incident_id)
    if isinstance(row, Guard):
        return Document("lesson", row.lesson_id)
    return Document(model_name(row), row.pk)


def model_name(row: Model) -> str:
    return str(row._meta.model_name)
