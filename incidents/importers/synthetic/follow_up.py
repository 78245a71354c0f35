"""What came of a made-up incident: lessons, some with a guard, and action items."""

from datetime import timedelta

from django.db.models import Model

from incidents.importers.synthetic.scene import Scene
from incidents.importers.synthetic.writing import Document
from incidents.models import (
    ActionItem,
    ActionKind,
    ActionOrigin,
    ActionState,
    Editable,
    Guard,
    GuardState,
    Incident,
    Lesson,
    LessonLink,
    LessonRelation,
    LessonState,
)

STATES = {
    ActionState.DONE: 55.0,
    ActionState.OPEN: 27.0,
    ActionState.IN_PROGRESS: 10.0,
    ActionState.WONT_DO: 8.0,
}
KINDS = {
    ActionKind.PREVENT: 45.0,
    ActionKind.DETECT: 30.0,
    ActionKind.MITIGATE: 15.0,
    ActionKind.LEARN: 10.0,
}
ORIGINS = {ActionOrigin.DECIDED: 90.0, ActionOrigin.NAMED: 7.0, ActionOrigin.IMPLIED: 3.0}


def lessons_of(scene: Scene, incident: Incident) -> list[Document[Lesson]]:
    chance, speaker = scene.chance, scene.speaker
    if not chance.happens(0.12):
        return []
    lesson = Lesson(
        sentence=f"{speaker.one_of(scene.trouble.says['lessons'])} ({speaker.fixed['service']})",
        explanation=speaker.prose(scene.trouble.says["causes"], words=40),
        state=LessonState.RETIRED if chance.happens(0.05) else LessonState.ACTIVE,
        learned_from=incident,
    )
    knob = scene.knobs[0]
    many: dict[str, list[Model]] = {"knobs": [scene.house.knob(knob, scene.service)]}
    parts: list[Editable] = []
    numbers = [int(value) for value in knob.values if value.isdigit()]
    if len(numbers) > 1 and chance.happens(0.4):
        parts.append(
            Guard(
                lesson=lesson,
                expression=f"{knob.key} <= {min(numbers)}",
                message=f"{knob.key} of {speaker.fixed['service']} is above {min(numbers)}.",
                failing_example={knob.key: max(numbers)},
                passing_example={knob.key: min(numbers)},
                state=chance.one_of((GuardState.ACTIVE, GuardState.DRAFT)),
            )
        )
    said = "Wrote the lesson"
    return [Document(lesson, said, scene.owner, scene.written, parts, many)]


def actions_of(
    scene: Scene, incident: Incident, lessons: list[Document[Lesson]]
) -> list[Document[ActionItem]]:
    chance = scene.chance
    count = chance.weighed({0: 45.0, 1: 30.0, 2: 17.0, 3: 8.0})
    return [action_of(scene, incident, lessons) for _ in range(count)]


def action_of(
    scene: Scene, incident: Incident, lessons: list[Document[Lesson]]
) -> Document[ActionItem]:
    chance, speaker = scene.chance, scene.speaker
    state = chance.weighed(STATES)
    owner = chance.choice(scene.staff)
    item = ActionItem(
        title=speaker.one_of(scene.trouble.says["actions"]).replace("`", ""),
        body=speaker.prose(scene.trouble.says["findings"], words=25),
        kind=chance.weighed(KINDS),
        state=state,
        origin=chance.weighed(ORIGINS),
        incident=incident,
        owner=owner if chance.happens(0.85) else None,
        team=scene.team,
        due_date=(scene.written + timedelta(days=chance.randint(7, 120))).date(),
        source=speaker.common("source") if chance.happens(0.2) else "",
    )
    if lessons and chance.happens(0.5):
        item.lesson = lessons[0].row
    if chance.happens(0.5):
        item.tracker_url = f"https://tracker.example/{speaker.slot('ticket')}"
    if state == ActionState.DONE:
        settle(scene, item)
    elif state == ActionState.WONT_DO:
        item.wont_do_reason = f"Costs more than it saves since {speaker.slot('month')}."
        item.declined_at = scene.written + timedelta(days=chance.randint(2, 150))
    said = f"Added the action item “{item.title}”"
    return Document(item, said, scene.owner, scene.written)


def reopened_by(
    scene: Scene, incident: Incident, parts: list[Editable]
) -> list[Document[ActionItem]]:
    """What was once done to prevent what happened again in this record."""
    chance, speaker = scene.chance, scene.speaker
    violated = [
        part
        for part in parts
        if isinstance(part, LessonLink) and part.relation == LessonRelation.VIOLATED
    ]
    rows = [
        ActionItem(
            title=speaker.one_of(scene.trouble.says["actions"]).replace("`", ""),
            kind=ActionKind.PREVENT,
            lesson_id=link.lesson_id,
            owner=scene.owner,
            team=scene.team,
            due_date=(scene.written + timedelta(days=chance.randint(7, 60))).date(),
            reopened_for=incident,
        )
        for link in violated
    ]
    return [
        Document(row, f"Added the action item “{row.title}”", scene.owner, scene.written)
        for row in rows
    ]


def settle(scene: Scene, item: ActionItem) -> None:
    item.evidence = f"Done with {scene.speaker.slot('ticket')}."
    item.done_at = scene.written + timedelta(days=scene.chance.randint(2, 150))
    item.done_by = scene.staff[0]
    if len(scene.staff) > 1 and scene.chance.happens(0.3):
        item.verified_at = item.done_at + timedelta(days=3)
        item.verified_by = scene.staff[1]
