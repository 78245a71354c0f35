"""Reading action items, in the shape that a page needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import BooleanField, Case, Count, DateField, Min, Q, QuerySet, Value, When
from django.db.models.functions import (
    Coalesce,
    TruncMonth,
    TruncQuarter,
    TruncWeek,
    TruncYear,
)
from django.db.models.functions.datetime import TruncBase
from django.utils.translation import gettext

from incidents.action_items import burn_up
from incidents.action_items.due import due_by_policy
from incidents.lib.zones import zone_named
from incidents.models import (
    CLOSED,
    UNFINISHED,
    ActionItem,
    ActionState,
    Incident,
    LessonLink,
    LessonRelation,
    Team,
    User,
)

LONGEST_NUMBER = 18


def proposed_due_date(reference: str, user: User, *, at: datetime) -> date | None:
    """What the policy says of an incident that somebody names: none where they may not know it."""
    number = reference.upper().removeprefix("INC-")
    if not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
        return None
    incident = Incident.objects.visible_to(user).filter(pk=int(number)).first()
    return due_by_policy(incident, today=user.date_at(at))


@dataclass(frozen=True)
class Reopening:
    """Why an item was reopened, as far as the reader may know."""

    incident: Incident | None
    link: LessonLink | None
    """What the incident says of the lesson today: it may have been a mistake."""


def reopening_of(item: ActionItem, user: User) -> Reopening | None:
    """None where its lesson was never violated after it was done."""
    if item.reopened_for_id is None:
        return None
    incident = Incident.objects.visible_to(user).filter(pk=item.reopened_for_id).first()
    links = LessonLink.objects.visible_to(user).filter(
        incident=incident, lesson=item.lesson_id, relation=LessonRelation.VIOLATED
    )
    return Reopening(incident, links.first() if incident else None)


def late_on(today: date) -> Q:
    return Q(due_date__lt=today, state__in=UNFINISHED)


def unverified_since(at: datetime) -> Q:
    """Done so long ago that it has shown whether it holds. Where it is not known when it was done,
    nobody is asked."""
    long_ago = at - timedelta(days=settings.ACTION_VERIFY_DAYS)
    return Q(state=ActionState.DONE, verified_by__isnull=True, done_at__lte=long_ago)


def to_verify_by(user: User, *, at: datetime) -> Q:
    """What somebody else did."""
    return (Q(done_by__isnull=True) | ~Q(done_by=user)) & unverified_since(at)


class Tab(NamedTuple):
    label: str
    rows: Q
    is_unfinished: bool
    """Whether the list begins with what is not finished."""


def tabs_for(user: User, *, at: datetime) -> dict[str, Tab]:
    """The lists that there are, by the name of their address."""
    my_teams = Team.objects.filter(members=user)
    return {
        "mine": Tab(gettext("Mine"), Q(owner=user), is_unfinished=True),
        "team": Tab(gettext("My teams’"), Q(team__in=my_teams), is_unfinished=True),
        "late": Tab(gettext("Late"), late_on(user.date_at(at)), is_unfinished=True),
        "verify": Tab(gettext("To verify"), to_verify_by(user, at=at), is_unfinished=False),
        "action_items": Tab(gettext("All"), Q(), is_unfinished=True),
    }


def counts_of(tabs: Mapping[str, Tab], user: User) -> dict[str, int]:
    """How many rows each begins with, in one query."""
    unfinished = Q(state__in=UNFINISHED)
    counts: dict[str, int] = ActionItem.objects.visible_to(user).aggregate(
        **{
            name: Count("pk", filter=tab.rows & unfinished if tab.is_unfinished else tab.rows)
            for name, tab in tabs.items()
        }
    )
    return counts


def action_items_for(user: User, *, today: date) -> QuerySet[ActionItem]:
    """What this person may see, each marked as late or not on the given day."""
    late = When(late_on(today), then=Value(value=True))
    return (
        ActionItem.objects.visible_to(user)
        .select_related("incident", "lesson", "owner", "team", "done_by")
        .annotate(is_late=Case(late, default=Value(value=False), output_field=BooleanField()))
    )


def mine_for(user: User, *, today: date) -> QuerySet[ActionItem]:
    """What this person has promised and not yet finished, the most pressing first."""
    return action_items_for(user, today=today).filter(owner=user, state__in=UNFINISHED)


TRUNCATED: dict[str, type[TruncBase]] = {
    burn_up.WEEK: TruncWeek,
    burn_up.MONTH: TruncMonth,
    burn_up.QUARTER: TruncQuarter,
    burn_up.YEAR: TruncYear,
}


@dataclass(frozen=True)
class BurnUp:
    """`undated` of the total are finished on a day that nobody wrote down: they are in no line."""

    periods: list[burn_up.Period]
    total: int
    undated: int


def burn_up_of(rows: QuerySet[ActionItem], *, user: User, at: datetime) -> BurnUp:
    """Created and finished by period, in the reader's zone, as far as the days are known.

    An item that was reopened is not finished: the lines tell what holds today.
    """
    finished_at = Coalesce("done_at", "declined_at")
    undated = Q(state__in=CLOSED, finished_at__isnull=True)
    rows = rows.order_by().annotate(finished_at=finished_at)
    known = rows.aggregate(
        total=Count("pk"),
        undated=Count("pk", filter=undated),
        first_created=Min("created_at", filter=~undated),
        first_finished=Min("finished_at", filter=Q(state__in=CLOSED)),
    )
    firsts = [known[name] for name in ("first_created", "first_finished") if known[name]]
    if not firsts:
        return BurnUp([], known["total"], known["undated"])
    rows = rows.exclude(undated)
    zone = zone_named(user.time_zone)
    unit = burn_up.unit_for(min(firsts).astimezone(zone).date(), user.date_at(at))

    def counted(of: QuerySet[ActionItem], column: str) -> dict[date, int]:
        period = TRUNCATED[unit](column, output_field=DateField(), tzinfo=zone)
        counts = of.annotate(period=period).values("period").annotate(number=Count("pk"))
        return dict(counts.order_by("period").values_list("period", "number"))

    finished = rows.filter(state__in=CLOSED, finished_at__isnull=False)
    periods = burn_up.periods_of(
        counted(rows, "created_at"),
        counted(finished, "finished_at"),
        unit=unit,
        until=user.date_at(at),
    )
    return BurnUp(periods, known["total"], known["undated"])
