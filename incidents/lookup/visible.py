"""What may be found at all: of each kind the records that a person may know of."""

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from incidents.models import (
    ActionItem,
    Factor,
    FoundKind,
    Incident,
    Knob,
    Lesson,
    Reach,
    Runbook,
    Service,
    Team,
    User,
)

Row = TypeVar("Row", bound=Model)
Record = Incident | Runbook | Lesson | Knob | Factor | ActionItem | Service | Team

# In the order in which a responder needs them.
VISIBLE: Mapping[FoundKind, Callable[[User], QuerySet[Any]]] = {
    FoundKind.RUNBOOK: lambda _user: Runbook.objects.all(),
    FoundKind.INCIDENT: Incident.objects.visible_to,
    FoundKind.LESSON: Lesson.objects.visible_to,
    FoundKind.KNOB: Knob.objects.visible_to,
    FoundKind.FACTOR: Factor.objects.visible_to,
    FoundKind.ACTION_ITEM: ActionItem.objects.visible_to,
    FoundKind.SERVICE: lambda _user: Service.objects.all(),
    FoundKind.TEAM: lambda _user: Team.objects.all(),
}


def visible(kinds: Collection[FoundKind], *, user: User) -> dict[FoundKind, QuerySet[Any]]:
    return {kind: seen(VISIBLE[kind], user) for kind in kinds}


def seen(rows: Callable[[User], QuerySet[Row]], user: User) -> QuerySet[Row]:
    """What `rows`, such as `ConfigDelta.objects.visible_to`, gives for this person."""
    return _question(rows, user, (user.is_active, user.reach)).all()


@lru_cache(maxsize=4096)
def _question(
    rows: Callable[[User], QuerySet[Row]], user: User, _depends_on: tuple[bool, Reach]
) -> QuerySet[Row]:
    """What the database is asked, never its answer. To put it together takes longer than to ask it,
    and for a person it is the same until something changes that it depends on."""
    return rows(user)
