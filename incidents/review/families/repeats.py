"""What had happened before: a lesson violated, or the same knob turned for the same factor."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext, gettext_lazy

from incidents.models import Factor, Knob, LessonRelation
from incidents.review.figure import Cell, CellKind, Chart, Column, Figure, LeftOut, Table
from incidents.review.material import Material, some

MOST = 20
Pair = tuple[int, int]
"""A knob that was turned and a factor that was at work in the same incident."""


def figures(material: Material) -> list[Figure]:
    repeats = Repeats(material)
    return [how_many(material, repeats), what_came_again(material, repeats)]


@dataclass
class Repeats:
    material: Material

    @cached_property
    def violating(self) -> set[int]:
        links = self.material.lesson_links
        return {incident for incident, _, said in links if said == LessonRelation.VIOLATED}

    @cached_property
    def again(self) -> dict[Pair, set[int]]:
        """The incidents of the period by the pairs that an earlier incident had, too."""
        now = {row.id: row.happened[0] for row in self.material.rows}
        minutes = {one.id: one.minute for one in self.material.before} | now
        having: dict[Pair, list[int]] = defaultdict(list)
        for incident, knob in self.material.knobs:
            for factor in self.factors.get(incident, ()):
                having[knob, factor].append(incident)
        again = {}
        for pair, incidents in having.items():
            if len(incidents) > 1:
                first = min(map(minutes.__getitem__, incidents))
                if late := {one for one in incidents if one in now and now[one] > first}:
                    again[pair] = late
        return again

    @cached_property
    def factors(self) -> dict[int, list[int]]:
        factors: dict[int, list[int]] = defaultdict(list)
        for incident, factor in self.material.factors:
            factors[incident].append(factor)
        return factors

    @cached_property
    def sharing(self) -> set[int]:
        return {incident for incidents in self.again.values() for incident in incidents}


EARLIER = gettext_lazy(
    "Earlier is what happened before it, in the period or in the {count} periods "
    "before; where only a day, a month or a year is known, its beginning counts."
)


def how_many(material: Material, repeats: Repeats) -> Figure:
    violating, sharing = repeats.violating, repeats.sharing
    rows: list[list[Cell]] = [
        [gettext("violates a lesson, and shares a knob and a factor"), len(violating & sharing)],
        [gettext("violates a lesson"), len(violating - sharing)],
        [gettext("shares a knob and a factor"), len(sharing - violating)],
        [gettext("neither"), len(material.rows) - len(violating | sharing)],
    ]
    return Figure(
        key="repeats",
        title=gettext("Repeats"),
        definition=gettext(
            "Incidents of the period that violate a lesson; and those in which a knob was "
            "turned and a factor was at work that were so, together, in an earlier incident "
            "as well. %(format)s Each incident is in one line."
        )
        % {"format": EARLIER.format(count=len(material.periods_before))},
        table=Table(
            [
                Column("how", gettext("How it repeats"), CellKind.TEXT),
                Column("incidents", gettext("Incidents")),
            ],
            rows,
        ),
        left_out=material.left_out,
        chart=Chart.BARS,
    )


def what_came_again(material: Material, repeats: Repeats) -> Figure:
    again = repeats.again
    most = sorted(again, key=lambda pair: (-len(again[pair]), pair))[:MOST]
    knobs = {row.pk: str(row) for row in Knob.objects.filter(pk__in={knob for knob, _ in most})}
    factors = {row.pk: row for row in Factor.objects.filter(pk__in={one for _, one in most})}
    return Figure(
        key="came_again",
        title=gettext("What came again"),
        definition=gettext(
            "The %(MOST)s pairs of a knob and a factor that the most incidents of the period "
            "share with an earlier one. %(format)s"
        )
        % {"MOST": MOST, "format": EARLIER.format(count=len(material.periods_before))},
        table=Table(
            [
                Column("knob", gettext("Knob"), CellKind.TEXT),
                Column("factor", gettext("Factor"), CellKind.TEXT),
                Column("incidents", gettext("Incidents")),
            ],
            [[knobs[knob], factors[one].name, len(again[knob, one])] for knob, one in most],
            [("knob_and_factor", f"{knob} {factors[one].slug}") for knob, one in most],
        ),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(
                    len(again) - len(most), gettext("pairs shared by no more incidents than these")
                )
            ),
        ],
    )
