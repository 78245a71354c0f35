"""What the pages of reviews show."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.text import slugify

from incidents.lib.periods import Period, quarter_of
from incidents.models import ActionItem, Review, ReviewDecision, ReviewEdition, Sight, User
from incidents.review.editions import Difference, differences, edition_for, figures_in
from incidents.review.figure import Figure
from incidents.review.figures import FAMILIES, HEADINGS, PARTS, figures_from
from incidents.review.material import Material
from incidents.review.scope import Scope
from incidents.review.shown import ShownFigure, shown

QUARTERS = 8
MOST_FROZEN = 50
AT_ONCE = 2_000
"""Incidents of a period; the figures of more come in parts, so that the first are soon there."""


@dataclass(frozen=True)
class Choice:
    period: Period
    is_over: bool
    is_frozen: bool


def quarters(today: date) -> list[Choice]:
    """The present one and those before it, with whether they were frozen as a whole."""
    now = quarter_of(today)
    periods = [now, *now.previous(QUARTERS)]
    frozen = frozen_reviews().filter(team__isnull=True, service__isnull=True)
    keys = {review.period.key for review in frozen}
    return [Choice(one, one is not now, one.key in keys) for one in periods]


def frozen_reviews() -> QuerySet[Review]:
    """The latest period first. What is in them is for each to see: see `editions`."""
    rows = Review.objects.select_related("team", "service")
    return rows.order_by("-end_date", "-start_date", "pk")


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    figures: list[ShownFigure]


@dataclass(frozen=True)
class Counted:
    """`restricted` of the incidents are for few: whoever is told of them sees each.

    `later` are the parts that are not counted yet, by their number in `PARTS`.
    """

    sections: list[Section]
    later: dict[int, list[Section]]
    incidents: int
    restricted: int
    is_over: bool


def heading(title: str) -> str:
    """A review may have been frozen with headings that are not used any more."""
    return str(HEADINGS.get(title, title))


def sections_of(figures: list[Figure], scope: Scope) -> list[Section]:
    return [
        Section(slugify(title), heading(title), [shown(figure, scope) for figure in group])
        for title, group in groupby(figures, key=lambda figure: figure.section)
    ]


def counted(scope: Scope, *, at: datetime) -> Counted:
    """The figures as the records are now: all, or of more than `AT_ONCE` incidents the first."""
    material = Material(scope, at)
    is_large = len(material.rows) > AT_ONCE
    later = dict(enumerate(PARTS[1:], start=1)) if is_large else {}
    return Counted(
        sections_of(figures_from(material, PARTS[0] if is_large else FAMILIES), scope),
        {
            number: [Section(slugify(title), heading(title), []) for title in titles]
            for number, titles in later.items()
        },
        incidents=len(material.rows),
        restricted=material.restricted,
        is_over=at >= scope.period.moments(scope.zone)[1],
    )


def counted_later(scope: Scope, part: int, *, at: datetime) -> list[Section]:
    """One of the `PARTS`, by itself."""
    return sections_of(figures_from(Material(scope, at), PARTS[part]), scope)


@dataclass(frozen=True)
class Frozen:
    """A review as it was frozen, in the edition that is for its reader."""

    review: Review
    edition: ReviewEdition
    figures: list[Figure]
    scope: Scope

    @property
    def sections(self) -> list[Section]:
        return sections_of(self.figures, self.scope)

    @property
    def incidents(self) -> int:
        kinds = next(figure for figure in self.figures if figure.key == "kind")
        return sum(int(count or 0) for count in kinds.table.values_of("incidents"))

    @property
    def has_restricted(self) -> bool:
        return self.edition.sight == Sight.FULL and bool(self.edition.restricted)

    @property
    def records(self) -> int:
        return sum(len(versions) for versions in self.edition.record_versions.values())

    def differences(self) -> list[Difference]:
        return differences(self.review, self.edition, self.scope, self.figures)


class Decided(NamedTuple):
    """`item` is what the decision became, if its reader may know of that."""

    decision: ReviewDecision
    item: ActionItem | None


def decisions_of(review: Review, user: User) -> list[Decided]:
    decisions = list(review.decisions.order_by("pk"))
    keys = [one.action_item_id for one in decisions]
    items = ActionItem.objects.visible_to(user).in_bulk([key for key in keys if key])
    return [Decided(one, items.get(one.action_item_id or 0)) for one in decisions]


def frozen(scope: Scope, user: User) -> Frozen | None:
    """None where the review was not frozen."""
    rows = Review.objects.of(scope.period, team=scope.team, service=scope.service)
    review = rows.select_related("frozen_by").prefetch_related("editions").first()
    if review is None:
        return None
    edition = edition_for(review, user)
    return Frozen(review, edition, figures_in(edition, user), scope)
