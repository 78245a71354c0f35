"""What a review is about: which period, for whom, and of which team or service."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from incidents.lib.periods import Period
from incidents.lib.zones import zone_named
from incidents.models import (
    ActionItem,
    Incident,
    Lesson,
    LessonLink,
    Service,
    State,
    Team,
    User,
    Visibility,
)
from incidents.models.incidents import IncidentQuerySet
from incidents.review.keys import Keys


class OneOrTheOther(ValueError):
    """A review is of a team or of a service, or of all."""

    def __init__(self) -> None:
        super().__init__(gettext("Choose a team or a service, not both."))


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

    @property
    def address(self) -> str:
        """What narrows the list of incidents down to those that happened in it."""
        of = {"team": self.team, "service": self.service}
        named = {name: row.slug for name, row in of.items() if row is not None}
        return urlencode({"period": self.period.key, **named})

    def visible_incidents(self) -> IncidentQuerySet:
        """Of any team, service and time."""
        if self.user is None:
            return Incident.objects.all()
        return Incident.objects.visible_to(self.user)

    def of_team_or_service(self) -> IncidentQuerySet:
        rows = Incident.objects.exclude(pk__in=self.hidden)
        if self.team is not None:
            of_team = Incident.teams.through.objects.filter(team=self.team)
            rows = rows.filter(pk__in=of_team.values("incident_id"))
        if self.service is not None:
            of_service = Incident.services.through.objects.filter(service=self.service)
            rows = rows.filter(pk__in=of_service.values("incident_id"))
        return rows

    def all_incidents(self) -> IncidentQuerySet:
        """Those that count, of any time: all but the withdrawn."""
        return self.of_team_or_service().exclude(state=State.WITHDRAWN)

    @cached_property
    def hidden(self) -> Keys:
        """The restricted incidents that may not be known of: few, beside all that may.

        So whole tables are asked at a tenth of what their `visible_to` takes, which asks of each
        row. A test holds that both say the same.
        """
        restricted = Incident.objects.filter(visibility=Visibility.RESTRICTED)
        keys = set(restricted.values_list("pk", flat=True))
        return Keys(sorted(keys - self.restricted))

    @cached_property
    def restricted(self) -> set[int]:
        """The keys of the restricted incidents that may be known of."""
        rows = self.visible_incidents().filter(visibility=Visibility.RESTRICTED)
        return set(rows.values_list("pk", flat=True))

    def lessons(self) -> QuerySet[Lesson]:
        return Lesson.objects.filter(self.open("learned_from"))

    def lesson_links(self) -> QuerySet[LessonLink]:
        return LessonLink.objects.filter(self.open("incident"), self.open("lesson__learned_from"))

    def action_items(self) -> QuerySet[ActionItem]:
        return ActionItem.objects.filter(self.open("incident"), self.open("lesson__learned_from"))

    def open(self, incident: str) -> Q:
        """That there is no such incident, or one that may be known of."""
        return Q(**{f"{incident}__isnull": True}) | ~Q(**{f"{incident}__in": self.hidden})
