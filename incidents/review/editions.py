"""A review as it is kept: its figures, the versions of the records, and a hash over both."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Max

from incidents.access.permissions import everybody
from incidents.lib.periods import read_period
from incidents.lib.words.own import in_own_words
from incidents.models import (
    Change,
    Factor,
    Incident,
    Knob,
    Lesson,
    Review,
    ReviewEdition,
    Sight,
    User,
    Visibility,
)
from incidents.review.families.follow_up import counted_items
from incidents.review.families.runbooks import counted_runbooks
from incidents.review.figure import Figure, canonical, from_json, to_json
from incidents.review.figures import figures_from, figures_of
from incidents.review.keys import Keys
from incidents.review.material import Material
from incidents.review.scope import Scope


def editions_of(scope: Scope, *, at: datetime) -> list[ReviewEdition]:
    """One over what everybody may see, one over every record."""
    return [edition_of(scope, sight, at=at) for sight in Sight]


def edition_of(scope: Scope, sight: Sight, *, at: datetime) -> ReviewEdition:
    """Not saved. Of the same records, made at the same time, it is the same byte for byte: in one
    language, too."""
    seen = replace(scope, user=everybody() if sight is Sight.OPEN else None)
    material = Material(seen, at)
    with in_own_words():
        figures = [to_json(figure) for figure in figures_from(material)]
    material.use("actionitem", counted_items(material).values_list("pk", flat=True))
    material.use("runbook", counted_runbooks(material))
    edition = ReviewEdition(
        sight=sight,
        figures=figures,
        record_versions=versions_of(material),
        restricted=restricted_before(seen) if sight is Sight.FULL else [],
    )
    edition.sha256 = hash_of(edition, title=title_of(scope), at=at)
    return edition


def title_of(scope: Scope) -> str:
    """What a review of it is called for good."""
    with in_own_words():
        # A period is named in the language in which it was read.
        return replace(scope, period=read_period(scope.period.key)).label


def hash_of(edition: ReviewEdition, *, title: str, at: datetime) -> str:
    """Counted over what is kept, so that anybody can count it again."""
    kept = {
        "title": title,
        "made_at": at.isoformat(),
        "sight": edition.sight,
        "figures": edition.figures,
        "record_versions": edition.record_versions,
        "restricted": edition.restricted,
    }
    return sha256(canonical(kept)).hexdigest()


def versions_of(material: Material) -> dict[str, list[list[int]]]:
    versions: dict[str, list[list[int]]] = {}
    for document, keys in sorted(material.used.items()):
        lines = Change.objects.filter(document_type=document, document_id__in=Keys(keys))
        last = dict(lines.order_by().values_list("document_id").annotate(Max("id")))
        versions[document] = [[key, last.get(key, 0)] for key in sorted(keys)]
    return versions


def restricted_before(scope: Scope) -> list[int]:
    """All there are, the withdrawn, too: action items and lessons come from any of them."""
    rows = scope.visible_incidents().filter(visibility=Visibility.RESTRICTED)
    return sorted(rows.values_list("pk", flat=True))


def edition_for(review: Review, user: User) -> ReviewEdition:
    """The full one for whoever may see each restricted record in it, for others the open one."""
    editions = {edition.sight: edition for edition in review.editions.all()}
    full = editions[Sight.FULL]
    seen = Incident.objects.visible_to(user).filter(pk__in=Keys(full.restricted))
    return full if seen.count() == len(full.restricted) else editions[Sight.OPEN]


def figures_in(edition: ReviewEdition, user: User) -> list[Figure]:
    """Without the lines about what was closed to this person since."""
    figures = [from_json(data) for data in edition.figures]
    named = {about for figure in figures for about in figure.table.about if about}
    hidden = named - open_among(named, user)
    return [without(figure, hidden) for figure in figures]


Named = set[tuple[str, str | int]]
VISIBLE: dict[str, Any] = {
    "incident": (Incident, "pk"),
    "lesson": (Lesson, "pk"),
    "knob": (Knob, "pk"),
    "factor": (Factor, "slug"),
}


def open_among(named: Named, user: User) -> Named:
    """What is no record of an incident's is everybody's."""
    found = {about for about in named if about[0] not in {*VISIBLE, "knob_and_factor"}}
    parts = {about for about in named if about[0] == "knob_and_factor"}
    wanted = named | {half for about in parts for half in halves(about)}
    seen: Named = set()
    for name, (table, field) in VISIBLE.items():
        keys = [key for kind, key in wanted if kind == name]
        rows = table.objects.visible_to(user).filter(**{f"{field}__in": keys})
        seen |= {(name, key) for key in rows.values_list(field, flat=True)}
    return found | (seen & named) | {about for about in parts if halves(about) <= seen}


def halves(about: tuple[str, str | int]) -> Named:
    knob, _, factor = str(about[1]).partition(" ")
    return {("knob", int(knob)), ("factor", factor)}


def without(figure: Figure, hidden: Named) -> Figure:
    table = figure.table
    if not hidden & {about for about in table.about if about}:
        return figure
    kept = [
        (row, about)
        for row, about in zip(table.rows, table.about, strict=True)
        if about not in hidden
    ]
    shown = replace(table, rows=[row for row, _ in kept], about=[about for _, about in kept])
    return replace(figure, table=shown)


class Difference(NamedTuple):
    figure: str
    row: str
    column: str
    before: Any
    now: Any


def differences(
    review: Review, edition: ReviewEdition, scope: Scope, frozen: list[Figure]
) -> list[Difference]:
    """What the figures would be if they were made at the same time from the records of today.

    Of the full edition as far as its reader may know of the records of today.
    """
    seen = scope if edition.sight == Sight.FULL else replace(scope, user=everybody())
    with in_own_words():
        today = {figure.key: figure for figure in figures_of(seen, at=review.frozen_at)}
    return [
        difference
        for figure in frozen
        if figure.key in today
        for difference in between(figure, today[figure.key])
    ]


def between(frozen: Figure, today: Figure) -> list[Difference]:
    """Cell by cell; lines are the same that are about the same, or are called the same."""
    before, now = lines_of(frozen), lines_of(today)
    found = []
    for name in [*before, *(name for name in now if name not in before)]:
        for place, column in enumerate(frozen.table.columns[1:], start=1):
            was = before[name][place] if name in before else None
            is_now = now[name][place] if name in now else None
            if was != is_now:
                called = str((before.get(name) or now[name])[0])
                found.append(Difference(frozen.title, called, column.title, was, is_now))
    return found


def lines_of(figure: Figure) -> dict[Any, list[Any]]:
    abouts = figure.table.about or [None] * len(figure.table.rows)
    return {about or row[0]: row for row, about in zip(figure.table.rows, abouts, strict=True)}
