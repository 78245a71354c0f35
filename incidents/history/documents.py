"""Which whole record each row belongs to: its document. And who may know of a document."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet

from incidents.access.permissions import may_administer
from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    Factor,
    Guard,
    ImpactMeasure,
    Incident,
    Knob,
    Lesson,
    LessonLink,
    Part,
    Participant,
    RelatedIncident,
    Review,
    ReviewDecision,
    Reviewer,
    Runbook,
    RunbookUse,
    Service,
    Team,
    TimelineEvent,
    User,
)


class Document(NamedTuple):
    type: str
    id: int


def document_of(row: Model) -> Document:
    """A part belongs to its incident, a guard to its lesson, a decision to its review; every other
    row is its own."""
    if isinstance(row, Part):
        return Document("incident", row.incident_id)
    if isinstance(row, ReviewDecision):
        return Document("review", row.review_id)
    if isinstance(row, Guard):
        return Document("lesson", row.lesson_id)
    return Document(model_name(row), row.pk)


def model_name(row: Model | type[Model]) -> str:
    return str(row._meta.model_name)


def everybodys(table: type[Model]) -> Callable[[User], QuerySet[Any]]:
    return lambda _: table._default_manager.all()


def people_for_admins(user: User) -> QuerySet[User]:
    return User.objects.all() if may_administer(user) else User.objects.none()


# How each kind of document is fetched for a person. Its history is open to whom it is open to now:
# what was written before a record was restricted is as closed as the record.
VISIBLE_DOCUMENTS: dict[str, Callable[[User], QuerySet[Any]]] = {
    "incident": Incident.objects.visible_to,
    "runbook": everybodys(Runbook),
    "lesson": Lesson.objects.visible_to,
    "knob": Knob.objects.visible_to,
    "factor": Factor.objects.visible_to,
    "actionitem": ActionItem.objects.visible_to,
    "review": everybodys(Review),
    "service": everybodys(Service),
    "team": everybodys(Team),
    "user": people_for_admins,
}

# The tables whose rows make up a document, in the order in which people read them.
PARTS: dict[str, tuple[type[Part | Guard | ReviewDecision], ...]] = {
    "incident": (
        TimelineEvent,
        ContributingFactor,
        ConfigDelta,
        ImpactMeasure,
        Participant,
        LessonLink,
        RunbookUse,
        RelatedIncident,
        Reviewer,
    ),
    "lesson": (Guard,),
    "review": (ReviewDecision,),
}

TABLES: dict[str, type[Model]] = {
    model_name(table): table
    for table in (
        Incident,
        Runbook,
        Lesson,
        Knob,
        Factor,
        ActionItem,
        Review,
        Service,
        Team,
        User,
        *(part for parts in PARTS.values() for part in parts),
    )
}


def parts_of(row: Model) -> list[Part | Guard | ReviewDecision]:
    """The rows of a document beside its own, in their order."""
    owner = model_name(row)
    return [
        part
        for table in PARTS.get(owner, ())
        for part in table._base_manager.filter(**{owner: row.pk}).order_by("pk")
    ]
