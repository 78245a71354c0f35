"""Reading the parts of a record, in their order, in a constant number of queries."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from incidents.models import (
    ActionItem,
    Incident,
    Lesson,
    LessonLink,
    Part,
    RelatedIncident,
    Runbook,
    RunbookUse,
    Team,
    User,
)

SomePart = TypeVar("SomePart", bound=Part)

TOLD_WITH: dict[str, tuple[str, ...]] = {
    "contributingfactor": ("factor",),
    "configdelta": ("knob",),
    "participant": ("person",),
    "lessonlink": ("lesson",),
    "runbookuse": ("runbook",),
    "relatedincident": ("other",),
}
"""The other rows without which a part cannot be told."""


def parts_of(model: type[SomePart], incident: Incident, *, user: User) -> QuerySet[SomePart]:
    """The parts of one kind that this person may know of, in their order."""
    rows = cast("Any", model._default_manager).visible_to(user)
    told_with = TOLD_WITH.get(str(model._meta.model_name), ())
    found = rows.filter(incident=incident).select_related(*told_with)
    return cast("QuerySet[SomePart]", found.order_by("position", "id"))


@dataclass
class LinkedRecords:
    """What the record is linked with: each row is whole enough to be shown, not to be saved."""

    lessons: list[Lesson] = field(default_factory=list)
    lesson_links: list[LessonLink] = field(default_factory=list)
    runbook_uses: list[RunbookUse] = field(default_factory=list)
    related: list[RelatedIncident] = field(default_factory=list)
    action_items: list[ActionItem] = field(default_factory=list)


def linked_records_of(incident: Incident, *, user: User) -> LinkedRecords:
    """Lessons, earlier lessons, runbooks, related records and action items in one query.

    They look alike: each has a title and a state, and most a word for how they relate and a note.
    """
    lessons = Lesson.objects.visible_to(user).filter(learned_from=incident)
    rows = alike(lessons, "lesson", title_="sentence").union(
        alike(
            parts_of(LessonLink, incident, user=user),
            "lesson_link",
            **LINK,
            other_="lesson__pk",
            title_="lesson__sentence",
            state_="lesson__state",
            word_="relation",
        ),
        alike(
            parts_of(RunbookUse, incident, user=user),
            "runbook_use",
            **LINK,
            other_="runbook__pk",
            title_="runbook__title",
            state_="runbook__state",
            slug_="runbook__slug",
            word_="served",
        ),
        alike(
            parts_of(RelatedIncident, incident, user=user),
            "related",
            **LINK,
            other_="other__pk",
            title_="other__title",
            state_="other__state",
            word_="relation",
        ),
        alike(
            ActionItem.objects.visible_to(user).filter(
                Q(incident=incident) | Q(reopened_for=incident)
            ),
            "action_item",
            other_="reopened_for__pk",
            word_="kind",
            origin_="origin",
            due_="due_date",
            team_="team__name",
            **{f"owner_{name}_": f"owner__{name}" for name in OWNER},
        ),
        all=True,
    )
    found = LinkedRecords()
    for row in sorted(rows, key=lambda row: (row["at_"], row["due_"] or "9", row["pk_"])):
        READ[row["kind_"]](found, incident, row)
    return found


OWNER = ("username", "first_name", "last_name")
LINK = {"at_": "position", "note_": "note", "source_": "source"}
NUMBERS = {"pk_": "pk", "version_": "version", "at_": "", "other_": ""}
TEXTS = {
    "title_": "title",
    "state_": "state",
    **dict.fromkeys(("slug_", "word_", "note_", "source_", "origin_", "due_", "team_"), ""),
    **{f"owner_{name}_": "" for name in OWNER},
}
"""The columns that every kind of link has in the one query, and where most have them from."""


def alike(rows: QuerySet[Any], kind: str, **columns: str) -> QuerySet[Any, dict[str, Any]]:
    """The same columns in the same order for each kind, so that one query can read them all."""
    numbers = {name: columns.get(name, path) for name, path in NUMBERS.items()}
    texts = {name: columns.get(name, path) for name, path in TEXTS.items()}
    return (
        rows.order_by()
        .select_related(None)
        .values(
            kind_=Value(kind, output_field=TextField()),
            **{name: F(path) if path else Value(0) for name, path in numbers.items()},
            **{name: Cast(path or Value(""), TextField()) for name, path in texts.items()},
        )
    )


def of_link(incident: Incident, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "pk": row["pk_"],
        "version": row["version_"],
        "incident": incident,
        "position": row["at_"],
        "note": row["note_"],
        "source": row["source_"],
    }


def read_lesson(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    lesson = Lesson(
        pk=row["pk_"], sentence=row["title_"], state=row["state_"], learned_from=incident
    )
    found.lessons.append(lesson)


def read_lesson_link(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    lesson = Lesson(pk=row["other_"], sentence=row["title_"], state=row["state_"])
    link = LessonLink(**of_link(incident, row), lesson=lesson, relation=row["word_"])
    found.lesson_links.append(link)


def read_runbook_use(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    runbook = Runbook(pk=row["other_"], title=row["title_"], state=row["state_"], slug=row["slug_"])
    use = RunbookUse(**of_link(incident, row), runbook=runbook, served=row["word_"])
    found.runbook_uses.append(use)


def read_related(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    other = Incident(pk=row["other_"], title=row["title_"], state=row["state_"])
    related = RelatedIncident(**of_link(incident, row), other=other, relation=row["word_"])
    found.related.append(related)


def read_action_item(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    item = ActionItem(
        pk=row["pk_"],
        title=row["title_"],
        state=row["state_"],
        kind=row["word_"],
        origin=row["origin_"],
        incident=incident,
        reopened_for_id=row["other_"],
    )
    if row["owner_username_"]:
        item.owner = User(**{name: row[f"owner_{name}_"] for name in OWNER})
    if row["team_"]:
        item.team = Team(name=row["team_"])
    if row["due_"]:
        item.due_date = date.fromisoformat(row["due_"])
    found.action_items.append(item)


READ = {
    "lesson": read_lesson,
    "lesson_link": read_lesson_link,
    "runbook_use": read_runbook_use,
    "related": read_related,
    "action_item": read_action_item,
}
