"""How long it took: to detect, to mitigate, to resolve. Distributions, never a mean alone."""

from collections import defaultdict
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext, gettext_lazy

from incidents.lib.words.translated import Translated
from incidents.models import Precision, Severity
from incidents.review.figure import About, Cell, CellKind, Chart, Column, Figure, LeftOut, Table
from incidents.review.material import Material, Row, some
from incidents.review.quartiles import FEWEST, quartiles


class Stretch(NamedTuple):
    title: Translated
    definition: Translated
    unknown: Translated
    """After a number of incidents."""


STRETCHES = {
    "detected": Stretch(
        gettext_lazy("Time to detect"),
        gettext_lazy(
            "Minutes from when the incident began until it was detected, over all severities and "
            "for each, where both are known to the minute. Half of the values lie between "
            "the quartiles."
        ),
        gettext_lazy("of which it is not known when it began or was detected"),
    ),
    "mitigated": Stretch(
        gettext_lazy("Time to mitigate"),
        gettext_lazy(
            "Minutes from when the incident began until it was mitigated, over all severities and "
            "for each, where both are known to the minute. Half of the values lie between "
            "the quartiles."
        ),
        gettext_lazy("of which it is not known when it began or was mitigated"),
    ),
    "resolved": Stretch(
        gettext_lazy("Time to resolve"),
        gettext_lazy(
            "Minutes from when the incident began until it was resolved, over all severities and "
            "for each, where both are known to the minute. Half of the values lie between "
            "the quartiles."
        ),
        gettext_lazy("of which it is not known when it began or was resolved"),
    ),
}
EXACT = Precision.MINUTE.value


def figures(material: Material) -> list[Figure]:
    return [stretch(material, phase) for phase in STRETCHES]


def stretch(material: Material, phase: str) -> Figure:
    words = STRETCHES[phase]
    values, unknown, coarse = minutes(material.ours, phase)
    rows, about = by_severity(values)
    return Figure(
        key=f"time_to_{phase}",
        title=str(words.title),
        definition=str(words.definition),
        table=Table(columns(), rows, about),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(len(material.rows) - len(material.ours), gettext("somebody else’s story")),
                LeftOut(unknown, str(words.unknown)),
                LeftOut(coarse, gettext("not known to the minute")),
            ),
        ],
        note=warning(rows),
        chart=Chart.BOXES if values else None,
    )


def columns() -> list[Column]:
    return [
        Column("severity", gettext("Severity"), CellKind.TEXT),
        Column("incidents", "n"),
        Column("shortest", gettext("Shortest"), CellKind.MINUTES),
        Column("lower_quartile", gettext("Lower quartile"), CellKind.MINUTES),
        Column("median", gettext("Median"), CellKind.MINUTES),
        Column("upper_quartile", gettext("Upper quartile"), CellKind.MINUTES),
        Column("longest", gettext("Longest"), CellKind.MINUTES),
    ]


def minutes(rows: list[Row], phase: str) -> tuple[dict[str, list[int]], int, int]:
    """By severity how long it took, the shortest first; of how many it is not known; of how many
    not to the minute.
    """
    values: dict[str, list[int]] = defaultdict(list)
    unknown = coarse = 0
    wanted = attrgetter("severity", "began", phase, "began_precision", f"{phase}_precision")
    for severity, began, then, well, as_well in map(wanted, rows):
        if began is None or then is None:
            unknown += 1
        elif well == as_well == EXACT:
            values[severity].append(then - began)
        else:
            coarse += 1
    return {severity: sorted(each) for severity, each in values.items()}, unknown, coarse


def by_severity(values: dict[str, list[int]]) -> tuple[list[list[Cell]], list[About | None]]:
    """A line for all, and one for each severity that has a value."""
    rows = [line(gettext("all"), sorted(chain.from_iterable(values.values())))]
    about: list[About | None] = [None]
    for severity in Severity:
        if severity.value in values:
            rows.append(line(str(severity.label), values[severity.value]))
            about.append(("severity", severity.value))
    return rows, about


def line(label: str, values: list[int]) -> list[Cell]:
    """Of values of which the shortest is the first."""
    shortest, longest = (values[0], values[-1]) if values else (None, None)
    return [label, len(values), shortest, *quartiles(values), longest]


def warning(rows: list[list[Cell]]) -> str:
    if not rows[0][1]:
        return gettext("Of no incident are both times known to the minute.")
    few = [f"{label} ({count})" for label, count, *_ in rows if int(count or 0) < FEWEST]
    if not few:
        return ""
    return gettext(
        "Fewer than %(FEWEST)s values say little: one more incident may move the middle "
        "far. That is so for %(join)s."
    ) % {"FEWEST": FEWEST, "join": ", ".join(few)}
