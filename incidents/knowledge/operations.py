"""Writing what is known across incidents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.history.operations import change_record, create_record
from incidents.lookup.operations import keep_findable
from incidents.models import Factor, User


@transaction.atomic
def create_factor(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Factor:
    """Add an entry to the shared vocabulary. Raises `incidents.lib.markdown.TextTooLong`."""
    factor = Factor(**values)
    create_record(factor, by=by, at=at, summary=f"Added the factor “{factor.name}”")
    keep_findable(factor)
    return factor


@transaction.atomic
def change_factor(
    factor: Factor, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Factor:
    """Raises `EditConflict`, `RowGone`, and `incidents.lib.markdown.TextTooLong`."""
    factor = change_record(
        factor, version=version, values=values, by=by, at=at, summary="Changed the factor"
    )
    keep_findable(factor)
    return factor
