"""The records that one hears about."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import pgettext

from incidents.models import ActionItem, Incident, Lesson, Message, Review, Runbook, Team, User

Record = Incident | ActionItem | Lesson | Runbook | Review

# By the column of a message that names them: how they are fetched for a person.
FIELDS: dict[str, type[Record]] = {
    "incident": Incident,
    "action_item": ActionItem,
    "lesson": Lesson,
    "runbook": Runbook,
    "review": Review,
}
OPEN_TO_ALL = (Runbook, Review)


def field_of(record: Record) -> str:
    """The column of a message that names it."""
    return next(name for name, table in FIELDS.items() if isinstance(record, table))


def open_to(user: User, table: type[Record]) -> QuerySet[Any]:
    if table in OPEN_TO_ALL:
        rows: QuerySet[Any] = table._default_manager.all()
        return rows if user.is_active else rows.none()
    return table.objects.visible_to(user)  # type: ignore[union-attr]  # all others have it


def open_among(user: User, records: Iterable[Record]) -> set[tuple[str, int]]:
    """Those of the records that this person may know of now, as (column, key)."""
    wanted: dict[str, set[int]] = {}
    for record in records:
        wanted.setdefault(field_of(record), set()).add(record.pk)
    return {
        (name, key)
        for name, keys in wanted.items()
        for key in open_to(user, FIELDS[name]).filter(pk__in=keys).values_list("pk", flat=True)
    }


def key_of(message: Message) -> tuple[str, int]:
    return field_of(message.about), message.about.pk


def teams_of(record: Record | None) -> set[int]:
    """The keys of the teams that a record belongs to, itself or by its services."""
    if isinstance(record, Incident):
        return keys(record.teams.all()) | keys(Team.objects.filter(services__incidents=record))
    if isinstance(record, Runbook):
        named = {record.team_id} if record.team_id else set()
        return named | keys(Team.objects.filter(services__runbooks=record))
    if isinstance(record, ActionItem):
        return {record.team_id} if record.team_id else teams_of(record.incident)
    if isinstance(record, Lesson):
        return teams_of(record.learned_from)
    if isinstance(record, Review):
        team = record.service.team_id if record.service else record.team_id
        return {team} if team else set()
    return set()


def keys(teams: QuerySet[Team]) -> set[int]:
    return set(teams.values_list("pk", flat=True))


def name_of(record: Record) -> tuple[str, str]:
    """What it is called by, and its title: ("INC-42", "Orders time out")."""
    if isinstance(record, Runbook):
        return pgettext("before its title", "the runbook"), record.title
    if isinstance(record, Review):
        return pgettext("before its title", "the review of"), record.title
    title = record.sentence if isinstance(record, Lesson) else record.title
    return record.reference, title


def key_for_programs(record: Record) -> str:
    """As it stands in the addresses of `/api/v1/`."""
    if isinstance(record, Runbook):
        return record.slug
    return str(record.pk) if isinstance(record, Review) else record.reference


def address_for_programs(record: Record) -> str:
    key = record.pk if not isinstance(record, Runbook) else record.slug
    return reverse(f"api:{field_of(record)}", args=[key])


def people_named(names: Collection[str]) -> list[User]:
    """Those with accounts that are open, by username without regard to capitals."""
    if not names:
        return []
    rows = User.objects.annotate(lower=Lower("username"))
    return list(rows.filter(lower__in=names, is_active=True).order_by("pk"))
