"""Versions in words: labels rather than columns, names rather than keys, times in their zone."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, Field, ForeignKey, ManyToManyField, Model
from django.utils.text import capfirst
from django.utils.translation import gettext

from incidents.history.documents import TABLES, Document
from incidents.history.values import LostText, Plain
from incidents.history.versions import Fields, Line, State, changes_in, key_of
from incidents.lib.approximate_time import ApproximateTime, Precision, human
from incidents.lib.words.fields import in_a_sentence, shown_name
from incidents.lib.words.own import in_own_words
from incidents.lib.zones import zone_named
from incidents.models import Known, User

UTC_ZONE = ZoneInfo("UTC")
LABELS = {"event": "When", "turned": "When"}
# What a row is called by: the first of these that it has.
TITLES = ("sentence", "title", "text", "factor", "knob", "lesson", "runbook", "other", "person")
LONGEST_TITLE = 80


class Column(NamedTuple):
    """What people know as one field: mostly one column, sometimes a value with what it means."""

    name: str
    label: str
    """In the site's own words, in which it is stored; `shown_as` is what people read."""
    fields: tuple[str, ...]

    @property
    def shown_as(self) -> str:
        return shown_name(self.label)


@cache
def columns_of(record: str) -> tuple[Column, ...]:
    """The tracked fields of a table, a time and its precision being one, a value and its being
    known likewise."""
    table = TABLES[record]
    tracked: tuple[str, ...] = table.TRACKED  # type: ignore[attr-defined]  # editable tables have it
    columns = []
    for name in tracked:
        time = name.removesuffix("_at")
        if f"{time}_precision" in tracked and name.endswith("_at"):
            columns.append(
                Column(time, LABELS.get(time, capfirst(time)), (name, f"{time}_precision"))
            )
        elif f"{name}_known" in tracked:
            columns.append(Column(name, label_of(table, name), (name, f"{name}_known")))
        elif not name.endswith("_precision") and name not in {"before_known", "after_known"}:
            columns.append(Column(name, label_of(table, name), (name,)))
    return tuple(columns)


def label_of(table: type[Model], name: str) -> str:
    with in_own_words():
        return LABELS.get(name) or capfirst(str(field_of(table, name).verbose_name))


def field_of(table: type[Model], name: str) -> "Field[Any, Any]":
    field = table._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no field of {table.__name__}")
    return field


def kind_of(record: str) -> str:
    """A row of this table in the site's own words: “timeline event”."""
    return TABLES[record]._meta.verbose_name_raw


def shown_kind(record: str) -> str:
    """What people call a row of this table."""
    return shown_name(kind_of(record))


class Names:
    """The names of rows that versions speak of: of those that the reader may know of.

    One query for each table that is named, whatever the number of rows.
    """

    def __init__(self, states: Iterable[State], reader: User) -> None:
        wanted: dict[type[Model], set[int]] = {}
        for state in states:
            for (record, _), fields in state.items():
                for table, key in relations_in(record, fields):
                    wanted.setdefault(table, set()).add(key)
        self.names: dict[tuple[type[Model], int], str] = {}
        for table, keys in wanted.items():
            manager: Any = table._default_manager
            seen = manager.visible_to(reader) if is_guarded(table) else manager.all()
            for row in seen.filter(pk__in=keys):
                self.names[table, row.pk] = row.name if isinstance(row, User) else str(row)

    def of(self, table: type[Model], key: int) -> str:
        return self.names.get((table, key)) or gettext("another record")

    def hide(self, record: str, fields: Fields) -> bool:
        """Whether the row speaks of a record that the reader may not know of, or that is gone."""
        return any(
            (table, key) not in self.names
            for table, key in relations_in(record, fields)
            if is_guarded(table)
        )


def is_guarded(table: type[Model]) -> bool:
    return hasattr(table._default_manager, "visible_to")


def relations_in(record: str, fields: Fields) -> list[tuple[type[Model], int]]:
    """Each row that these fields name: its table and key."""
    found: list[tuple[type[Model], int]] = []
    for name, value in fields.items():
        field = field_of(TABLES[record], name)
        if isinstance(field, ForeignKey | ManyToManyField):
            keys = value if isinstance(value, list) else [value]
            table: Any = field.related_model
            found += [(table, int(str(key))) for key in keys]
    return found


def zone_of(state: Mapping[Any, Fields]) -> ZoneInfo:
    """The zone in which the record told its times."""
    for (record, _), fields in state.items():
        if record == "incident" and fields.get("time_zone"):
            return zone_named(str(fields["time_zone"]))
    return UTC_ZONE


def text_of(record: str, column: Column, fields: Fields, names: Names, zone: ZoneInfo) -> str:
    """One field as people read it; empty where it holds nothing."""
    value = fields.get(column.fields[0])
    if isinstance(value, LostText):
        return gettext(value)
    if column.fields[-1].endswith("_precision"):
        return time_text(value, fields.get(column.fields[1]), zone)
    if column.fields[-1].endswith("_known"):
        known = str(fields.get(column.fields[1]) or "")
        return str(value or (Known(known).label if known else ""))
    return value_text(field_of(TABLES[record], column.name), value, names)


def time_text(at: Plain, precision: Plain, zone: ZoneInfo) -> str:
    if not at or not precision:
        return gettext("unknown") if precision else ""
    return human(ApproximateTime(datetime.fromisoformat(str(at)), Precision(str(precision))), zone)


def value_text(field: "Field[Any, Any]", value: Plain, names: Names) -> str:
    if value is None:
        return ""
    if isinstance(field, ForeignKey | ManyToManyField):
        keys = value if isinstance(value, list) else [value]
        table: Any = field.related_model
        return ", ".join(sorted(names.of(table, int(str(key))) for key in keys))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2)
    if isinstance(field, DateTimeField):
        return datetime.fromisoformat(str(value)).strftime("%Y-%m-%d %H:%M UTC")
    return str(dict(field.flatchoices).get(value, value))


def told(document: Document, line: Line) -> list[str]:
    """What an operation did, in words without a name in them: “timeline event: text, who”."""
    words: dict[str, int] = {}
    for part in line:
        if part["did"] == "renumbered":
            continue
        record, pk = key_of(part)
        fields = changes_in(part)
        labels = [
            in_a_sentence(column.shown_as)
            for column in columns_of(record)
            if any(name in fields for name in column.fields)
        ]
        if (record, pk) != document:
            sentence = done_to_part(record, str(part["did"]), labels)
        elif part["did"] == "changed":
            sentence = ", ".join(labels)
        else:
            continue
        words[sentence] = words.get(sentence, 0) + 1
    return [f"{count} × {sentence}" if count > 1 else sentence for sentence, count in words.items()]


def done_to_part(record: str, did: str, labels: list[str]) -> str:
    values = {"kind": shown_kind(record), "fields": ", ".join(labels)}
    if did == "created":
        return gettext("%(kind)s added") % values
    if did == "removed":
        return gettext("%(kind)s removed") % values
    return gettext("%(kind)s changed: %(fields)s") % values


def title_of(record: str, fields: Fields, names: Names) -> str:
    """What the row is called by, cut short."""
    for column in columns_of(record):
        if column.name in (*TITLES, "name", "expression"):
            text = text_of(record, column, fields, names, UTC_ZONE)
            if text:
                return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rstrip() + "…"
    return ""
