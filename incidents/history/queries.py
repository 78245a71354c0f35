"""What the lines of history tell."""

from django.db.models import Model

from incidents.history.documents import document_of, model_name
from incidents.history.values import Plain, plain_value, undo
from incidents.models import Change, Editable, User


def values_at_version(row: Editable | User, version: int) -> dict[str, Plain] | None:
    """The fields that changed since `version`, as they were then; None where history cannot tell.

    Each saved change of a row counts its version up by one, so the last `row.version - version`
    changes are undone, newest first.
    """
    steps = changes_of_row(row)[: max(row.version - version, 0)]
    if version > row.version or len(steps) != row.version - version:
        return None
    values: dict[str, Plain] = {}
    for fields in steps:
        for name, change in fields.items():
            now = values[name] if name in values else plain_value(row, name)
            values[name] = undo(now, change)
    return values


def changes_of_row(row: Model) -> list[dict[str, Plain]]:
    """What each change did to this row's fields, newest first."""
    document = document_of(row)
    lines = Change.objects.filter(document_type=document.type, document_id=document.id)
    return [
        part["fields"]
        for parts in lines.order_by("-id").values_list("parts", flat=True)
        for part in parts
        if (part["record"], part["id"], part["did"]) == (model_name(row), row.pk, "changed")
    ]
