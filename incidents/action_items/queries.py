"""Reading action items, in the shape that a page needs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from incidents.action_items.due import due_by_policy
from incidents.models import ActionItem, ActionState, Incident, LessonLink, LessonRelation, User

LONGEST_NUMBER = 18
UNFINISHED = (ActionState.OPEN, ActionState.IN_PROGRESS)


def proposed_due_date(reference: str, user: User, *, at: datetime) -> date | None:
    """What the policy says of an incident that somebody names: none where they may not know it."""
    number = reference.upper().removeprefix("INC-")
    if not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
        return None
    incident = Incident.objects.visible_to(user).filter(pk=int(number)).first()
    return due_by_policy(incident, today=user.date_at(at))


@dataclass(frozen=True)
class Reopening:
    """Why an item was reopened, as far as the reader may know."""

    incident: Incident | None
    link: LessonLink | None
    """What the incident says of the lesson today: it may have been a mistake."""


def reopening_of(item: ActionItem, user: User) -> Reopening | None:
    """None where its lesson was never violated after it was done."""
    if item.reopened_for_id is None:
        return None
    incident = Incident.objects.visible_to(user).filter(pk=item.reopened_for_id).first()
    links = LessonLink.objects.visible_to(user).filter(
        incident=incident, lesson=item.lesson_id, relation=LessonRelation.VIOLATED
    )
    return Reopening(incident, links.first() if incident else None)


def late_on(today: date) -> Q:
    return Q(due_date__lt=today, state__in=UNFINISHED)


def action_items_for(user: User, *, today: date) -> QuerySet[ActionItem]:
    """What this person may see, each marked as late or not on the given day."""
    late = When(late_on(today), then=Value(value=True))
    return (
        ActionItem.objects.visible_to(user)
        .select_related("incident", "lesson", "owner", "team")
        .annotate(is_late=Case(late, default=Value(value=False), output_field=BooleanField()))
    )


def mine_for(user: User, *, today: date) -> QuerySet[ActionItem]:
    """What this person has promised and not yet finished, the most pressing first."""
    return action_items_for(user, today=today).filter(owner=user, state__in=UNFINISHED)
