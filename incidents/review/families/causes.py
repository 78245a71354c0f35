"""What contributed, what was learned, what was turned."""

from collections import Counter

from django.utils.translation import gettext

from incidents.lib.periods import Period
from incidents.models import Factor, Knob, Lesson, LessonRelation
from incidents.review.figure import About, Cell, CellKind, Chart, Column, Figure, LeftOut, Table
from incidents.review.keys import Keys
from incidents.review.material import Material, some

MOST = 20


def figures(material: Material) -> list[Figure]:
    return [factors(material), lessons(material), violated(material), knobs(material)]


def factors(material: Material) -> Figure:
    ids = {row.id for row in material.rows}
    now: Counter[int] = Counter()
    earlier: Counter[int] = Counter()
    with_any = set()
    for incident, factor in material.factors:
        if incident in ids:
            now[factor] += 1
            with_any.add(incident)
        else:
            earlier[factor] += 1
    known = Factor.objects.filter(pk__in=Keys({*now, *earlier}))
    periods = material.periods_before
    lines: list[tuple[list[Cell], About]] = []
    for factor, name, slug in known.values_list("pk", "name", "slug"):
        count = now[factor]
        before = round(earlier[factor] / len(periods), 2) if periods else None
        change = round(count - before, 2) if before is not None else None
        lines.append(([name, count, before, change], ("factor", slug)))
    lines.sort(key=lambda each: (-float(each[0][1] or 0), -float(each[0][2] or 0), each[1]))
    return Figure(
        key="factors",
        title=gettext("Contributing factors"),
        definition=compared_with(periods),
        table=Table(
            [
                Column("factor", gettext("Factor"), CellKind.TEXT),
                Column("incidents", gettext("Incidents")),
                Column("before", gettext("Before, on average"), CellKind.NUMBER),
                Column("change", gettext("Change"), CellKind.CHANGE),
            ],
            [row for row, _ in lines],
            [about for _, about in lines],
        ),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(
                    len(material.rows) - len(with_any), gettext("without a contributing factor")
                )
            ),
        ],
        chart=Chart.BARS_AND_MARKS if lines else None,
    )


def compared_with(periods: list[Period]) -> str:
    if not periods:
        return gettext(
            "In how many incidents of the period each factor was at work, and in how many it "
            "was on average in each of the 0 periods before. An incident counts for each of its "
            "factors."
        )
    return gettext(
        "In how many incidents of the period each factor was at work, and in how many it "
        "was on average in each of the %(periods)s periods before, from %(first)s to %(last)s. "
        "An incident counts for each of its factors."
    ) % {"periods": len(periods), "first": periods[-1].label, "last": periods[0].label}


def lessons(material: Material) -> Figure:
    learned = material.scope.lessons().filter(learned_from__in=material.keys).order_by()
    pairs: dict[str, list[tuple[int, int]]] = {
        gettext("learned"): list(learned.values_list("pk", "learned_from"))
    }
    for relation in LessonRelation:
        pairs[str(relation.label)] = [
            (lesson, incident)
            for incident, lesson, said in material.lesson_links
            if said == relation
        ]
    material.use("lesson", (lesson for rows in pairs.values() for lesson, _ in rows))
    return Figure(
        key="lessons",
        title=gettext("Lessons"),
        definition=gettext(
            "Lessons learned from incidents of the period, whenever they were written down; "
            "and the lessons that incidents of the period violated, upheld or refined. "
            "Learned are those that name the incident as where they come from."
        ),
        table=Table(
            [
                Column("relation", gettext("What became of them"), CellKind.TEXT),
                Column("lessons", gettext("Lessons")),
                Column("incidents", gettext("Incidents")),
            ],
            [
                [label, len({lesson for lesson, _ in rows}), len({one for _, one in rows})]
                for label, rows in pairs.items()
            ],
        ),
        left_out=material.left_out,
        chart=Chart.BARS,
    )


def violated(material: Material) -> Figure:
    counts = Counter(
        lesson for _, lesson, said in material.lesson_links if said == LessonRelation.VIOLATED
    )
    most = sorted(counts, key=lambda lesson: (-counts[lesson], lesson))
    shown = most[:MOST]
    sentences = dict(Lesson.objects.filter(pk__in=shown).values_list("pk", "sentence"))
    return Figure(
        key="violated",
        title=gettext("Lessons that were violated"),
        definition=gettext("The %(MOST)s lessons that the most incidents of the period violated.")
        % {"MOST": MOST},
        table=Table(
            [
                Column("record", gettext("Lesson"), CellKind.RECORD),
                Column("sentence", gettext("What was to be remembered"), CellKind.TEXT),
                Column("incidents", gettext("Violated in")),
            ],
            [[f"LES-{key}", sentences[key], counts[key]] for key in shown],
            [("lesson", key) for key in shown],
        ),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(
                    len(most) - len(shown), gettext("lessons violated no more often than these")
                )
            ),
        ],
    )


def knobs(material: Material) -> Figure:
    now = {row.id for row in material.rows}
    turned = [(incident, knob) for incident, knob in material.knobs if incident in now]
    turns = Counter(knob for _, knob in turned)
    incidents = Counter(knob for _, knob in set(turned))
    known = Knob.objects.only("component", "key").filter(pk__in=Keys(turns))
    names = {knob.pk: str(knob) for knob in known}
    found = sorted(turns, key=lambda knob: (-turns[knob], names[knob], knob))
    shown = found[:MOST]
    with_any = {incident for incident, _ in turned}
    return Figure(
        key="knobs",
        title=gettext("Knobs turned most"),
        definition=gettext(
            "The %(MOST)s settings that were turned most often in incidents of the period, "
            "whether that contributed, was tried, mitigated, fixed, or put something back."
        )
        % {"MOST": MOST},
        table=Table(
            [
                Column("knob", gettext("Knob"), CellKind.TEXT),
                Column("turns", gettext("Turns")),
                Column("incidents", gettext("Incidents")),
            ],
            [[names[knob], turns[knob], incidents[knob]] for knob in shown],
            [("knob", knob) for knob in shown],
        ),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(len(material.rows) - len(with_any), gettext("in which no knob was turned")),
                LeftOut(len(found) - len(shown), gettext("knobs turned no more often than these")),
            ),
        ],
        chart=Chart.BARS if shown else None,
    )
