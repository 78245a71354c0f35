"""Dispatch, Netflix's: what its interface answers for incidents, or a dump of its PostgreSQL.

https://github.com/Netflix/dispatch: `src/dispatch/incident/models.py` and beside it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from incidents.importers import dumps
from incidents.importers.found import Found, FoundUnread
from incidents.importers.gathering import Gathering
from incidents.importers.json_records import ENDINGS as ENDINGS_OF_JSON
from incidents.importers.json_records import (
    Entry,
    beginning_of,
    files_in,
    look,
    read_records,
    take,
    take_first,
    take_list,
    take_text,
    without,
)
from incidents.lib.zones import zone_named

__all__ = ["ENDINGS", "fits", "read"]

ENDINGS = (*ENDINGS_OF_JSON, *dumps.ENDINGS)
_FOR_PROGRAMS = frozenset({
    "activity", "after_hours_notification", "allow_self_join", "allowed_for_stable_incidents",
    "assumed_at", "channel_id", "color", "contact_type", "created_at", "default",
    "delay_executive_report_reminder", "delay_tactical_report_reminder",
    "disable_delayed_message_warning", "discoverable", "enabled", "evergreen",
    "evergreen_last_reminder_at", "evergreen_owner", "evergreen_reminder_interval",
    "exclude_from_metrics", "exclude_from_reminders", "exclude_from_review", "exclusive",
    "executive_report_reminder", "external_id", "filters", "generate_read_in_summary", "id",
    "incident_id", "is_active", "is_external", "last_reminder_at", "page_commander", "pinned",
    "plugin_metadata", "reminders", "renounced_at", "resource_id", "resource_type",
    "search_vector", "send_daily_reports", "stable_priority", "suggestable",
    "tactical_report_reminder", "task_plugin_metadata", "tasks_source", "updated_at",
    "user_conversation_id", "uuid", "view_order",
})  # fmt: skip
_ROLES = {
    "incident commander": "commander",
    "scribe": "scribe",
    "reporter": "reporter",
    "liaison": "communications",
    "participant": "responder",
    "assignee": "responder",
    "observer": "other",
}
_NO_RESOLUTION = "Description of the actions taken to resolve the incident."
"""What Dispatch writes there before anybody does."""
_NOTHING = ("{}", "null", "[]")
_FITS = re.compile(r'"(?:incident_severity|incident_priority|incident_type|reported_at)"')
_TABLES = (
    "incident", "incident_type", "incident_severity", "incident_priority", "event", "task",
    "participant", "participant_role", "individual_contact", "tag", "assoc_incident_tags",
    "task_assignees", "document", "report", "ticket", "conversation", "conference", "storage",
    "term", "assoc_incident_terms",
)  # fmt: skip


def fits(path: Path) -> bool:
    if path.name.lower().endswith(dumps.ENDINGS):
        return dumps.holds(path, "incident_severity") or dumps.holds(path, "participant_role")
    return bool(_FITS.search(beginning_of(path)))


def read(path: Path) -> Iterator[Found]:
    for file in files_in(path, ENDINGS):
        if file.name.lower().endswith(dumps.ENDINGS):
            yield from _read_dump(file)
        else:
            yield from read_records(file, ("items", "incidents"), _read)


def _read(entry: Entry) -> Iterator[Found]:
    record = entry.values
    name = take_text(record, "name") or take_text(record, "id")
    title = take_text(record, "title")
    if not name or not title:
        yield FoundUnread(where=entry.where, why=f"It has no {'title' if name else 'name'}.")
        return
    if take_text(record, "visibility").lower() not in ("", "open"):
        yield FoundUnread(
            where=entry.where,
            why="It is restricted in Dispatch, and what is brought in can be seen by everybody "
            "here: record it by hand.",
        )
        return
    incident = Gathering(key=f"dispatch:{name}", where=entry.where, zone=zone_named("UTC"))
    incident.title(title)
    incident.note("Name in Dispatch", name)
    _take_course(incident, record)
    _take_kinds(incident, record)
    _take_people(incident, record)
    _take_events(incident, record)
    _take_tasks(incident, record)
    for label, value in _told(record).items():
        incident.note_all(label.replace("_", " ").capitalize(), value)
    yield incident.found()


def _take_course(incident: Gathering, record: dict[str, Any]) -> None:
    incident.at("detected", take_text(record, "reported_at"), "Reported")
    incident.at("mitigated", take_text(record, "stable_at"), "Stable")
    incident.at("resolved", take_text(record, "closed_at"), "Closed")
    incident.text("summary", take_text(record, "summary"))
    known = incident.detected.at
    incident.read(take_text(record, "description"), day=known.date() if known else None)
    resolution = take_text(record, "resolution")
    if resolution.strip() != _NO_RESOLUTION:
        incident.text("response", resolution, "Resolution")


def _take_kinds(incident: Gathering, record: dict[str, Any]) -> None:
    project = take_first(record, ("project", "display_name"), ("project", "name"))
    incident.note("Project", project)
    take(record, "project")
    for name, label in (("incident_severity", "Severity"), ("incident_priority", "Priority")):
        incident.severity(take_text(record, name, "name"), label)
    incident.tag(take_text(record, "incident_type", "name"), "Type")
    for tag in take_list(record, "tags"):
        incident.tag(take_text(tag, "name"))
        incident.note_all("Tag", _told(tag))


def _take_people(incident: Gathering, record: dict[str, Any]) -> None:
    for participant in take_list(record, "participants"):
        roles = [
            _ROLES.get(take_text(each, "role").lower(), "other")
            for each in take_list(participant, "participant_roles")
        ]
        name = take_text(participant, "individual", "name")
        email = take_text(participant, "individual", "email")
        for role in roles or ["responder"]:
            incident.person(name, role, email)
        for label, value in _told(participant if isinstance(participant, dict) else {}).items():
            incident.note_all(f"{name or email or 'Participant'} · {label}", value)
    for name, role in (("commander", "commander"), ("reporter", "reporter"), ("scribe", "scribe")):
        person = take(record, name)
        incident.person(
            take_text(person, "individual", "name"), role, take_text(person, "individual", "email")
        )


def _take_events(incident: Gathering, record: dict[str, Any]) -> None:
    for event in take_list(record, "events"):
        text = take_text(event, "description")
        started, ended = take_text(event, "started_at"), take_text(event, "ended_at")
        if ended and ended != started:
            text = f"{text}\n\nUntil {ended}."
        incident.event(
            text,
            at=incident.time(started, "Event"),
            actor=take_first(event, "owner", ("individual", "name")),
            source=" · ".join(filter(None, (take_text(event, "source"), take_text(event, "type")))),
        )
        if look(event, "details") in _NOTHING:
            take(event, "details")
        incident.note_all("Event", _told(event))


def _take_tasks(incident: Gathering, record: dict[str, Any]) -> None:
    for task in take_list(record, "tasks"):
        resolved = take_text(task, "resolved_at")
        is_done = take_text(task, "status").lower() == "resolved"
        due = incident.read_time(take_text(task, "resolve_by"))
        incident.action(
            take_text(task, "description"),
            state="done" if is_done else "open",
            evidence=f"Resolved in Dispatch {resolved}".strip() if is_done else "",
            owner=take_first(
                task, ("owner", "individual", "name"), ("owner", "individual", "email")
            ),
            due=due.at.date() if due.at else None,
            tracker_url=take_first(task, ("ticket", "weblink"), "weblink"),
        )
        take(task, "ticket", "description")
        incident.note_all("Task", _told(task))


def _told(value: Any) -> Any:
    return without(value, names=_FOR_PROGRAMS, endings=("_id",))


def _read_dump(path: Path) -> Iterator[Found]:
    """Each organization is a schema of its own."""
    dump = dumps.dump_of(path, _TABLES)
    if isinstance(dump, FoundUnread):
        yield dump
        return
    schemas = dump.schemas_with("incident")
    if not schemas:
        yield FoundUnread(where=path.name, why="It holds no rows of a table “incident”.")
    for schema in schemas:
        for record in _records(dump, schema):
            where = f"{path.name}, incident {record.get('id', '')} of {schema or 'Dispatch'}"
            yield from _read(Entry(where, record))


def _records(dump: dumps.Dump, schema: str) -> Iterator[dict[str, Any]]:
    """The incidents of a schema, put together as the interface answers them."""

    def by(table: str, column: str) -> dict[str, list[dict[str, Any]]]:
        found = defaultdict(list)
        for row in dump.of(schema, table):
            found[row.get(column, "")].append(dict[str, Any](row))
        return found

    def one(table: str, key: str | None) -> dict[str, Any] | None:
        return dict(rows[table].get(key, [{}])[0]) if key in rows[table] else None

    kinds = ("incident_type", "incident_severity", "incident_priority")
    rows = {table: by(table, "id") for table in (*kinds, "individual_contact", "tag", "term")}
    roles = by("participant_role", "participant_id")
    participants = by("participant", "incident_id")
    people: dict[str, dict[str, Any]] = {}
    for each in (person for group in participants.values() for person in group):
        each["individual"] = one("individual_contact", each.pop("individual_contact_id", None))
        each["participant_roles"] = roles[each.get("id", "")]
        people[each.get("id", "")] = each
    parts = {table: by(table, "incident_id") for table in ("event", "task", "document", "report")}
    links = {table: by(table, "incident_id") for table in ("ticket", "conversation", "conference")}
    tickets = by("ticket", "task_id")
    tagged, termed = (
        by("assoc_incident_tags", "incident_id"),
        by("assoc_incident_terms", "incident_id"),
    )
    for row in dump.of(schema, "incident"):
        record: dict[str, Any] = dict(row)
        key = row.get("id", "")
        for kind in kinds:
            record[kind] = one(kind, record.pop(f"{kind}_id", None))
        record["participants"] = participants[key]
        record["tags"] = [one("tag", link.get("tag_id")) for link in tagged[key]]
        record["terms"] = [one("term", link.get("term_id")) for link in termed[key]]
        for table, found in parts.items():
            record[f"{table}s"] = found[key]
        for task in record["tasks"]:
            owner = people.get(task.pop("owner_id", ""), {})
            task["owner"] = {"individual": dict(owner.get("individual") or {})}
            task["ticket"] = next(iter(tickets[task.get("id", "")]), None)
        for table, found in links.items():
            record[table] = found[key]
        yield record
