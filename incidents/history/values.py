"""A row's tracked fields as plain data: what history keeps, and what it is read back from."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_noop

from incidents.lib.splice import Splice, apply, revert, splice
from incidents.models import Editable, User

LONG_TEXT = 200
"""Characters from which an edited text is kept as a splice rather than whole, twice."""

EMPTY: tuple[Any, ...] = (None, "", [])
"""What a field holds that holds nothing; history does not keep it when a row is made."""


class LostText(str):
    """Says to people, in its own place, that history cannot tell how a text read."""

    __slots__ = ()


# In the site's own words: it is translated where it is shown.
LOST = LostText(
    gettext_noop(
        "(Not known: this text was changed past this site, and the edits that are kept "
        "do not fit it.)"
    )
)

PLAIN = (str, int, float, bool, list, dict)
Plain = str | int | float | bool | list[Any] | dict[str, Any] | None


def plain_value(row: Model, field: str) -> Plain:
    """One field as JSON can hold it: keys for relations (sorted for several), ISO for times."""
    kind = row._meta.get_field(field)
    if kind.many_to_many:
        return sorted(getattr(row, field).values_list("pk", flat=True))
    return to_plain(getattr(row, kind.attname))  # type: ignore[union-attr]  # a column, so it has one


def to_plain(value: object) -> Plain:
    """Raises `TypeError` for what history cannot keep."""
    if value is None or isinstance(value, PLAIN):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"History cannot keep a {type(value).__name__}.")


def filled_values(row: Editable | User) -> dict[str, Plain]:
    """The tracked fields that are not empty."""
    values = {name: plain_value(row, name) for name in row.TRACKED}
    return {name: value for name, value in values.items() if value not in EMPTY}


def difference(old: Plain, new: Plain) -> Plain:
    """How one field changed: `[old, new]`, or a splice where a long text was edited in place."""
    if isinstance(old, str) and isinstance(new, str) and min(len(old), len(new)) > LONG_TEXT:
        edit: Splice = splice(old, new)
        return {"at": edit.at, "removed": edit.removed, "added": edit.added}
    return [old, new]


def redo(value: Plain, change: Plain) -> Plain:
    """The value after a change; raises `incidents.lib.splice.SpliceDoesNotFit`."""
    if isinstance(change, dict):
        return apply(str(value), Splice(**change))
    return change[1]  # type: ignore[index]  # [old, new]


def undo(value: Plain, change: Plain) -> Plain:
    """The value before a change; raises `incidents.lib.splice.SpliceDoesNotFit`."""
    if isinstance(change, dict):
        return revert(str(value), Splice(**change))
    return change[0]  # type: ignore[index]  # [old, new]
