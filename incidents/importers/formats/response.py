"""Response, Monzo's: what Django's dumpdata writes, what its interface answers, or a dump of its
PostgreSQL.

https://github.com/monzo/response: `response/core/models/`.
"""

import json
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
    records_in,
    take,
    take_first,
    take_list,
    take_text,
    without,
)
from incidents.lib.zones import zone_named

__all__ = ["ENDINGS", "fits", "read"]

ENDINGS = (*ENDINGS_OF_JSON, *dumps.ENDINGS)
_MODELS = ("incident", "externaluser", "action", "timelineevent", "commschannel")
_FOR_PROGRAMS = frozenset({
    "app_id", "channel_id", "deleted", "details_ui", "external_id", "id", "incident",
    "incident_id", "is_closed", "message_ts", "owner", "owner_id", "pk", "private", "text_ui",
})  # fmt: skip
_SEVERITIES = {"1": "critical", "2": "major", "3": "minor", "4": "trivial"}
_PRIORITIES = {"1": "high", "2": "medium", "3": "low"}
_KINDS = {"1": "detect", "2": "prevent", "3": "mitigate"}
_YES = ("True", "true", "t", "1")
_FITS = re.compile(
    r'"model": ?"\w+\.(?:incident|timelineevent|externaluser)"|"report_only"|"report_time"'
)


def fits(path: Path) -> bool:
    if path.name.lower().endswith(dumps.ENDINGS):
        return dumps.holds(path, "response_incident")
    return bool(_FITS.search(beginning_of(path)))


def read(path: Path) -> Iterator[Found]:
    for file in files_in(path, ENDINGS):
        yield from _read_file(file)


def _read_file(path: Path) -> Iterator[Found]:
    if path.name.lower().endswith(dumps.ENDINGS):
        dump = dumps.dump_of(path, {f"response_{model}" for model in _MODELS})
        if isinstance(dump, FoundUnread):
            yield dump
        else:
            yield from _read_dump(path.name, dump)
    else:
        yield from _read_json(path)


def _read_dump(file: str, dump: dumps.Dump) -> Iterator[Found]:
    schemas = dump.schemas_with("response_incident")
    if not schemas:
        yield FoundUnread(where=file, why="It holds no rows of a table “response_incident”.")
    for schema in schemas:
        rows = {model: _with_keys(dump.of(schema, f"response_{model}")) for model in _MODELS}
        yield from _read_rows(file, rows)


def _with_keys(rows: list[dumps.Row]) -> dict[str, dict[str, Any]]:
    return {row.get("id", f"row {number}"): dict(row) for number, row in enumerate(rows)}


def _read_json(path: Path) -> Iterator[Found]:
    rows: dict[str, dict[str, dict[str, Any]]] = {model: {} for model in _MODELS}
    for entry in records_in(path, ("results", "incidents")):
        if isinstance(entry, FoundUnread):
            yield entry
            continue
        model = take_text(entry.values, "model").rpartition(".")[2]
        if not model:
            yield from _read(entry, take_text(entry.values, "id"))
        elif model in _MODELS:
            fields = look(entry.values, "fields")
            values = fields if isinstance(fields, dict) else {}
            rows[model][take_text(entry.values, "pk")] = values
    yield from _read_rows(path.name, rows)


def _read_rows(file: str, rows: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Found]:
    """The incidents, put together as the interface answers them."""

    def person(record: dict[str, Any], name: str) -> None:
        key = record.pop(f"{name}_id", None) or record.get(name)
        if isinstance(key, str | int):
            record[name] = dict(rows["externaluser"].get(str(key), {}))

    parts = {
        model: _by_incident(rows[model]) for model in ("action", "timelineevent", "commschannel")
    }
    for each in rows["action"].values():
        person(each, "user")
    for key, record in rows["incident"].items():
        person(record, "reporter")
        person(record, "lead")
        record["action_items"] = parts["action"][key]
        record["timeline_events"] = parts["timelineevent"][key]
        record["comms_channel"] = next(iter(parts["commschannel"][key]), None)
        yield from _read(Entry(f"{file}, incident {key}", record), key)


def _by_incident(rows: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in rows.values():
        key = take_first(row, "incident_id", "incident")
        found[key].append(row)
    return found


def _read(entry: Entry, key: str) -> Iterator[Found]:
    record = entry.values
    title = take_text(record, "report")
    if not key or not title:
        yield FoundUnread(where=entry.where, why=f"It has no {'report' if key else 'number'}.")
        return
    if str(look(record, "private")) in _YES:
        yield FoundUnread(
            where=entry.where,
            why="It is private in Response, and what is brought in can be seen by everybody here: "
            "record it by hand.",
        )
        return
    incident = Gathering(key=f"response:{key}", where=entry.where, zone=zone_named("UTC"))
    incident.title(title)
    incident.at("began", take_text(record, "start_time"), "Start time")
    incident.at("detected", take_text(record, "report_time"), "Report time")
    incident.at("resolved", take_text(record, "end_time"), "End time")
    began = incident.began.at
    incident.read(take_text(record, "summary"), day=began.date() if began else None)
    incident.text("impact", take_text(record, "impact"))
    severity = take_text(record, "severity")
    incident.severity(_SEVERITIES.get(severity, severity))
    _take_person(incident, take(record, "reporter"), "reporter")
    _take_person(incident, take(record, "lead"), "commander")
    if str(take(record, "report_only")) in _YES:
        incident.note("Report only", "yes")
    incident.note("Slack channel", take_text(record, "comms_channel", "channel_name"))
    _take_actions(incident, record)
    _take_timeline(incident, record)
    for name, value in without(record, names=_FOR_PROGRAMS).items():
        incident.note_all(name, value)
    yield incident.found()


def _name_of(person: Any) -> str:
    return take_first(person, "full_name", "display_name", "external_id")


def _take_person(incident: Gathering, person: Any, role: str) -> None:
    shown = take_text(person, "display_name") if look(person, "full_name") else ""
    name, email = _name_of(person), take_text(person, "email")
    incident.person(name, role, email)
    if shown != name:
        incident.note(role.capitalize(), shown)
    incident.note_all(role.capitalize(), without(person, names=_FOR_PROGRAMS))


def _take_actions(incident: Gathering, record: dict[str, Any]) -> None:
    for action in take_list(record, "action_items"):
        is_done = str(take(action, "done")) in _YES
        done_date, kind = take_text(action, "done_date"), take_text(action, "type")
        due = incident.read_time(take_text(action, "due_date"))
        priority = take_text(action, "priority")
        made = take_text(action, "created_date")
        told = [
            f"Priority: {_PRIORITIES.get(priority, priority)}" if priority else "",
            f"Decided: {made}" if made else "",
        ]
        incident.action(
            take_text(action, "details"),
            body="\n\n".join(filter(None, told)),
            kind=_KINDS.get(kind, ""),
            state="done" if is_done else "open",
            evidence=f"Marked as done in Response {done_date}".strip() if is_done else "",
            owner=_name_of(look(action, "user")),
            due=due.at.date() if due.at else None,
        )
        take(action, "user", "display_name")
        take(action, "user", "email")
        incident.note_all("Action", without(action, names=_FOR_PROGRAMS))


def _take_timeline(incident: Gathering, record: dict[str, Any]) -> None:
    for event in take_list(record, "timeline_events"):
        metadata = look(event, "metadata")
        if isinstance(metadata, str):
            event["metadata"] = _json_of(metadata)
        author = look(event, "metadata", "author")
        kind = take_text(event, "event_type")
        incident.event(
            take_text(event, "text"),
            at=incident.time(take_text(event, "timestamp"), "Timeline"),
            actor=_name_of(author),
            source={"slack_pin": "a message pinned in Slack", "text": ""}.get(kind, kind),
        )
        take_text(author, "display_name")
        incident.note_all("Timeline", without(event, names=_FOR_PROGRAMS))


def _json_of(text: str) -> Any:
    """What a column of JSON holds; a text that is none as it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
