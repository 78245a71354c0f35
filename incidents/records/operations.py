"""Writing the incident record itself. Its parts have their own operations, in `records.parts`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.history.operations import change_record, create_record
from incidents.lookup.operations import keep_findable
from incidents.models import Incident, Team, User, Visibility
from incidents.records.tags import tags_named
from incidents.records.times import check_order

MANY = ("services", "teams", "tags", "allowed_people", "allowed_teams")
ACCESS = ("visibility", "allowed_people", "allowed_teams")


@transaction.atomic
def create_incident(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Incident:
    """Open a record; its number is the next that the database counts.

    `tags` may be names. A restricted record names its maker, so that somebody can open it. Raises
    `records.times.TimesOutOfOrder` and `incidents.lib.markdown.TextTooLong`.
    """
    columns = {name: value for name, value in values.items() if name not in MANY}
    related = {name: list(values[name]) for name in MANY if name in values}
    if "tags" in related:
        related["tags"] = tags_named(related["tags"])
    incident = Incident(**columns)
    if incident.is_restricted:
        related["allowed_people"] = with_those_in_charge(
            incident, related.get("allowed_people", []), by
        )
    check_order(incident)
    create_record(incident, by=by, at=at, summary=f"Recorded “{incident.title}”", related=related)
    keep_findable(incident)
    return incident


@transaction.atomic
def change_incident(
    incident: Incident, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Incident:
    """Change the record's own fields; who may see it is `change_access`.

    Raises `EditConflict`, `RowGone`, `records.times.TimesOutOfOrder`, and
    `incidents.lib.markdown.TextTooLong`; nothing is written then.
    """
    values = {name: value for name, value in values.items() if name not in ACCESS}
    if "tags" in values:
        values["tags"] = tags_named(values["tags"])
    changed = change_record(
        incident, version=version, values=values, by=by, at=at, summary="Changed the record"
    )
    # After the merge: two people may each have moved one end of it.
    check_order(changed)
    keep_findable(changed)
    return changed


@transaction.atomic
def change_access(
    incident: Incident,
    *,
    version: int,
    visibility: str,
    people: Iterable[User],
    teams: Iterable[Team],
    by: User,
    at: datetime,
) -> Incident:
    """Say who may see the record. Who restricts it and who owns it are always among them.

    Opening it to everybody forgets the names. Raises `EditConflict` and `RowGone`.
    """
    restricted = visibility == Visibility.RESTRICTED
    values = {
        "visibility": visibility,
        "allowed_people": with_those_in_charge(incident, people, by) if restricted else [],
        "allowed_teams": list(teams) if restricted else [],
    }
    summary = "Restricted who may see it" if restricted else "Opened it to everybody"
    return change_record(incident, version=version, values=values, by=by, at=at, summary=summary)


def with_those_in_charge(incident: Incident, people: Iterable[User], by: User | None) -> list[User]:
    """A restricted record that nobody can open would be lost."""
    named = {person.pk: person for person in people}
    for person in (by, incident.owner):
        if person is not None:
            named[person.pk] = person
    return list(named.values())
