"""Reading whole records for an export: many at a time, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    Export,
    ImpactMeasure,
    Incident,
    Lesson,
    LessonLink,
    Part,
    Participant,
    RelatedIncident,
    RunbookUse,
    Service,
    Tag,
    Team,
    TimelineEvent,
    User,
)
from incidents.models.incidents import may_know_incident

AT_A_TIME = 25
"""Records that are in memory at once, with all their parts."""
KEYS_AT_A_TIME = 500

PARTS: dict[type[Part], tuple[str, ...]] = {
    TimelineEvent: (),
    ImpactMeasure: (),
    ContributingFactor: ("factor",),
    ConfigDelta: ("knob",),
    Participant: ("person",),
    LessonLink: ("lesson",),
    RunbookUse: ("runbook",),
    RelatedIncident: ("other",),
}
"""What belongs to a record, and the rows without which it cannot be told."""


@dataclass
class Whole:
    """A record with all of it that somebody may see."""

    incident: Incident
    parts: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    lessons: list[Lesson] = field(default_factory=list)
    action_items: list[ActionItem] = field(default_factory=list)

    @property
    def changed_at(self) -> datetime:
        """When the last of it was changed."""
        rows = [self.incident, *self.lessons, *self.action_items]
        rows += [part for parts in self.parts.values() for part in parts]
        return max(row.changed_at for row in rows)

    @property
    def touched(self) -> set[int]:
        """The keys of the incidents that one has to be allowed to see, to see all of this."""
        others = {link.lesson.learned_from_id for link in self.parts[LessonLink]}
        others |= {related.other_id for related in self.parts[RelatedIncident]}
        for item in self.action_items:
            others |= {item.incident_id, item.lesson and item.lesson.learned_from_id}
        return {self.incident.pk} | {key for key in others if key}


def some_whole(keys: Sequence[int], *, user: User) -> list[Whole]:
    """The records of these keys that the person may see, in the order of the keys."""
    found = {
        incident.pk: Whole(incident)
        for incident in Incident.objects.visible_to(user)
        .filter(pk__in=keys)
        .select_related("owner", "published_by")
        .prefetch_related(
            Prefetch("services", Service.objects.only("name", "slug").order_by("name")),
            Prefetch("teams", Team.objects.only("name", "slug").order_by("name")),
            Prefetch("tags", Tag.objects.order_by("name")),
        )
    }
    for model, told_with in PARTS.items():
        rows: Any = model._default_manager
        parts = rows.visible_to(user).filter(incident__in=found).select_related(*told_with)
        for part in parts.order_by("position", "id"):
            found[part.incident_id].parts[model].append(part)
    for lesson in Lesson.objects.visible_to(user).filter(learned_from__in=found).order_by("id"):
        found[lesson.learned_from_id or 0].lessons.append(lesson)
    for item in action_items_of(found, user=user):
        for key in {item.incident_id, item.reopened_for_id} & found.keys():
            found[key or 0].action_items.append(item)
    return [found[key] for key in keys if key in found]


def action_items_of(keys: Iterable[int], *, user: User) -> QuerySet[ActionItem]:
    return (
        ActionItem.objects.visible_to(user)
        .filter(Q(incident__in=keys) | Q(reopened_for__in=keys))
        .select_related("owner", "team", "lesson")
        .order_by("id")
    )


def exports_of(user: User) -> QuerySet[Export]:
    """One's own, of what one may still see."""
    return (
        Export.objects.filter(owner=user)
        .filter(Q(incident__isnull=True) | may_know_incident(user))
        .select_related("job", "incident", "team", "service")
        .order_by("-pk")
    )


def may_still_see(export: Export, user: User) -> bool:
    """Whether every record in the file is open to this person now."""
    for start in range(0, len(export.touched), KEYS_AT_A_TIME):
        keys = export.touched[start : start + KEYS_AT_A_TIME]
        if Incident.objects.visible_to(user).filter(pk__in=keys).count() < len(keys):
            return False
    return True
