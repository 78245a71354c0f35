"""What the pages of reviews show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.text import slugify

from incidents.lib.periods import Period, quarter_of
from incidents.review.figures import FAMILIES
from incidents.review.material import Material
from incidents.review.scope import Scope
from incidents.review.shown import ShownFigure, shown

QUARTERS = 8


@dataclass(frozen=True)
class Choice:
    period: Period
    is_over: bool


def quarters(today: date) -> list[Choice]:
    """The present one and those before it."""
    now = quarter_of(today)
    return [Choice(now, is_over=False)] + [
        Choice(period, is_over=True) for period in now.previous(QUARTERS)
    ]


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    figures: list[ShownFigure]


@dataclass(frozen=True)
class Counted:
    """`restricted` of the incidents are for few: whoever is told of them sees each."""

    sections: list[Section]
    incidents: int
    restricted: int
    is_over: bool


def counted(scope: Scope, *, at: datetime) -> Counted:
    """The figures as the records are now."""
    material = Material(scope, at)
    sections = [
        Section(slugify(title), title, [shown(figure, scope) for figure in family(material)])
        for title, family in FAMILIES.items()
    ]
    return Counted(
        sections,
        incidents=len(material.rows),
        restricted=material.restricted,
        is_over=material.starts < material.ends < at,
    )
