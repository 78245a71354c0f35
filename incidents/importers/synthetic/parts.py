"""The parts of a made-up incident: what happened, why, what was turned, whom it touched."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from incidents.importers.synthetic.scene import Scene
from incidents.importers.synthetic.tables import new_row
from incidents.importers.synthetic.text import made_up_name
from incidents.importers.synthetic.times import known_as
from incidents.importers.synthetic.vocabulary import KnobWords
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    DeltaPart,
    Editable,
    EventKind,
    ImpactMeasure,
    Incident,
    Known,
    LessonLink,
    LessonRelation,
    Part,
    Participant,
    ParticipantRole,
    RelatedIncident,
    Relation,
    ReviewAnswer,
    Reviewer,
    RunbookUse,
    Served,
    State,
    TimelineEvent,
)

DELTA_PARTS = {
    DeltaPart.FIXED: 30.0,
    DeltaPart.MITIGATED: 25.0,
    DeltaPart.CONTRIBUTED: 25.0,
    DeltaPart.TRIED: 12.0,
    DeltaPart.REVERTED: 8.0,
}
SERVED = {
    Served.HELPED: 45.0,
    Served.PARTLY: 22.0,
    Served.OUTDATED: 14.0,
    Served.NOT_FOUND: 9.0,
    Served.WRONG: 6.0,
    Served.WOULD_HAVE_HELPED: 4.0,
}
# Kind, where its words come from, and which part of the course it belongs to: between the moments
# 0 (began) to 3 (resolved); before the first, after the last.
COURSE_OF_EVENTS = (
    (EventKind.CONTEXT, "event_context", -1),
    (EventKind.CHANGE, "event_change", -1),
    (EventKind.SYMPTOM, "symptoms", 0),
    (EventKind.DETECTION, "event_detection", 0),
    (EventKind.DIAGNOSIS, "findings", 1),
    (EventKind.SYMPTOM, "symptoms", 1),
    (EventKind.DECISION, "event_decision", 1),
    (EventKind.COMMUNICATION, "event_communication", 1),
    (EventKind.ACTION, "fixes", 1),
    (EventKind.DIAGNOSIS, "causes", 2),
    (EventKind.RECOVERY, "event_recovery", 2),
    (EventKind.AFTERMATH, "event_aftermath", 3),
)


def parts_of(
    scene: Scene, incident: Incident, incidents: Sequence[int], lessons: Sequence[int]
) -> list[Editable]:
    tables: list[list[Part]] = [
        events_of(scene, incident),
        factors_of(scene),
        deltas_of(scene, incident),
        measures_of(scene),
        participants_of(scene),
        lesson_links_of(scene, lessons),
        runbook_uses_of(scene),
        related_of(scene, incidents),
        reviewers_of(scene, incident),
    ]
    rows: list[Editable] = []
    for table in tables:
        for position, row in enumerate(table):
            row.incident, row.position = incident, position
            if scene.chance.happens(0.4):
                row.source = scene.speaker.common("source")
            rows.append(row)
    return rows


def events_of(scene: Scene, incident: Incident) -> list[Part]:
    """A quarter of what might be noted down is not."""
    chance, speaker = scene.chance, scene.speaker
    rows: list[Part] = []
    for kind, words, after in COURSE_OF_EVENTS:
        if chance.happens(0.25):
            continue
        said = scene.trouble.says.get(words)
        row = new_row(
            TimelineEvent,
            kind=kind,
            text=speaker.one_of(said) if said else speaker.common(words),
            actor=speaker.slot("person") if chance.happens(0.5) else "",
            known_then=chance.weighed({True: 70.0, False: 12.0, None: 18.0}),
            **known_as("event", moment_in(scene, after), ZoneInfo(incident.time_zone), chance),
        )
        if row.event_at is None or chance.happens(0.05):
            row.time_note = f"about {speaker.slot('mins')} minutes later"
        rows.append(row)
    return rows


def moment_in(scene: Scene, after: int) -> datetime:
    """Some moment of the stretch that begins with the phase `after`."""
    if after < 0:
        return scene.course[0] - timedelta(minutes=1 + scene.chance.rank(3000))
    start = scene.course[after]
    end = scene.course[after + 1] if after < 3 else start + timedelta(days=2)  # noqa: PLR2004 (the last phase)
    minutes = int((end - start).total_seconds() // 60)
    return start + timedelta(minutes=scene.chance.randint(0, max(minutes, 0)))


def factors_of(scene: Scene) -> list[Part]:
    """Mostly those of the trouble; now and then one of another."""
    chance = scene.chance
    slugs = [words.slug for words in chance.some_of(scene.trouble.factors, 3)]
    if chance.happens(0.25):
        slugs.append(chance.one_of(list(scene.house.factors)))
    return [
        new_row(
            ContributingFactor,
            factor=scene.house.factors[slug],
            how=scene.speaker.common("factor_how"),
        )
        for slug in dict.fromkeys(slugs)
    ]


def deltas_of(scene: Scene, incident: Incident) -> list[Part]:
    return [delta_of(scene, incident, knob) for knob in scene.knobs if scene.chance.happens(0.75)]


def delta_of(scene: Scene, incident: Incident, words: KnobWords) -> ConfigDelta:
    chance, speaker = scene.chance, scene.speaker
    values = [value for value in words.values if value]
    before, after = chance.sample(values, 2)
    row = new_row(
        ConfigDelta,
        knob=scene.house.knob(words, scene.service),
        before=before,
        after=after,
        part=chance.weighed(DELTA_PARTS),
        place=speaker.slot("host") if chance.happens(0.6) else "",
        note=speaker.common("background") if chance.happens(0.3) else "",
        **known_as("turned", scene.course[2], ZoneInfo(incident.time_zone), chance),
    )
    if chance.happens(0.2):
        row.before, row.before_known = "", chance.one_of((Known.UNKNOWN, Known.ABSENT))
    elif chance.happens(0.06):
        row.after, row.after_known = "", chance.one_of((Known.UNKNOWN, Known.ABSENT))
    return row


def measures_of(scene: Scene) -> list[Part]:
    chance, speaker = scene.chance, scene.speaker
    rows: list[Part] = []
    for unit in dict.fromkeys(speaker.word("unit") for _ in range(chance.randint(0, 3))):
        row = new_row(
            ImpactMeasure, name=f"{unit} affected", unit=unit, is_approximate=chance.happens(0.4)
        )
        if chance.happens(0.85):
            row.value = Decimal(1 + chance.rank(2_000_000))
            if chance.happens(0.5):
                row.out_of = row.value * chance.randint(1, 40)
        else:
            row.note = "nobody counted"
        rows.append(row)
    return rows


def participants_of(scene: Scene) -> list[Part]:
    chance = scene.chance
    roles = [ParticipantRole.COMMANDER, *ParticipantRole]
    rows: list[Part] = []
    for place, person in enumerate(scene.staff):
        hours = Decimal(chance.randint(1, 60)) / 4
        rows.append(
            new_row(
                Participant,
                person=person,
                role=roles[place] if place < 2 else chance.choice(roles),  # noqa: PLR2004
                hours=hours,
                hours_outside_work=min(hours, Decimal(chance.rank(20)) / 2),
                longest_stretch_hours=hours / 2 if chance.happens(0.5) else None,
            )
        )
    if chance.happens(0.3):
        name = made_up_name(chance.rank(5000))
        rows.append(
            new_row(
                Participant,
                name=f"Support of {name}",
                role=ParticipantRole.REPORTER,
                note="by phone",
            )
        )
    return rows


def lesson_links_of(scene: Scene, lessons: Sequence[int]) -> list[Part]:
    chance = scene.chance
    if not lessons or not chance.happens(0.15):
        return []
    relation = chance.one_of(
        (LessonRelation.VIOLATED, LessonRelation.UPHELD, LessonRelation.REFINED)
    )
    note = scene.speaker.common("factor_how") if chance.happens(0.5) else ""
    return [LessonLink(lesson_id=chance.choice(lessons), relation=relation, note=note)]


def runbook_uses_of(scene: Scene) -> list[Part]:
    chance = scene.chance
    runbook = scene.house.runbook_for(scene.trouble.name, scene.service, chance)
    if runbook is None or not chance.happens(0.55):
        return []
    note = scene.speaker.common("use_note") if chance.happens(0.6) else ""
    return [RunbookUse(runbook=runbook, served=chance.weighed(SERVED), note=note)]


def related_of(scene: Scene, incidents: Sequence[int]) -> list[Part]:
    chance = scene.chance
    if not incidents or not chance.happens(0.2):
        return []
    relation = chance.one_of((Relation.SIMILAR, Relation.FOLLOWS, Relation.SAME_CHANGE))
    # Mostly one of not long ago.
    other = incidents[-1 - chance.rank(len(incidents))]
    return [
        RelatedIncident(other_id=other, relation=relation, note="found while looking for another")
    ]


def reviewers_of(scene: Scene, incident: Incident) -> list[Part]:
    chance = scene.chance
    if incident.state not in {State.PUBLISHED, State.IN_REVIEW} or not chance.happens(0.7):
        return []
    person = scene.staff[-1]
    if incident.state == State.PUBLISHED:
        answer = ReviewAnswer.APPROVED
    else:
        answer = chance.one_of((ReviewAnswer.ASKED, ReviewAnswer.CHANGES_WANTED))
    if answer == ReviewAnswer.ASKED:
        return [Reviewer(person=person)]
    note = "Say more about how it was noticed." if answer != ReviewAnswer.APPROVED else ""
    return [Reviewer(person=person, answer=answer, note=note, answered_at=scene.written)]
