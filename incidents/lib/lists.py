"""Long lists: sorted by what somebody chose, one page at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet

PER_PAGE = 50

Row = TypeVar("Row", bound=Model)


def in_order(
    rows: QuerySet[Row], wanted: str, *, columns: Mapping[str, str], otherwise: str
) -> QuerySet[Row]:
    """The rows sorted by `?sort=`: a name among `columns`, with "-" before it for downwards.

    `columns` maps what stands in the address to the field. A wish that it does not know is as good
    as none: `otherwise`. What has no value comes last either way; the key settles what is equal.
    """
    chosen = wanted if wanted.removeprefix("-") in columns else otherwise
    field = F(columns[chosen.removeprefix("-")])
    if chosen.startswith("-"):
        return rows.order_by(field.desc(nulls_last=True), "-pk")
    return rows.order_by(field.asc(nulls_last=True), "pk")


def page_of(rows: QuerySet[Row] | Sequence[Any], wanted: str | None) -> Page[Any]:
    """The page of that number: the first where it is no number, the last where it is too high."""
    return Paginator(rows, PER_PAGE).get_page(wanted)
