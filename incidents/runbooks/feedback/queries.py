"""What people said of a runbook, for those who put it right."""

from typing import NamedTuple

from django.db.models import Q, QuerySet

from incidents.models import FAULTS, Runbook, User, Verdict

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


def own_verdicts(user: User) -> QuerySet[Verdict]:
    return Verdict.objects.filter(said_by=user)
