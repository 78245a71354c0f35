"""The runbooks that a device or a file may have: what everybody who signs in may read."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Length

from incidents.lookup.copied_words import copied_words
from incidents.models import Runbook, RunbookState, RunbookWords, Service, Team, User


def runbooks_to_copy(services: Collection[str] = ()) -> Sequence[Runbook]:
    """The active runbooks by age, each with its `copied_words`: all, or those of the services with
    these short names. Their texts as they are written are not read.

    What names no service holds for each of them, and is always among them.
    """
    found = Runbook.objects.active()
    if services:
        chosen = Q(services__slug__in=services) | Q(services__isnull=True)
        found = found.filter(pk__in=Runbook.objects.filter(chosen).values("pk"))
    told = Service.objects.only("name", "slug", "links")
    rows = found.select_related("copied_words").prefetch_related(
        Prefetch("services", told), "owner", "team"
    )
    runbooks = list(rows.defer("body").order_by("pk"))
    # What an earlier version wrote, until it is read (incidents/lookup/tasks.py).
    unread = {one.pk: one for one in runbooks if not hasattr(one, "copied_words")}
    for words in copied_words(*Runbook.objects.in_bulk(unread).values()):
        unread[words.pk].copied_words = words
    return runbooks


def versions() -> list[dict[str, Any]]:
    """Others after each change of anything that a copy is made of, which is not read for it.

    Whatever is written gets a higher version, and none of these rows is ever removed: no two states
    come to the same. But for a database that was brought back, in which versions come twice: the
    times tell those apart.
    """
    rows: tuple[QuerySet[Any], ...] = (
        Runbook.objects.all(),
        # Of which other services, teams and people there are, the runbooks' versions tell.
        Service.objects.filter(runbooks__isnull=False),
        Team.objects.filter(runbooks__isnull=False),
    )
    told = [each.aggregate(Count("pk"), Sum("version"), Max("changed_at")) for each in rows]
    untimed: tuple[QuerySet[Any], ...] = (
        RunbookWords.objects.all(),
        User.objects.filter(owned_runbooks__isnull=False),
    )
    return told + [each.aggregate(Count("pk"), Sum("version")) for each in untimed]


def services_with_runbooks() -> QuerySet[Service]:
    """Each with `active_count`."""
    active = Count("runbooks", filter=Q(runbooks__state=RunbookState.ACTIVE))
    return Service.objects.annotate(active_count=active).filter(active_count__gt=0)


def length_of_texts() -> int:
    """Characters of all that would be copied, as HTML."""
    found = Runbook.objects.active().aggregate(length=Sum(Length("body_html")))["length"]
    return int(found or 0)
