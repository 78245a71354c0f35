"""The runbooks that a device or a file may have: what everybody who signs in may read."""

from collections.abc import Collection, Sequence

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Length

from incidents.models import Runbook, RunbookState, Service


def runbooks_to_copy(services: Collection[str] = ()) -> Sequence[Runbook]:
    """The active runbooks by age: all, or those of the services with these short names.

    What names no service holds for each of them, and is always among them.
    """
    found = Runbook.objects.active()
    if services:
        found = found.filter(Q(services__slug__in=services) | Q(services__isnull=True)).distinct()
    return list(
        found.select_related("owner", "team").prefetch_related("services", "knobs").order_by("pk")
    )


def services_with_runbooks() -> QuerySet[Service]:
    """Each with `active_count`."""
    active = Count("runbooks", filter=Q(runbooks__state=RunbookState.ACTIVE))
    return Service.objects.annotate(active_count=active).filter(active_count__gt=0)


def length_of_texts() -> int:
    """Characters of all that would be copied, as HTML."""
    found = Runbook.objects.active().aggregate(length=Sum(Length("body_html")))["length"]
    return int(found or 0)
