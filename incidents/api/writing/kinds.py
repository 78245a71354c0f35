"""What stands in JSON for each kind of form field: a schema, and what a browser would send."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple

from django import forms
from django.db.models import Model

from incidents.access.references import ReferenceField
from incidents.guard.examples import written_example
from incidents.models import Factor, Runbook, Service, Team, User

NAMED_BY: dict[type[Model], str] = {
    Factor: "slug",
    Runbook: "slug",
    Service: "slug",
    Team: "slug",
    User: "username",
}
"""How JSON names a row that a form offers to choose from."""
LONGEST_LIST = 500
TEXT: dict[str, Any] = {"type": "string"}
TIME = (
    "As precisely as it is known: `2019`, `2019-12`, `2019-12-24`, `2019-12-24 22h`,"
    " `2019-12-24T22:30`; in the zone of the record, or with an offset. Null where it is unknown."
)


class NotThat(Exception):
    """The value is of another kind; the message says of which it should be."""


class Kind(NamedTuple):
    schema: dict[str, Any]
    sent: Callable[[Any, forms.Field], list[str]]
    """The value as a browser sends it. Raises `NotThat`. Null does not come here."""


def text(value: Any, field: forms.Field) -> list[str]:  # noqa: ARG001 (as all of them)
    if not isinstance(value, str):
        raise NotThat("A text.")
    return [value]


def truth(value: Any, field: forms.Field) -> list[str]:  # noqa: ARG001 (as all of them)
    if not isinstance(value, bool):
        raise NotThat("true or false.")
    return [str(value)]


def number(value: Any, field: forms.Field) -> list[str]:  # noqa: ARG001 (as all of them)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotThat("A number.")
    return [str(value)]


def whole_number(value: Any, field: forms.Field) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotThat("A whole number.")
    return number(value, field)


def day(value: Any, field: forms.Field) -> list[str]:  # noqa: ARG001 (as all of them)
    try:
        return [date.fromisoformat(value).isoformat()]
    except (TypeError, ValueError) as error:
        raise NotThat("A day, such as 2026-03-14.") from error


def one_row(value: Any, field: forms.Field) -> list[str]:
    return keys_of([value], field)


def rows(value: Any, field: forms.Field) -> list[str]:
    return keys_of(listed(value), field)


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise NotThat("A list.")
    if len(value) > LONGEST_LIST:
        raise NotThat(f"At most {LONGEST_LIST} at once.")
    return value


def keys_of(names: list[Any], field: forms.Field) -> list[str]:
    """The keys of the rows that are called so, of those that the form offers."""
    offered = field.queryset  # type: ignore[attr-defined]  # a field that offers rows
    column = NAMED_BY[offered.model]
    if not all(isinstance(name, str) for name in names):
        raise NotThat(f"The {column} of one.")
    key = field.to_field_name or "pk"  # type: ignore[attr-defined]  # as above
    found = dict(offered.filter(**{f"{column}__in": names}).values_list(column, key))
    missing = ", ".join(f"“{name[:80]}”" for name in names if name not in found)
    if missing:
        what = offered.model._meta.verbose_name
        raise NotThat(f"There is no {what} {missing} to choose, or it is not open to you.")
    return [str(found[name]) for name in names]


def lines(value: Any, field: forms.Field) -> list[str]:  # noqa: ARG001 (as all of them)
    """One on a line."""
    for one in listed(value):
        if not isinstance(one, str) or len(one.splitlines()) > 1:
            raise NotThat("A list of texts, each of one line.")
    return ["\n".join(value)]


def words(value: Any, field: forms.Field) -> list[str]:  # noqa: ARG001 (as all of them)
    """Separated by commas."""
    for one in listed(value):
        if not isinstance(one, str) or "," in one:
            raise NotThat("A list of words, without commas in them.")
    return [",".join(value)]


def links(value: Any, field: forms.Field) -> list[str]:
    """What each is and its address, on one line."""
    told = []
    for one in listed(value):
        if not isinstance(one, dict) or not {"address"} <= one.keys() <= {"label", "address"}:
            raise NotThat("A list of {label, address}.")
        label, address = one.get("label") or "", one["address"]
        if not isinstance(label, str) or not isinstance(address, str):
            raise NotThat("A list of {label, address}.")
        if not address.strip() or len(address.split()) > 1:
            raise NotThat("An address has no spaces.")
        told.append(f"{' '.join(label.split())} {address}")
    return lines(told, field)


def knobs(value: Any, field: forms.Field) -> list[str]:
    """Right: `nginx/keepalive`, `kubernetes/spec/replicas`: a component has no slash."""
    offered = field.queryset  # type: ignore[attr-defined]  # a field that offers rows
    (told,) = lines(value, field)
    parted = [name.partition("/") for name in told.splitlines()]
    pairs = [(component, key) for component, _, key in parted]
    rows = offered.filter(
        component__in=[component for component, _ in pairs], key__in=[key for _, key in pairs]
    )
    found = {(knob.component, knob.key): str(knob.pk) for knob in rows}
    missing = ", ".join(f"“{'/'.join(pair)[:80]}”" for pair in pairs if pair not in found)
    if missing:
        raise NotThat(f"There is no knob {missing}, or it is not open to you.")
    return [found[pair] for pair in pairs]


def example(value: Any, field: forms.Field) -> list[str]:
    """The configuration of a guard's example, as TOML."""
    if not isinstance(value, dict):
        raise NotThat("An object: {component: {setting: value}}.")
    return text(written_example(plain_numbers(value)), field)


def plain_numbers(value: Any) -> Any:
    """What TOML can say: no null, and fractions as floats."""
    if value is None:
        raise NotThat("null is no value of a setting: leave the setting out.")
    if isinstance(value, dict):
        return {name: plain_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain_numbers(one) for one in value]
    if isinstance(value, Decimal):
        if not isfinite(float(value)):
            raise NotThat("A number in it is too large.")
        return float(value)
    return value


LINKS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"label": TEXT, "address": TEXT},
        "required": ["address"],
        "additionalProperties": False,
    },
}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
NAMES_OF_KNOBS: dict[str, Any] = {**TEXTS, "description": "`component/key` of each, all of them."}

AS_TIME = Kind({**TEXT, "description": TIME}, text)
AS_LINES = Kind(TEXTS, lines)
AS_WORDS = Kind(TEXTS, words)
AS_LINKS = Kind(LINKS, links)
AS_KNOBS = Kind(NAMES_OF_KNOBS, knobs)
AS_EXAMPLE = Kind({"type": "object", "additionalProperties": {"type": "object"}}, example)
AS_LINES_OF_KNOBS = Kind(NAMES_OF_KNOBS, lines)


def kind_of(field: forms.Field) -> Kind:
    """The first that fits: a field is of the class of those that it is made from, too."""
    if isinstance(field, forms.ModelChoiceField):
        return kind_of_rows(field)
    if isinstance(field, forms.ChoiceField):
        return kind_of_choices(field)
    if isinstance(field, ReferenceField):
        shape = {**TEXT, "description": f"Its reference: `{field.prefix}-42`."}
        return Kind(shape, text)
    return next(kind for table, kind in PLAIN if isinstance(field, table))


def kind_of_rows(field: Any) -> Kind:
    column = NAMED_BY[field.queryset.model]
    what = field.queryset.model._meta.verbose_name
    if isinstance(field, forms.ModelMultipleChoiceField):
        told = f"The `{column}` of each {what}: all that there are to be."
        return Kind({**TEXTS, "description": told}, rows)
    return Kind({**TEXT, "description": f"The `{column}` of a {what}."}, one_row)


def kind_of_choices(field: Any) -> Kind:
    keys = [key for key, _ in field.choices if key not in {"", None}]
    if keys and all(isinstance(key, int) for key in keys):
        return Kind({"type": "integer", "enum": [int(key) for key in keys]}, whole_number)
    return Kind({**TEXT, "enum": [str(key) for key in keys]}, text)


PLAIN: tuple[tuple[type[forms.Field], Kind], ...] = (
    (forms.BooleanField, Kind({"type": "boolean"}, truth)),
    (forms.DateField, Kind({**TEXT, "format": "date"}, day)),
    (forms.DecimalField, Kind({"type": "number"}, number)),
    (forms.IntegerField, Kind({"type": "integer"}, whole_number)),
    (forms.CharField, Kind(TEXT, text)),
)
