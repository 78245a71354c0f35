"""The records that a review is counted from, read once for all its figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import starmap
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext

from incidents.lib.periods import Period
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    Incident,
    Kind,
    Part,
    Service,
    State,
)
from incidents.models.happened import Places, Placing, touches
from incidents.review.figure import LeftOut
from incidents.review.keys import Keys, MinuteOf
from incidents.review.scope import Scope

PREVIOUS = 4
"""With so many periods before it one is compared."""


class Row(NamedTuple):
    """An incident. Its times are minutes, counted from 1970."""

    id: int
    kind: str
    state: str
    severity: str
    detection: str
    time_zone: str
    began: int | None
    detected: int | None
    mitigated: int | None
    resolved: int | None
    began_precision: str
    detected_precision: str
    mitigated_precision: str
    resolved_precision: str

    @property
    def happened(self) -> tuple[int, str]:
        """The minute, and how well it is known. Of rows of which some time is known."""
        if self.began is not None:
            return self.began, self.began_precision
        if self.detected is not None:
            return self.detected, self.detected_precision
        if self.mitigated is not None:
            return self.mitigated, self.mitigated_precision
        return self.resolved or 0, self.resolved_precision


COLUMNS = tuple(Row.__annotations__)


class Before(NamedTuple):
    """An incident of one of the periods before: of which one, and when it happened."""

    id: int
    place: int
    minute: int


@dataclass
class Material:
    """`at` is when the figures are made. In a period that is not over, its end is then."""

    scope: Scope
    at: datetime
    used: dict[str, set[int]] = field(default_factory=dict)
    """The keys of the records that were read, by the type of their document."""

    @cached_property
    def starts(self) -> datetime:
        return self.scope.period.moments(self.scope.zone)[0]

    @cached_property
    def ends(self) -> datetime:
        return min(self.scope.period.moments(self.scope.zone)[1], self.at)

    @property
    def day_after(self) -> date:
        """The day after the last that is over; today, where the period is not."""
        return min(self.scope.period.ends, self.at.astimezone(self.scope.zone).date())

    @cached_property
    def near(self) -> dict[Placing, list[Row]]:
        """What happened in the period, surely or perhaps; the withdrawn, too."""
        period, zone = self.scope.period, self.scope.zone
        found = (
            self.scope.of_team_or_service()
            .with_happened()
            .filter(touches(period, zone))
            .annotate(**{phase: MinuteOf(f"{phase}_at") for phase in Incident.PHASES})
            .order_by()
        )
        near: dict[Placing, list[Row]] = {placing: [] for placing in Placing}
        places = Places(period, zone)
        for row in starmap(Row, found.values_list(*COLUMNS)):
            near[places(*row.happened, row.time_zone)].append(row)
        return near

    @cached_property
    def rows(self) -> list[Row]:
        """The incidents of the period."""
        inside = self.near[Placing.INSIDE]
        rows = [row for row in inside if row.state != State.WITHDRAWN]
        rows.sort(key=attrgetter("id"))
        self.use("incident", (row.id for row in rows))
        return rows

    @property
    def withdrawn(self) -> int:
        return len(self.near[Placing.INSIDE]) - len(self.rows)

    @cached_property
    def keys(self) -> Keys:
        return Keys(row.id for row in self.rows)

    @cached_property
    def ours(self) -> list[Row]:
        """Those that are not other people's stories."""
        return [row for row in self.rows if row.kind != Kind.EXTERNAL]

    @property
    def restricted(self) -> int:
        return sum(row.id in self.scope.restricted for row in self.rows)

    @cached_property
    def periods_before(self) -> list[Period]:
        """The latest first."""
        return self.scope.period.previous(PREVIOUS)

    @cached_property
    def before(self) -> list[Before]:
        """The incidents of those periods."""
        if not self.periods_before:
            return []
        zone = self.scope.zone
        whole = Period("", "", self.periods_before[-1].starts, self.periods_before[0].ends)
        rows = (
            self.scope.all_incidents()
            .with_happened()
            .filter(touches(whole, zone))
            .annotate(minute=MinuteOf("happened_at"))
            .order_by()
            .values_list("pk", "minute", "happened_precision", "time_zone")
        )
        periods = [(place, Places(one, zone)) for place, one in enumerate(self.periods_before)]
        found = [
            Before(key, place, minute)
            for key, minute, precision, time_zone in rows
            for place, places in periods
            if places(minute, precision, time_zone) is Placing.INSIDE
        ]
        self.use("incident", (one.id for one in found))
        return found

    @cached_property
    def factors(self) -> list[tuple[int, int]]:
        """Each incident, of the period or of those before, with each factor that it names."""
        return self.named_in(ContributingFactor, "factor")

    @cached_property
    def knobs(self) -> list[tuple[int, int]]:
        """Likewise with each knob; twice where it was turned twice."""
        return self.named_in(ConfigDelta, "knob")

    def named_in(self, table: type[Part], name: str) -> list[tuple[int, int]]:
        # Their incidents are those that may be seen.
        keys = Keys([*(row.id for row in self.rows), *(one.id for one in self.before)])
        rows = table._base_manager.filter(incident__in=keys).order_by()
        return list(rows.values_list("incident", name))

    @cached_property
    def lesson_links(self) -> list[tuple[int, int, str]]:
        """Which incident of the period did what to which lesson."""
        links = self.scope.lesson_links().filter(incident__in=self.keys).order_by("pk")
        return list(links.values_list("incident", "lesson", "relation"))

    @cached_property
    def perhaps(self) -> list[Row]:
        """Records that may have happened in the period, or before or after it."""
        rows = [row for row in self.near[Placing.PERHAPS] if row.state != State.WITHDRAWN]
        rows.sort(key=attrgetter("id"))
        self.use("incident", (row.id for row in rows))
        return rows

    @cached_property
    def undated(self) -> list[int]:
        """The keys of the records of which no time is known."""
        rows = self.scope.all_incidents().undated().order_by("pk")
        keys = list(rows.values_list("pk", flat=True))
        self.use("incident", keys)
        return keys

    @cached_property
    def service_names(self) -> set[str]:
        """How alerts call the services that this review is of."""
        of = self.scope
        rows = Service.objects.filter(team=of.team) if of.team else Service.objects.none()
        rows = Service.objects.filter(pk=of.service.pk) if of.service else rows
        return {name for pair in rows.values_list("slug", "name") for name in pair}

    @cached_property
    def left_out(self) -> list[LeftOut]:
        """What no figure of the period's incidents counts."""
        return some(
            LeftOut(self.withdrawn, gettext("withdrawn")),
            LeftOut(
                len(self.perhaps),
                gettext("known only by a month or year that is not all in the period"),
            ),
            LeftOut(len(self.undated), gettext("without any date")),
        )

    def use(self, document: str, keys: Iterable[int]) -> None:
        self.used.setdefault(document, set()).update(keys)


def some(*left_out: LeftOut) -> list[LeftOut]:
    """Without those of which there are none."""
    return [one for one in left_out if one.count]
