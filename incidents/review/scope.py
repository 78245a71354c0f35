"""What a review is about: which period, for whom, and of which team or service."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from incidents.lib.periods import Period
from incidents.lib.zones import zone_named
from incidents.models import (
    ActionItem,
    Incident,
    Lesson,
    LessonLink,
    Part,
    Service,
    State,
    Team,
    User,
)

Guarded = type[Incident] | type[Lesson] | type[ActionItem] | type[Part] | type[LessonLink]


class OneOrTheOther(ValueError):
    """A review is of a team or of a service, or of all."""

    def __init__(self) -> None:
        super().__init__("Choose a team or a service, not both.")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """`user` is whose sight counts; None for every record, restricted or not: figures of those are
    for nobody who may not see each of them.

    Raises `OneOrTheOther`.
    """

    period: Period
    user: User | None
    team: Team | None = None
    service: Service | None = None

    def __post_init__(self) -> None:
        if self.team is not None and self.service is not None:
            raise OneOrTheOther

    @property
    def zone(self) -> ZoneInfo:
        """By whose clocks the period begins and ends."""
        return zone_named(settings.TIME_ZONE)

    @property
    def label(self) -> str:
        of = self.team or self.service
        return f"{self.period.label}, {of.name}" if of else self.period.label

    def records(self, table: Guarded) -> QuerySet[Any]:
        """Those of a table that count, of any time."""
        if self.user is None:
            return table.objects.all()
        return table.objects.visible_to(self.user)

    def all_incidents(self) -> QuerySet[Incident]:
        """Those of the team or service at any time, but for the withdrawn."""
        return self.of_team_or_service().exclude(state=State.WITHDRAWN)

    def of_team_or_service(self) -> QuerySet[Incident]:
        rows: QuerySet[Incident] = self.records(Incident)
        if self.team is not None:
            of_team = Incident.teams.through.objects.filter(team=self.team)
            rows = rows.filter(pk__in=of_team.values("incident_id"))
        if self.service is not None:
            of_service = Incident.services.through.objects.filter(service=self.service)
            rows = rows.filter(pk__in=of_service.values("incident_id"))
        return rows
