"""What the incidents cost those who were pulled in. Nobody is named: people are no figure."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext

from incidents.models import Participant, ParticipantRole
from incidents.review.figure import About, Cell, CellKind, Column, Figure, LeftOut, Table
from incidents.review.keys import Keys
from incidents.review.material import Material, some

NOT_PULLED_IN = (ParticipantRole.REPORTER, ParticipantRole.AFFECTED)


def figures(material: Material) -> list[Figure]:
    return [what_it_cost(material)]


def what_it_cost(material: Material) -> Figure:
    keys = Keys(row.id for row in material.ours)
    pulled_in = (
        Participant.objects.filter(incident__in=keys).exclude(role__in=NOT_PULLED_IN).order_by()
    )
    counts = pulled_in.aggregate(
        accounts=Count("person", distinct=True),
        names=Count("name", distinct=True, filter=Q(person__isnull=True)),
        times=Count("pk"),
        incidents=Count("incident", distinct=True),
        sum_hours=Sum("hours"),
        sum_outside=Sum("hours_outside_work"),
        most_longest=Max("longest_stretch_hours"),
        without_hours=Count("pk", filter=Q(hours__isnull=True)),
        without_outside=Count("pk", filter=Q(hours_outside_work__isnull=True)),
        without_longest=Count("pk", filter=Q(longest_stretch_hours__isnull=True)),
    )
    # Without the keys: a second look at all of them takes longer than one at the whole table.
    longest = Participant.objects.filter(longest_stretch_hours=counts["most_longest"])
    longest = longest.exclude(role__in=NOT_PULLED_IN).order_by("incident")
    ours = {row.id for row in material.ours}
    incidents = [key for key in longest.values_list("incident", flat=True) if key in ours]
    rows = shown(counts)
    about: list[About | None] = [None] * (len(rows) - 1)
    return Figure(
        key="people",
        title=gettext("People"),
        definition=gettext(
            "Those who took part in incidents of the period, whatever their role, but for "
            "who reported them or was affected by them. Somebody without an account here is "
            "known by the name in the record. The hours are those that were written down; "
            "beside them stands of how many times that somebody was pulled in they are not "
            "known."
        ),
        table=Table(
            [
                Column("what", gettext("What it cost"), CellKind.TEXT),
                Column("value", gettext("Value"), CellKind.NUMBER),
                Column("unknown", gettext("Not known of")),
            ],
            rows,
            [*about, ("incident", incidents[0]) if incidents else None],
        ),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(len(material.rows) - len(material.ours), gettext("somebody else’s story")),
                LeftOut(
                    len(material.ours) - counts["incidents"],
                    gettext("in which nobody is said to take part"),
                ),
            ),
        ],
    )


def shown(counts: dict[str, Any]) -> list[list[Cell]]:
    """What it is, how many or how long, and of how many that is not known."""
    return [
        [gettext("people pulled in"), counts["accounts"] + counts["names"], None],
        [gettext("times that somebody was pulled in"), counts["times"], None],
        [gettext("hours spent"), hours(counts["sum_hours"]), counts["without_hours"]],
        [
            gettext("hours outside working time"),
            hours(counts["sum_outside"]),
            counts["without_outside"],
        ],
        [
            gettext("hours of the longest stretch"),
            hours(counts["most_longest"]),
            counts["without_longest"],
        ],
    ]


def hours(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 2)
