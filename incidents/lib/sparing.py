"""Writing only now and then what would otherwise be written with every request."""

from datetime import datetime, timedelta

from django.db.models import Model, Q

NOTED_EVERY = timedelta(minutes=1)
"""A moment that is known to the minute is known well enough."""


def note_moment(row: Model, column: str, *, at: datetime) -> None:
    """The column of this row says when it was last so, and is at most a minute behind.

    Of many that note it at once, one writes.
    """
    long_ago = at - NOTED_EVERY
    noted: datetime | None = getattr(row, column)
    if noted is None or noted <= long_ago:
        earlier = Q(**{column: None}) | Q(**{f"{column}__lte": long_ago})
        type(row)._default_manager.filter(earlier, pk=row.pk).update(**{column: at})
