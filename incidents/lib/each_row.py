"""Asking of each row by itself."""

from django.db.models import Exists


class ExistsForEach(Exists):
    """`Exists` for few rows that are asked in a table of many.

    Beside another condition PostgreSQL would rather read all of that table once, and look each row
    up in what it remembers. With an OFFSET it cannot, even of none.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"
