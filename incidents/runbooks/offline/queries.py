"""What a device or a file may have: what everybody who signs in may read."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum, Window
from django.db.models.functions import Length, RowNumber

from incidents.lookup.copied_words import copied_words
from incidents.models import (
    ConfigDelta,
    DeltaPart,
    Runbook,
    RunbookState,
    RunbookWords,
    Service,
    State,
    Team,
    User,
)
from incidents.models.happened import PHASES, happened_at

HELPED_THEN = (DeltaPart.MITIGATED, DeltaPart.FIXED)
"""The parts of the turns that are told: what the lookup tells, too."""
MOST_TURNS = 5
"""Of one runbook."""
TURN = (
    "before", "before_known", "after", "after_known", "part", "place", "turned_at",
    "turned_precision", "knob__component", "knob__key", "knob__unit", "incident__title",
    "incident__time_zone",
)  # fmt: skip


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


def turns() -> QuerySet[ConfigDelta]:
    """What mitigated or fixed an incident that names an active runbook, once for each of these:
    its key is `runbook_id`, and `served` how it served. Of published incidents, none of them
    restricted.
    """
    turns = ConfigDelta.objects.of_everybodys_incidents().filter(
        part__in=HELPED_THEN,
        incident__state=State.PUBLISHED,
        incident__runbookuses__runbook__state=RunbookState.ACTIVE,
    )
    use = "incident__runbookuses"
    return turns.annotate(runbook_id=F(f"{use}__runbook_id"), served=F(f"{use}__served"))


def last_turns() -> QuerySet[ConfigDelta]:
    """Of each runbook the `turns` of the latest incidents, MOST_TURNS of them, the latest incident
    first; within one as its record has them."""
    happened = happened_at(of="incident__").desc(nulls_last=True)
    order = [happened, F("incident_id").desc(), F("position").asc(), F("id").asc()]
    place = Window(RowNumber(), partition_by=F("runbook_id"), order_by=order)
    times = [f"incident__{phase}_{half}" for phase in PHASES for half in ("at", "precision")]
    return (
        turns()
        .annotate(place_in_copy=place)
        .filter(place_in_copy__lte=MOST_TURNS)
        .select_related("knob", "incident")
        .only(*TURN, *times)
        .order_by("runbook_id", "place_in_copy")
    )


def versions() -> list[dict[str, Any]]:
    """Others after each change of anything that a copy is made of, which is not read for it.

    Whatever is written gets a higher version, and runbooks, services, teams and people are never
    removed: no two states come to the same. But for a database that was brought back, in which
    versions come twice: the times tell those apart. What was turned comes and goes, since parts are
    removed, and incidents withdrawn and restricted: which rows are there, their keys tell.
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
    told += [each.aggregate(Count("pk"), Sum("version")) for each in untimed]
    return [*told, versions_of_turns()]


def versions_of_turns() -> dict[str, Any]:
    incident, use, knob = "incident__", "incident__runbookuses__", "knob__"
    sums = [Sum(f"{of}{name}") for of in ("", incident, use, knob) for name in ("id", "version")]
    latest = [Max(f"{of}changed_at") for of in ("", incident, use, knob)]
    return turns().aggregate(*sums, *latest)


def services_with_runbooks() -> QuerySet[Service]:
    """Each with `active_count`."""
    active = Count("runbooks", filter=Q(runbooks__state=RunbookState.ACTIVE))
    return Service.objects.annotate(active_count=active).filter(active_count__gt=0)


def length_of_texts() -> int:
    """Characters of all that would be copied, as HTML."""
    found = Runbook.objects.active().aggregate(length=Sum(Length("body_html")))["length"]
    return int(found or 0)
