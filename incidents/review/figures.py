"""All figures of a review, family by family, in the order in which people read them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy

from incidents.review.families import (
    causes,
    follow_up,
    incidents,
    people,
    repeats,
    runbooks,
    times,
)
from incidents.review.figure import Figure
from incidents.review.material import Material
from incidents.review.scope import Scope

FAMILIES = {
    "Incidents": incidents.happened,
    "Times": times.figures,
    "What contributed": causes.figures,
    "What came again": repeats.figures,
    "People": people.figures,
    "Action items": follow_up.figures,
    "Runbooks and alerts": runbooks.figures,
    "Records": incidents.records,
}
"""Headings, each with what makes its figures. A figure keeps its own in English: it is an anchor
of the page, and what a review is frozen with."""
HEADINGS = {
    "Incidents": gettext_lazy("Incidents"),
    "Times": gettext_lazy("Times"),
    "What contributed": gettext_lazy("What contributed"),
    "What came again": gettext_lazy("What came again"),
    "People": gettext_lazy("People"),
    "Action items": gettext_lazy("Action items"),
    "Runbooks and alerts": gettext_lazy("Runbooks and alerts"),
    "Records": gettext_lazy("Records"),
}
"""As people read them."""
PARTS = (
    ("Incidents", "Times"),
    ("What contributed", "What came again"),
    ("People", "Action items", "Runbooks and alerts", "Records"),
)
"""The headings once more: each part takes about as long as the others to count."""


def figures_of(scope: Scope, *, at: datetime) -> list[Figure]:
    """The figures as the records are now, made at `at`: how old something is counts from there."""
    return figures_from(Material(scope, at))


def figures_from(material: Material, headings: Iterable[str] = FAMILIES) -> list[Figure]:
    return [
        replace(figure, section=heading)
        for heading in headings
        for figure in FAMILIES[heading](material)
    ]
