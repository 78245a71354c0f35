"""Reading the checks that are kept. A run is everybody's; of what it found one sees one's part."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from incidents.models import (
    CheckFinding,
    CheckRun,
    FoundByCheck,
    GuardSeverity,
    GuardVersion,
    Incident,
    User,
)


def kept_runs(at: datetime) -> QuerySet[CheckRun]:
    """As far back as the settings keep them: what is older may not be deleted yet."""
    return CheckRun.objects.filter(checked_at__gte=at - timedelta(days=settings.GUARD_RUN_DAYS))


def runs_for(user: User, *, at: datetime) -> QuerySet[CheckRun]:
    """The latest first, with how many guards each found violated, and how many changes repeated."""
    return (
        kept_runs(at)
        .select_related("by")
        .annotate(
            violated_count=count_of(FoundByCheck.VIOLATED, user),
            repeated_count=count_of(FoundByCheck.REPEATS, user),
        )
        .order_by("-checked_at", "-id")
    )


def count_of(kind: FoundByCheck, user: User) -> Coalesce:
    found = CheckFinding.objects.visible_to(user).filter(run=OuterRef("pk"), kind=kind)
    counted = found.order_by().values("run").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class Touched(NamedTuple):
    """A knob with a past, and the incidents that turned it."""

    finding: CheckFinding
    incidents: list[Incident]


class NotAsked(NamedTuple):
    version: GuardVersion
    missing: list[str]


@dataclass
class Found:
    """What a run found, as far as somebody may know of it."""

    violated: list[CheckFinding] = field(default_factory=list)
    repeated: list[CheckFinding] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    held: list[GuardVersion] = field(default_factory=list)
    unconcerned: list[GuardVersion] = field(default_factory=list)
    not_checked: list[NotAsked] = field(default_factory=list)

    @property
    def errors(self) -> list[CheckFinding]:
        return [one for one in self.violated if severity_of(one) == GuardSeverity.ERROR]

    @property
    def warnings(self) -> list[CheckFinding]:
        """The guards that only warn, before the changes that are repeated."""
        return [*(one for one in self.violated if one not in self.errors), *self.repeated]

    @property
    def verdicts(self) -> int:
        """How many speak against the configuration."""
        return len(self.violated) + len(self.repeated)

    @property
    def answered(self) -> int:
        return len(self.held) + len(self.violated)


def severity_of(finding: CheckFinding) -> str:
    return finding.guard.severity if finding.guard else ""


def found_by(run: CheckRun, user: User) -> Found:
    found = Found()
    rows = (
        CheckFinding.objects.visible_to(user)
        .filter(run=run)
        .select_related("guard__guard", "lesson", "incident")
        .order_by("position", "id")
    )
    touched: dict[str, Touched] = {}
    for row in rows:
        if row.kind == FoundByCheck.VIOLATED:
            found.violated.append(row)
        elif row.kind == FoundByCheck.REPEATS:
            found.repeated.append(row)
        elif row.incident:
            touched.setdefault(row.name, Touched(row, [])).incidents.append(row.incident)
    found.touched = list(touched.values())
    versions = versions_in(run, user)
    found.held = [versions[key] for key in run.held if key in versions]
    found.unconcerned = [versions[key] for key in run.unconcerned if key in versions]
    found.not_checked = [
        NotAsked(versions[int(key)], missing)
        for key, missing in run.not_checked.items()
        if int(key) in versions
    ]
    return found


def versions_in(run: CheckRun, user: User) -> dict[int, GuardVersion]:
    """The guards that were asked and are not violated, as they were."""
    keys = {*run.held, *run.unconcerned, *map(int, run.not_checked)}
    rows = GuardVersion.objects.visible_to(user).filter(pk__in=keys)
    return {row.pk: row for row in rows.select_related("guard__lesson").order_by("guard__lesson")}
