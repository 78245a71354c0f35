"""What people said of a runbook, for those who put it right."""

from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from incidents.models import FAULTS, Runbook, Said, User, Verdict

MOST = 20
"""Of those that were dealt with."""


class WhatPeopleSaid(NamedTuple):
    """Faults that nobody has dealt with yet; then the latest of what else is worth reading."""

    open: list[Verdict]
    rest: list[Verdict]


def what_people_said(runbook: Runbook) -> WhatPeopleSaid:
    rows = Verdict.objects.filter(runbook=runbook).select_related("said_by", "dealt_with_by")
    rows = rows.order_by("-said_at", "-id")
    worth_reading = rows.exclude(pk__in=rows.open_faults().values("pk")).filter(
        Q(said__in=FAULTS) | ~Q(note="")
    )
    return WhatPeopleSaid(list(rows.open_faults()), list(worth_reading[:MOST]))


def open_faults(runbook: Runbook) -> list[tuple[Said, int]]:
    """How often each fault was said that nobody has dealt with, which everybody may know."""
    rows = Verdict.objects.open_faults().filter(runbook=runbook).order_by("said")
    counted = dict(rows.values_list("said").annotate(Count("pk")))
    return [(fault, counted[fault.value]) for fault in FAULTS if fault.value in counted]


def own_verdicts(user: User) -> QuerySet[Verdict]:
    return Verdict.objects.filter(said_by=user)
