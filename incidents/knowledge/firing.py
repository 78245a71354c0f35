"""Which lessons still fire: how the guards of lessons fared in the checks that are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import (
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from incidents.models import CheckFinding, CheckRun, FoundByCheck, Lesson, User

LATELY = timedelta(days=90)
LAST_RUNS = 20
MOST_NAMES = 5


def with_firing(lessons: QuerySet[Lesson], user: User, *, at: datetime) -> QuerySet[Lesson]:
    """Each with in how many runs of the last 90 days its guard was violated, and when last."""
    fired = violations(user, at=at).filter(lesson=OuterRef("pk"))
    lately = fired.filter(run__checked_at__gte=at - LATELY).order_by().values("lesson")
    counted = lately.annotate(count=Count("pk")).values("count")
    latest = fired.order_by("-run_id").values("run__checked_at")
    return lessons.annotate(
        fired_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        last_fired_at=Subquery(latest[:1]),
    )


def violations(user: User, *, at: datetime) -> QuerySet[CheckFinding]:
    """In the runs that are kept, of which this person may know."""
    since = at - timedelta(days=settings.GUARD_RUN_DAYS)
    rows = CheckFinding.objects.visible_to(user)
    return rows.filter(kind=FoundByCheck.VIOLATED, run__checked_at__gte=since)


class OfName(NamedTuple):
    """In how many of the last runs of one name the guard was violated."""

    name: str
    fired: int
    runs: int


@dataclass(frozen=True)
class Firing:
    """`last` is the run in which it was violated last."""

    last: CheckRun
    names: list[OfName]


def firing_of(lesson: Lesson, user: User, *, at: datetime) -> Firing | None:
    """None where no run that is kept found it violated."""
    fired = violations(user, at=at).filter(lesson=lesson)
    latest = fired.select_related("run").order_by("-run_id").first()
    if latest is None:
        return None
    by_name = fired.order_by().values("run__name").annotate(last=Max("run_id")).order_by("-last")
    names = [row["run__name"] for row in by_name[:MOST_NAMES]]
    return Firing(latest.run, shares(names, fired))


def shares(names: list[str], fired: QuerySet[CheckFinding]) -> list[OfName]:
    place = Window(RowNumber(), partition_by=F("name"), order_by=F("id").desc())
    runs = CheckRun.objects.filter(name__in=names).annotate(place=place)
    last = list(runs.filter(place__lte=LAST_RUNS).order_by().values_list("pk", "name"))
    in_these = set(fired.filter(run__in=[key for key, _ in last]).values_list("run_id", flat=True))
    return [
        OfName(
            name,
            fired=sum(key in in_these for key, of in last if of == name),
            runs=sum(of == name for _, of in last),
        )
        for name in names
    ]
