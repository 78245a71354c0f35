"""Reading a record as the rules look at it, in a constant number of queries."""

from django.urls import reverse

from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    Incident,
    Lesson,
    Participant,
    TimelineEvent,
    User,
)
from incidents.records.parts.queries import SomePart, parts_of
from incidents.wording.draft import Draft


def draft_of(incident: Incident, *, user: User) -> Draft:
    return Draft(
        incident=incident,
        edit_url=reverse("records:edit_incident", args=[incident.pk]),
        events=rows_of(TimelineEvent, incident, user),
        factors=rows_of(ContributingFactor, incident, user),
        deltas=rows_of(ConfigDelta, incident, user),
        measures=rows_of(ImpactMeasure, incident, user),
        people=rows_of(Participant, incident, user),
        lessons=list(Lesson.objects.visible_to(user).filter(learned_from=incident).order_by("id")),
        actions=list(ActionItem.objects.visible_to(user).filter(incident=incident).order_by("id")),
    )


def rows_of(model: type[SomePart], incident: Incident, user: User) -> list[SomePart]:
    rows = list(parts_of(model, incident, user=user))
    for row in rows:
        # Its address is told by the record, which is here already.
        row.incident = incident
    return rows
