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
    name = columns[chosen.removeprefix("-")]
    # Said only where there may be none: PostgreSQL's indices of the others have no such order.
    last = {"nulls_last": True} if may_be_null(rows.model, name) else {}
    if chosen.startswith("-"):
        return rows.order_by(F(name).desc(**last), "-pk")
    return rows.order_by(F(name).asc(**last), "pk")


def may_be_null(model: type[Model], name: str) -> bool:
    """Whether a field may be empty; what is computed, or another row's, may be."""
    fields = {field.name: field.null for field in model._meta.fields}
    return name != "pk" and fields.get(name, True)


def page_of(rows: QuerySet[Row] | Sequence[Any], wanted: str | None) -> Page[Any]:
    """The page of that number: the first where it is no number, the last where it is too high."""
    return Paginator(rows, PER_PAGE).get_page(wanted)
