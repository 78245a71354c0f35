"""Asking about thousands of rows by their keys, in one query and as one parameter."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Func, Value


class Keys(Func):
    """`filter(incident__in=Keys(ids))`. A list of parameters would meet SQLite's limit of them."""

    output_field = BigIntegerField()

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__(Value(",".join(map(str, keys))))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT value FROM json_each('[' || %(expressions)s || ']'))"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT unnest(('{' || %(expressions)s || '}')::bigint[]))"
        return self.as_sql(compiler, connection, template=template, **more)


class MinuteOf(Func):
    """A moment as whole minutes since 1970. Whole numbers are read far faster than times."""

    output_field = BigIntegerField()

    def get_db_converters(self, _: Any) -> list[Any]:
        """None: it is read as a whole number, and a call for each of thousands would be felt."""
        return []

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # Days since noon of 4714 BC: to be had in a third of the time of seconds by strftime.
        days = "(julianday(%(expressions)s) - 2440587.5)"
        template = f"(CAST(ROUND({days} * 86400) AS INTEGER) / 60)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint)"
        return self.as_sql(compiler, connection, template=template, **more)
