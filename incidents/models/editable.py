"""What every row that people edit has in common."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import ApproximateTime
from incidents.lib.approximate_time import Precision as TimePrecision

LONG = 200
"""Characters in a name, a title of a part, a place."""


class Precision(models.TextChoices):
    MINUTE = "minute", gettext_lazy("to the minute")
    HOUR = "hour", gettext_lazy("to the hour")
    DAY = "day", gettext_lazy("to the day")
    MONTH = "month", gettext_lazy("to the month")
    YEAR = "year", gettext_lazy("to the year")
    UNKNOWN = "unknown", gettext_lazy("unknown")


class Editable(models.Model):
    """A row with a version number: a change names the version that it was made from."""

    TRACKED: ClassVar[tuple[str, ...]] = ()
    """The fields that history keeps, in the order in which people read them."""
    PROSE: ClassVar[tuple[str, ...]] = ()
    """The Markdown fields; each `x` has its rendered `x_html`."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


def approximate_time(row: models.Model, name: str) -> ApproximateTime:
    """The pair of fields `<name>_at`, `<name>_precision` of a row as one value."""
    return ApproximateTime(
        at=getattr(row, f"{name}_at"), precision=TimePrecision(getattr(row, f"{name}_precision"))
    )


def time_constraints(name: str) -> list[models.CheckConstraint]:
    """A time is unknown exactly when there is none; and it lies between 1970 and 2199."""
    at, precision = f"{name}_at", f"{name}_precision"
    return [
        models.CheckConstraint(
            name=f"%(app_label)s_%(class)s_{name}_known_or_not",
            condition=Q(**{f"{at}__isnull": True, precision: Precision.UNKNOWN})
            | (Q(**{f"{at}__isnull": False}) & ~Q(**{precision: Precision.UNKNOWN})),
            violation_error_message=gettext_lazy(
                "A time is either known with a precision, or unknown."
            ),
        ),
        models.CheckConstraint(
            name=f"%(app_label)s_%(class)s_{name}_in_range",
            # A day of grace at each end: the limits are local, the column is UTC.
            condition=Q(**{f"{at}__isnull": True})
            | Q(**{f"{at}__gte": "1969-12-31T00:00Z", f"{at}__lt": "2200-01-02T00:00Z"}),
            violation_error_message=gettext_lazy("A time lies between 1970 and 2199."),
        ),
    ]


NOT_BEFORE = {
    ("began", "detected"): gettext_lazy("It cannot have been detected before it began."),
    ("began", "mitigated"): gettext_lazy("It cannot have been mitigated before it began."),
    ("began", "resolved"): gettext_lazy("It cannot have been resolved before it began."),
}


def not_before(first: str, then: str) -> models.CheckConstraint:
    """`then` is not before `first`, as far as their precisions can tell.

    Both columns hold the start of their period. Where `then` is exact, or both are equally coarse,
    the starts compare; a coarse `then` may well start before an exact `first` inside it, and is
    left to the operations, which compare whole periods.
    """
    first_at, then_at = f"{first}_at", f"{then}_at"
    exact = Q(**{f"{then}_precision": Precision.MINUTE})
    alike = Q(**{f"{then}_precision": models.F(f"{first}_precision")})
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{then}_not_before_{first}",
        condition=Q(**{f"{first_at}__isnull": True})
        | Q(**{f"{then_at}__isnull": True})
        | Q(**{f"{then_at}__gte": models.F(first_at)})
        | ~(exact | alike),
        violation_error_message=NOT_BEFORE[first, then],
    )


def filled(field: str, *, name: str | None = None) -> models.CheckConstraint:
    """The text is not empty."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{name or field}_filled", condition=~Q(**{field: ""})
    )


def one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """The value is one of its choices, also for who writes past the forms."""
    return models.CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_is_a_choice",
        condition=Q(**{f"{field}__in": choices.values}),
        violation_error_message=format_lazy(
            gettext_lazy("Not one of: {choices}."), choices=", ".join(choices.values)
        ),
    )
