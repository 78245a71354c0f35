"""Rows into tables, thousands at a time: for rows that nobody else can know of yet.

`bulk_create` asks each field of each row four times how it is to be written. Here it is asked once
for the column, and the database gets all rows of a table in one statement.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)
from django.db.models.base import ModelState

AS_IT_IS = (BooleanField, CharField, ForeignKey, IntegerField, TextField)
"""Columns whose values need no preparation for either database."""


Row_co = TypeVar("Row_co", bound=Model, covariant=True)


def new_row(table: type[Row_co], **values: Any) -> Row_co:
    """What `table(**values)` gives, but the table is asked only once what its rows begin with.

    So a time that is not among `values` is that of the first row, and a list or dictionary would be
    the same one for all rows.
    """
    row = table.__new__(table)
    vars(row).update(beginning_of(table), _state=ModelState())
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def beginning_of(table: type[Model]) -> dict[str, Any]:
    return {name: value for name, value in vars(table()).items() if name != "_state"}


def insert_rows(rows: Sequence[Model]) -> None:
    """Write new rows of one table, and give them their keys.

    Call it in a transaction. What the rows are linked with must have been written before.
    """
    if not rows:
        return
    table = type(rows[0])
    for row, key in zip(rows, new_keys(table, len(rows)), strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 (as bulk_create does)
    link(rows)
    write(table, rows)


def link(rows: Sequence[Model]) -> None:
    """Note the keys of what was linked with before it had one."""
    for field in rows[0]._meta.concrete_fields:
        if not isinstance(field, ForeignKey):
            continue
        for row in rows:
            if vars(row)[field.attname] is None:
                other = field.get_cached_value(row, default=None)
                vars(row)[field.attname] = other and other.pk


def new_keys(table: type[Model], count: int) -> Sequence[int]:
    """Keys that no other row has or will have, in order."""
    name, key = table._meta.db_table, table._meta.pk
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Nobody else writes until this transaction ends, and then SQLite counts from the
            # greatest key that it has seen.
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [name])
            first = (cursor.fetchone()[0] or 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [name, key.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def write(table: type[Model], rows: Iterable[Model]) -> None:
    columns = table._meta.concrete_fields
    quoted = connection.ops.quote_name
    where = f"{quoted(table._meta.db_table)} ({', '.join(quoted(each.column) for each in columns)})"
    values: Any = values_of(columns, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {where} VALUES ({marks})", values)  # noqa: S608 (ours)
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {where} FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)


def values_of(columns: Sequence[Any], rows: Iterable[Model]) -> Iterator[list[Any]]:
    """The values of each row as they are handed to the database."""
    read = itemgetter(*(column.attname for column in columns))
    prepared = [
        (place, preparation(column))
        for place, column in enumerate(columns)
        if not isinstance(column, AS_IT_IS)
    ]
    for row in rows:
        values = list(read(vars(row)))
        for place, prepare in prepared:
            values[place] = prepare(values[place])
        yield values


def preparation(column: Any) -> Callable[[Any], Any]:
    def prepare(value: Any) -> Any:
        return column.get_db_prep_save(value, connection)

    # Times repeat themselves: all rows of a record are written at the same.
    return lru_cache(maxsize=1000)(prepare) if isinstance(column, DateTimeField) else prepare
