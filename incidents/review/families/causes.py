"""What contributed, what was learned, what was turned."""

from collections import Counter

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
    compared = f", from {periods[-1].label} to {periods[0].label}" if periods else ""
    return Figure(
        key="factors",
        title="Contributing factors",
        definition="In how many incidents of the period each factor was at work, and in how many "
        f"it was on average in each of the {len(periods)} periods before{compared}. An incident "
        "counts for each of its factors.",
        table=Table(
            [
                Column("factor", "Factor", CellKind.TEXT),
                Column("incidents", "Incidents"),
                Column("before", "Before, on average", CellKind.NUMBER),
                Column("change", "Change", CellKind.CHANGE),
            ],
            [row for row, _ in lines],
            [about for _, about in lines],
        ),
        left_out=[
            *material.left_out,
            *some(LeftOut(len(material.rows) - len(with_any), "without a contributing factor")),
        ],
        chart=Chart.BARS_AND_MARKS if lines else None,
    )


def lessons(material: Material) -> Figure:
    learned = material.scope.lessons().filter(learned_from__in=material.keys).order_by()
    pairs: dict[str, list[tuple[int, int]]] = {
        "learned": list(learned.values_list("pk", "learned_from"))
    }
    for relation in LessonRelation:
        pairs[relation.label] = [
            (lesson, incident)
            for incident, lesson, said in material.lesson_links
            if said == relation
        ]
    material.use("lesson", (lesson for rows in pairs.values() for lesson, _ in rows))
    return Figure(
        key="lessons",
        title="Lessons",
        definition="Lessons learned from incidents of the period, whenever they were written down; "
        "and the lessons that incidents of the period violated, upheld or refined. "
        "Learned are those that name the incident as where they come from.",
        table=Table(
            [
                Column("relation", "What became of them", CellKind.TEXT),
                Column("lessons", "Lessons"),
                Column("incidents", "Incidents"),
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
        title="Lessons that were violated",
        definition=f"The {MOST} lessons that the most incidents of the period violated.",
        table=Table(
            [
                Column("record", "Lesson", CellKind.RECORD),
                Column("sentence", "What was to be remembered", CellKind.TEXT),
                Column("incidents", "Violated in"),
            ],
            [[f"LES-{key}", sentences[key], counts[key]] for key in shown],
            [("lesson", key) for key in shown],
        ),
        left_out=[
            *material.left_out,
            *some(LeftOut(len(most) - len(shown), "lessons violated no more often than these")),
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
        title="Knobs turned most",
        definition=f"The {MOST} settings that were turned most often in incidents of the period, "
        "whether that contributed, was tried, mitigated, fixed, or put something back.",
        table=Table(
            [
                Column("knob", "Knob", CellKind.TEXT),
                Column("turns", "Turns"),
                Column("incidents", "Incidents"),
            ],
            [[names[knob], turns[knob], incidents[knob]] for knob in shown],
            [("knob", knob) for knob in shown],
        ),
        left_out=[
            *material.left_out,
            *some(
                LeftOut(len(material.rows) - len(with_any), "in which no knob was turned"),
                LeftOut(len(found) - len(shown), "knobs turned no more often than these"),
            ),
        ],
        chart=Chart.BARS if shown else None,
    )
