"""Many rows of one table into the database, as plain values and without models between."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Field, Model

Values = Mapping[str, Any]
Column: TypeAlias = "Field[Any, Any]"
Prepare: TypeAlias = Callable[[Any], Any]


def write_values(table: type[Model], rows: Sequence[Values]) -> None:
    """Values are by the names of columns; one that a row does not name has its default.

    Raises what the database says, as `django.db.DatabaseError`.
    """
    if not rows:
        return
    # A key that the database gives is in no row.
    columns = [
        each for each in columns_of(table) if not each.primary_key or each.attname in rows[0]
    ]
    name = quoted(table._meta.db_table)
    names = ", ".join(quoted(str(each.column)) for each in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy(cursor, f"COPY {name} ({names}) FROM STDIN", prepared(columns, rows))
            return
        places = ", ".join(["%s"] * len(columns))
        insert = f"INSERT INTO {name} ({names}) VALUES ({places})"  # noqa: S608 (our tables)
        cursor.executemany(insert, list(prepared(columns, rows)))


def copy(cursor: Any, statement: str, rows: Iterable[list[Any]]) -> None:
    with connection.wrap_database_errors, cursor.copy(statement) as into:
        for row in rows:
            into.write_row(row)


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


@cache
def columns_of(table: type[Model]) -> list[Column]:
    return list(table._meta.local_concrete_fields)


def prepared(columns: Sequence[Column], rows: Iterable[Values]) -> Iterator[list[Any]]:
    """The rows as the database takes them."""
    steps = [(each.attname, each.get_default, preparing(each)) for each in columns]
    for row in rows:
        values = []
        for name, default, prepare in steps:
            value = row[name] if name in row else default()
            values.append(value if value is None or prepare is None else prepare(value))
        yield values


AS_THEY_ARE = {"CharField", "TextField", "BooleanField", "ForeignKey", "OneToOneField"}


def preparing(column: Column) -> Prepare | None:
    """What a value that was read goes through; nothing where it is what the database takes."""
    kind, operations = column.get_internal_type(), connection.ops
    if kind == "DateTimeField":
        return operations.adapt_datetimefield_value
    if kind in AS_THEY_ARE or kind.endswith(("IntegerField", "AutoField")):
        return None
    return lambda value: column.get_db_prep_save(value, connection)
