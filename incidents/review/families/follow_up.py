"""What was to be done, and whether the backlog grew."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, gettext_lazy

from incidents.models import CLOSED, UNFINISHED, ActionItem, ActionOrigin, ActionState
from incidents.review.figure import CellKind, Chart, Column, Figure, LeftOut, Table
from incidents.review.material import Material, some

AGES = {
    "under_30": (gettext_lazy("Under 30 days"), 0, 30),
    "under_90": (gettext_lazy("30 to 89"), 30, 90),
    "under_180": (gettext_lazy("90 to 179"), 90, 180),
    "older": (gettext_lazy("180 and more"), 180, None),
}


def figures(material: Material) -> list[Figure]:
    left_out = left_out_of(material)
    return [backlog(counts_of(material), left_out), by_team_and_age(material, left_out)]


def items_of(material: Material) -> QuerySet[ActionItem]:
    """Those that were decided here; of a team its own, of a service those of its incidents."""
    scope = material.scope
    items = scope.action_items()
    if scope.team is not None:
        items = items.filter(team=scope.team)
    if scope.service is not None:
        items = items.filter(incident__in=scope.all_incidents().values("pk"))
    rows: QuerySet[ActionItem] = items.annotate(finished_at=Coalesce("done_at", "declined_at"))
    return rows.order_by()


def counted() -> Q:
    """Without those whose end has no date: they cannot be placed."""
    return Q(origin=ActionOrigin.DECIDED) & ~undated()


def undated() -> Q:
    return Q(state__in=CLOSED, finished_at__isnull=True)


def counted_items(material: Material) -> QuerySet[ActionItem]:
    """Those that were open in the period at some time."""
    there = Q(created_at__lt=material.ends) & (
        Q(state__in=UNFINISHED) | Q(finished_at__gte=material.starts)
    )
    return items_of(material).filter(counted() & there)


def open_at(moment: object) -> Q:
    unfinished = Q(state__in=UNFINISHED) | Q(finished_at__gte=moment)
    return Q(created_at__lt=moment) & unfinished


def counts_of(material: Material) -> dict[str, int]:
    starts, ends = material.starts, material.ends
    inside = Q(finished_at__gte=starts, finished_at__lt=ends)
    items = items_of(material).filter(counted())
    counts: dict[str, int] = items.aggregate(
        open_before=Count("pk", filter=open_at(starts)),
        opened=Count("pk", filter=Q(created_at__gte=starts, created_at__lt=ends)),
        done=Count("pk", filter=Q(state=ActionState.DONE) & inside),
        declined=Count("pk", filter=Q(state=ActionState.WONT_DO) & inside),
        open_after=Count("pk", filter=open_at(ends)),
        late=Count("pk", filter=open_at(ends) & Q(due_date__lt=material.day_after)),
    )
    return counts


def left_out_of(material: Material) -> list[LeftOut]:
    decided = Q(origin=ActionOrigin.DECIDED)
    counts = (
        items_of(material)
        .filter(~decided | undated(), created_at__lt=material.ends)
        .aggregate(of_others=Count("pk", filter=~decided), decided=Count("pk", filter=decided))
    )
    return some(
        LeftOut(counts["of_others"], gettext("named or implied by a source, not decided here")),
        LeftOut(counts["decided"], gettext("finished on a day that nobody wrote down")),
    )


LABELS = {
    "open_before": gettext_lazy("open at the beginning"),
    "opened": gettext_lazy("opened"),
    "done": gettext_lazy("done"),
    "declined": gettext_lazy("will not be done"),
    "open_after": gettext_lazy("open at the end"),
    "late": gettext_lazy("of those, late"),
}


def backlog(counts: Mapping[str, int], left_out: list[LeftOut]) -> Figure:
    return Figure(
        key="backlog",
        title=gettext("Action items"),
        definition=gettext(
            "Action items that were decided here, of whichever incident: how many were open "
            "when the period began and when it ended, and what happened between. Late is "
            "what was not finished on the day after it was due. An item that was reopened "
            "counts as not finished since it was opened first."
        ),
        table=Table(
            [
                Column("what", gettext("What happened"), CellKind.TEXT),
                Column("items", gettext("Action items")),
            ],
            [[str(label), counts[name]] for name, label in LABELS.items()],
        ),
        left_out=left_out,
        note=growth(counts["open_before"], counts["open_after"]),
        chart=Chart.BARS,
    )


def growth(before: int, after: int) -> str:
    if after == before:
        return gettext("The backlog neither grew nor shrank: %(after)s before and after.") % {
            "after": after
        }
    values = {"count": abs(after - before), "before": before, "after": after}
    if after > before:
        return gettext("The backlog grew by %(count)s, from %(before)s to %(after)s.") % values
    return gettext("The backlog shrank by %(count)s, from %(before)s to %(after)s.") % values


def by_team_and_age(material: Material, left_out: list[LeftOut]) -> Figure:
    ends = material.ends
    ages = {}
    for name, (_, youngest, oldest) in AGES.items():
        age = Q(created_at__lte=ends - timedelta(days=youngest))
        if oldest is not None:
            age &= Q(created_at__gt=ends - timedelta(days=oldest))
        ages[name] = Count("pk", filter=age)
    rows = (
        items_of(material)
        .filter(counted() & open_at(ends))
        .values_list("team__name", "team__slug")
        .annotate(
            total=Count("pk"),
            late=Count("pk", filter=Q(due_date__lt=material.day_after)),
            **ages,
        )
        .order_by("-total", "team__slug")
    )
    found = list(rows)
    return Figure(
        key="open_items",
        title=gettext("Open action items by team and age"),
        definition=gettext(
            "Action items that were decided here and are open at the end of the period, by "
            "the team that owns them and by how many days ago they were written down."
        ),
        table=Table(
            [
                Column("team", gettext("Team"), CellKind.TEXT),
                Column("items", gettext("Open")),
                Column("late", gettext("Late")),
                *(Column(name, str(label)) for name, (label, _, _) in AGES.items()),
            ],
            [[name or gettext("no team"), *numbers] for name, _, *numbers in found],
            [("team", slug) if slug else None for _, slug, *_ in found],
        ),
        left_out=left_out,
        chart=Chart.BARS if found else None,
    )
