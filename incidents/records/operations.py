"""Writing the incident record itself. Its parts have their own operations, in `records.parts`."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.history.operations import change_record, create_record, locked, still_wanted
from incidents.lookup.operations import keep_findable
from incidents.models import Incident, Team, User, Visibility
from incidents.notifications.operations import tell_concerned
from incidents.records.tags import tags_named
from incidents.records.times import check_order
from incidents.records.zone_change import moments_reread, parts_reread

MANY = ("services", "teams", "tags", "allowed_people", "allowed_teams")
COURSE = [f"{phase}_{half}" for phase in Incident.PHASES for half in ("at", "precision")]
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
    tell_concerned(incident, by=by, at=at)
    return incident


@transaction.atomic
def change_incident(
    incident: Incident, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Incident:
    """Change the record's own fields; who may see it is `change_access`.

    With the time zone, every time of the record changes that `values` do not give: the clock on
    the wall keeps what it showed, in the record and in its parts.

    Raises `EditConflict`, `RowGone`, `records.times.TimesOutOfOrder`,
    `records.zone_change.NotInThatZone`, and `incidents.lib.markdown.TextTooLong`; nothing is
    written then.
    """
    values = {name: value for name, value in values.items() if name not in ACCESS}
    if "tags" in values:
        values["tags"] = tags_named(values["tags"])
    current = locked(incident)
    # What is left after the merge: two people may each have moved one end of it.
    left = still_wanted(current, version=version, values=values)
    also = []
    if "time_zone" in left:
        left |= moments_reread(current, given=values, left=left)
        also = parts_reread(current, zone_name=left["time_zone"], at=at)
    check_order(with_course(current, left))
    changed = change_record(
        current,
        version=current.version,
        values=left,
        by=by,
        at=at,
        summary="Changed the record" if not also else "Changed the record and its time zone",
        also=also,
    )
    keep_findable(changed)
    tell_concerned(changed, before=current, by=by, at=at)
    return changed


def with_course(incident: Incident, values: Mapping[str, Any]) -> Incident:
    """The record as its times would be; nothing is written."""
    wanted = copy(incident)
    for name in {"time_zone", *COURSE} & values.keys():
        setattr(wanted, name, values[name])
    return wanted


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
