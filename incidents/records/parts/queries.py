"""Reading the parts of a record, in their order, in a constant number of queries."""

from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.db.models import CharField, F, QuerySet, TextField, Value
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


def action_items_of(incident: Incident, *, user: User) -> QuerySet[ActionItem]:
    """What is to be done because of this record: what is open first, by due date."""
    found = ActionItem.objects.visible_to(user).filter(incident=incident)
    return found.select_related("owner", "team").order_by(F("due_date").asc(nulls_last=True), "id")


@dataclass
class LinkedRecords:
    """What the record is linked with: each row is whole enough to be shown, not to be saved."""

    lessons: list[Lesson] = field(default_factory=list)
    lesson_links: list[LessonLink] = field(default_factory=list)
    runbook_uses: list[RunbookUse] = field(default_factory=list)
    related: list[RelatedIncident] = field(default_factory=list)


def linked_records_of(incident: Incident, *, user: User) -> LinkedRecords:
    """Lessons, earlier lessons, runbooks and related records in one query: they look alike.

    Each is a link with a word (how they relate) and a note, to a row with a title and a state.
    """
    lessons = Lesson.objects.visible_to(user).filter(learned_from=incident)
    rows = alike(lessons, "lesson", other="", title="sentence", word=None).union(
        alike(
            parts_of(LessonLink, incident, user=user),
            "lesson_link",
            other="lesson__",
            title="lesson__sentence",
            word="relation",
        ),
        alike(
            parts_of(RunbookUse, incident, user=user),
            "runbook_use",
            other="runbook__",
            title="runbook__title",
            word="served",
            slug="runbook__slug",
        ),
        alike(
            parts_of(RelatedIncident, incident, user=user),
            "related",
            other="other__",
            title="other__title",
            word="relation",
        ),
        all=True,
    )
    found = LinkedRecords()
    for row in sorted(rows, key=lambda row: (row["at"], row["row_id"])):
        READ[row["row_kind"]](found, incident, row)
    return found


def alike(
    rows: QuerySet[Any], kind: str, *, other: str, title: str, word: str | None, slug: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """The same columns for each kind of link, so that one query can read them all."""
    nothing = Value("", output_field=TextField())
    is_part = bool(other)
    return (
        rows.order_by()
        .select_related(None)
        .values(
            row_kind=Value(kind, output_field=CharField()),
            row_id=F("pk"),
            row_version=F("version"),
            at=F("position") if is_part else Value(0),
            other_id_=F(f"{other}pk"),
            title_=Cast(title, TextField()),
            state_=Cast(f"{other}state", TextField()),
            slug_=Cast(slug, TextField()) if slug else nothing,
            word_=Cast(word, TextField()) if word else nothing,
            note_=Cast("note", TextField()) if is_part else nothing,
            source_=Cast("source", TextField()) if is_part else nothing,
        )
    )


def common(incident: Incident, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "pk": row["row_id"],
        "version": row["row_version"],
        "incident": incident,
        "position": row["at"],
        "note": row["note_"],
        "source": row["source_"],
    }


def read_lesson(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    lesson = Lesson(
        pk=row["row_id"], sentence=row["title_"], state=row["state_"], learned_from=incident
    )
    found.lessons.append(lesson)


def read_lesson_link(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    lesson = Lesson(pk=row["other_id_"], sentence=row["title_"], state=row["state_"])
    link = LessonLink(**common(incident, row), lesson=lesson, relation=row["word_"])
    found.lesson_links.append(link)


def read_runbook_use(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    runbook = Runbook(
        pk=row["other_id_"], title=row["title_"], state=row["state_"], slug=row["slug_"]
    )
    use = RunbookUse(**common(incident, row), runbook=runbook, served=row["word_"])
    found.runbook_uses.append(use)


def read_related(found: LinkedRecords, incident: Incident, row: dict[str, Any]) -> None:
    other = Incident(pk=row["other_id_"], title=row["title_"], state=row["state_"])
    related = RelatedIncident(**common(incident, row), other=other, relation=row["word_"])
    found.related.append(related)


READ = {
    "lesson": read_lesson,
    "lesson_link": read_lesson_link,
    "runbook_use": read_runbook_use,
    "related": read_related,
}
