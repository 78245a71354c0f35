"""How many incidents there were, of which sort, and whose; what could not be placed; drafts."""

from collections import Counter
from datetime import UTC, datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Count, TextChoices
from django.utils.translation import gettext, gettext_lazy

from incidents.lib.approximate_time import ApproximateTime, Precision, write
from incidents.lib.words.fields import shown_name
from incidents.lib.zones import zone_named
from incidents.models import Detection, Incident, Kind, Service, Severity, State, Team
from incidents.review.figure import Cell, CellKind, Chart, Column, Figure, LeftOut, Table
from incidents.review.keys import Keys
from incidents.review.material import Material, Row, some
from incidents.review.quartiles import quartiles

COUNTED = gettext_lazy(
    "Records of every kind that happened in the period, drafts included. An incident "
    "happened when it began; where that is not known, when it was detected, "
    "mitigated or resolved, whichever is the first that is known."
)
NAMED_AT_MOST = 20


def happened(material: Material) -> list[Figure]:
    return [
        by_choice(
            material,
            "kind",
            Kind,
            title=gettext("Incidents by kind"),
            definition=gettext(
                "%(COUNTED)s Where a day, a month or a year is all that is known, it counts if "
                "the whole of it lies in the period."
            )
            % {"COUNTED": COUNTED},
        ),
        by_choice(
            material,
            "severity",
            Severity,
            title=gettext("Incidents by severity"),
            definition=gettext("%(COUNTED)s By the severity that the record has now.")
            % {"COUNTED": COUNTED},
        ),
        by_choice(
            material,
            "detection",
            Detection,
            title=gettext("Incidents by how they were detected"),
            definition=gettext("%(COUNTED)s By who or what noticed first.") % {"COUNTED": COUNTED},
        ),
        by_link(
            material,
            "service",
            Service,
            title=gettext("Incidents by service"),
            definition=gettext(
                "%(COUNTED)s One that names several services counts for each, so the numbers add "
                "up to more than the incidents."
            )
            % {"COUNTED": COUNTED},
            # Translators: after a number of incidents
            without=gettext("without a service"),
        ),
        by_link(
            material,
            "team",
            Team,
            title=gettext("Incidents by team"),
            definition=gettext(
                "%(COUNTED)s One that names several teams counts for each, so the numbers add up "
                "to more than the incidents."
            )
            % {"COUNTED": COUNTED},
            # Translators: after a number of incidents
            without=gettext("without a team"),
        ),
        near_misses(material),
    ]


def records(material: Material) -> list[Figure]:
    found = drafts_of(material)
    return [drafts(material, found), oldest_drafts(found), unplaced(material)]


def by_choice(
    material: Material,
    field: str,
    choices: type[TextChoices],
    *,
    title: str,
    definition: str,
) -> Figure:
    counts = Counter(map(attrgetter(field), material.rows))
    return Figure(
        key=field,
        title=title,
        definition=definition,
        table=Table(
            [
                Column(field, shown_name(field.capitalize()), CellKind.TEXT),
                Column("incidents", gettext("Incidents")),
            ],
            [[str(one.label), counts[one.value]] for one in choices],
            [(field, one.value) for one in choices],
        ),
        left_out=material.left_out,
        chart=Chart.BARS,
    )


def by_link(
    material: Material,
    name: str,
    table: type[Service | Team],
    *,
    title: str,
    definition: str,
    without: str,
) -> Figure:
    """By the services or teams that the incidents name, the most first."""
    through = getattr(Incident, f"{name}s").through
    links = through.objects.filter(incident__in=material.keys).order_by()
    # An incident names each once.
    counts = dict(links.values_list(name).annotate(Count("incident")))
    with_any = links.aggregate(count=Count("incident", distinct=True))["count"]
    called = {one.pk: one for one in table.objects.only("name", "slug").filter(pk__in=Keys(counts))}
    ordered = sorted(counts, key=lambda key: (-counts[key], called[key].slug))
    return Figure(
        key=name,
        title=title,
        definition=definition,
        table=Table(
            [
                Column(name, shown_name(name.capitalize()), CellKind.TEXT),
                Column("incidents", gettext("Incidents")),
            ],
            [[called[key].name, counts[key]] for key in ordered],
            [(name, called[key].slug) for key in ordered],
        ),
        left_out=[
            *material.left_out,
            *some(LeftOut(len(material.rows) - with_any, without)),
        ],
        chart=Chart.BARS if counts else None,
    )


def near_misses(material: Material) -> Figure:
    """How bad they might have been is not recorded; how they were caught is."""
    found = [row for row in material.rows if row.kind == Kind.NEAR_MISS]
    counts = Counter(row.detection for row in found)
    others = len(material.rows) - len(found)
    return Figure(
        key="near_misses",
        title=gettext("Near misses by how they were caught"),
        definition=gettext(
            "Records of the kind near miss that happened in the period, by who or what "
            "noticed first."
        ),
        table=Table(
            [
                Column("detection", gettext("Detection"), CellKind.TEXT),
                Column("near_misses", gettext("Near misses")),
            ],
            [[str(one.label), counts[one.value]] for one in Detection],
            [("detection", one.value) for one in Detection],
        ),
        left_out=[*material.left_out, *some(LeftOut(others, gettext("of another kind")))],
        note=""
        if found
        else gettext("No near miss was recorded. That is seldom because there was none."),
        chart=Chart.BARS if found else None,
    )


UNFINISHED = (State.DRAFT, State.IN_REVIEW)


class Draft(NamedTuple):
    days: int
    id: int
    title: str
    state: str


def drafts_of(material: Material) -> list[Draft]:
    """The oldest first."""
    keys = Keys(row.id for row in material.rows if row.state in UNFINISHED)
    rows = Incident.objects.filter(pk__in=keys)
    found = rows.values_list("created_at", "pk", "title", "state").order_by("created_at", "pk")
    return [
        Draft(max((material.at - created).days, 0), key, title, state)
        for created, key, title, state in found
    ]


def drafts(material: Material, found: list[Draft]) -> Figure:
    """By state, and how old they are."""
    rows: list[list[Cell]] = []
    for state in UNFINISHED:
        ages = [draft.days for draft in found if draft.state == state]
        rows.append([str(state.label), len(ages), *quartiles(ages), max(ages, default=None)])
    return Figure(
        key="drafts",
        title=gettext("Records not yet published"),
        definition=gettext(
            "Records of incidents that happened in the period and are a draft or in review "
            "when the figures are made, and how many whole days ago they were written down."
        ),
        table=Table(
            [
                Column("state", gettext("State"), CellKind.TEXT),
                Column("records", gettext("Records")),
                Column("lower_quartile", gettext("Lower quartile"), CellKind.DAYS),
                Column("median", gettext("Median"), CellKind.DAYS),
                Column("upper_quartile", gettext("Upper quartile"), CellKind.DAYS),
                Column("longest", gettext("Longest"), CellKind.DAYS),
            ],
            rows,
            [("state", state.value) for state in UNFINISHED],
        ),
        left_out=[
            *material.left_out,
            *some(LeftOut(len(material.rows) - len(found), gettext("published"))),
        ],
    )


def oldest_drafts(found: list[Draft]) -> Figure:
    oldest = found[:NAMED_AT_MOST]
    return Figure(
        key="oldest_drafts",
        title=gettext("Drafts that wait the longest"),
        definition=gettext(
            "Of the records not yet published the %(NAMED_AT_MOST)s that were written down first."
        )
        % {"NAMED_AT_MOST": NAMED_AT_MOST},
        table=Table(
            [
                Column("record", gettext("Record"), CellKind.RECORD),
                Column("title", gettext("Title"), CellKind.TEXT),
                Column("state", gettext("State"), CellKind.TEXT),
                Column("age", gettext("Age"), CellKind.DAYS),
            ],
            [[f"INC-{one.id}", one.title, str(State(one.state).label), one.days] for one in oldest],
            [("incident", one.id) for one in oldest],
        ),
        left_out=some(LeftOut(len(found) - len(oldest), gettext("written down later"))),
    )


def unplaced(material: Material) -> Figure:
    known = {row.id: written(row) for row in material.perhaps}
    keys = [*known, *material.undated]
    shown = keys[:NAMED_AT_MOST]
    titles = dict(Incident.objects.filter(pk__in=shown).values_list("pk", "title"))
    return Figure(
        key="unplaced",
        title=gettext("Records that could not be placed"),
        definition=gettext(
            "Records of which nobody wrote down when they happened, or only a month or a "
            "year that is not all in the period. No figure counts them."
        ),
        table=Table(
            [
                Column("record", gettext("Record"), CellKind.RECORD),
                Column("title", gettext("Title"), CellKind.TEXT),
                Column("known", gettext("Happened"), CellKind.TEXT),
            ],
            [[f"INC-{key}", titles[key], known.get(key)] for key in shown],
            [("incident", key) for key in shown],
        ),
        left_out=some(LeftOut(len(keys) - len(shown), gettext("not named here, for length"))),
    )


def written(row: Row) -> str:
    """As people write the month or the year in which it happened: "2026-03", "2026"."""
    minute, precision = row.happened
    time = ApproximateTime(datetime.fromtimestamp(minute * 60, UTC), Precision(precision))
    return write(time, zone_named(row.time_zone))
