"""Removing many rows without holding up whoever writes meanwhile."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet


def remove_in_steps(rows: QuerySet[Any], *, at_a_time: int) -> Iterator[int]:
    """Delete the rows, so many in one transaction, in their order; each time how many those were.

    Nothing is deleted until it is gone through.
    """
    while keys := list(rows.values_list("pk", flat=True)[:at_a_time]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        yield len(keys)
