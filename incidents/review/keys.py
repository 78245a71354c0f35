"""Asking about thousands of rows by their keys, in one query and as one parameter."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, Func, Value


class Keys(Func):
    """`filter(incident__in=Keys(ids))`. A list of parameters would meet SQLite's limit of them."""

    output_field = BigIntegerField()

    def __init__(self, keys: Iterable[int]) -> None:
        super().__init__(Value(json.dumps(list(keys))))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT value FROM json_each(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT jsonb_array_elements_text(%(expressions)s::jsonb)::bigint)"
        return self.as_sql(compiler, connection, template=template, **more)


class MinuteOf(Func):
    """A moment as whole minutes since 1970. Whole numbers are read far faster than times."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # Doubled once for Django's template, and once for the parameters.
        template = "(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / 60)"
        return self.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint)"
        return self.as_sql(compiler, connection, template=template, **more)
