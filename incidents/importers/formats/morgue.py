"""Morgue, Etsy's home of postmortems: a dump of its MySQL tables.

https://github.com/etsy/morgue: `schemas/`. What is marked as deleted there stays there.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from incidents.importers.dumps import ENDINGS, Dump, Row, dump_of, holds
from incidents.importers.found import Found, FoundIncident, FoundUnread
from incidents.importers.gathering import Gathering
from incidents.importers.json_records import files_in
from incidents.lib.approximate_time import NotATime
from incidents.lib.usual_times import moment
from incidents.lib.zones import zone_named

__all__ = ["ENDINGS", "fits", "read"]

_POSTMORTEMS = "postmortems"
_PARTS = ("images", "forum_links", "irc", "slack", "jira", "postmortem_referenced_tags")
_TIMES = {"starttime": "began", "detecttime": "detected", "endtime": "resolved"}
_NOTES = {
    "why_surprised": "Why were we surprised?",
    "meeting_notes_link": "Meeting notes",
    "gcal": "Calendar",
    "contact": "Contact",
    "owner_team": "Owner team",
    "modifier": "Last changed by",
}
_FOR_PROGRAMS = {"created", "modified", "deleted"}


class Parts(NamedTuple):
    """The rows that belong to a postmortem, by its number, and the names of tags by theirs."""

    rows: dict[str, dict[str, list[Row]]]
    tags: dict[str, str]


def fits(path: Path) -> bool:
    return holds(path, _POSTMORTEMS)


def read(path: Path) -> Iterator[Found]:
    for file in files_in(path, ENDINGS):
        yield from _read(file)


def _read(path: Path) -> Iterator[Found]:
    dump = dump_of(path, {_POSTMORTEMS, "tags", *_PARTS})
    if isinstance(dump, FoundUnread):
        yield dump
        return
    postmortems = dump.of("", _POSTMORTEMS)
    if not postmortems:
        why = "It holds no rows of a table “postmortems”."
        yield FoundUnread(where=path.name, why=why)
    parts = _parts_of(dump)
    for row in postmortems:
        number = row.get("id", "")
        where = f"{path.name}, postmortem {number}"
        if not number:
            yield FoundUnread(where=where, why="It has no number (id).")
        elif row.get("deleted", "0") != "0":
            yield FoundUnread(where=where, why="It is marked as deleted in Morgue.")
        else:
            yield _incident(number, where, row, parts)


def _parts_of(dump: Dump) -> Parts:
    found: dict[str, dict[str, list[Row]]] = {table: {} for table in _PARTS}
    for table in _PARTS:
        for row in dump.of("", table):
            if row.get("deleted", "0") == "0":
                found[table].setdefault(row.get("postmortem_id", ""), []).append(row)
    tags = {
        row.get("id", ""): row.get("title", "")
        for row in dump.of("", "tags")
        if row.get("deleted", "0") == "0"
    }
    return Parts(found, tags)


def _incident(number: str, where: str, row: Row, parts: Parts) -> FoundIncident:
    left = {name: text for name, text in row.items() if name not in _FOR_PROGRAMS}
    incident = Gathering(key=f"morgue:{left.pop('id')}", where=where, zone=zone_named("UTC"))
    incident.title(left.pop("title", ""))
    for name, phase in _TIMES.items():
        _take_moment(incident, phase, left.pop(name, ""), name)
    incident.severity(left.pop("severity", ""))
    incident.text("summary", left.pop("tldr", ""))
    began = incident.began.at
    incident.read(left.pop("summary", ""), day=began.date() if began else None)
    _take_status(incident, left.pop("statustime", ""))
    for name, label in _NOTES.items():
        incident.note(label, left.pop(name, ""))
    incident.service(left.pop("subsystem", ""), "Subsystem")
    for name in ("problem_type", "impact_type"):
        incident.tag(left.pop(name, ""), name.replace("_", " ").capitalize())
    incident.factor(left.pop("incident_cause", ""))
    facilitator, email = left.pop("facilitator", ""), left.pop("facilitator_email", "")
    incident.person(facilitator, "other", email)
    incident.note("Facilitator", " ".join(filter(None, (facilitator, email))))
    # A house may have added columns of its own.
    incident.note_all("Morgue", left)
    _take_parts(incident, number, parts)
    return incident.found()


def _take_moment(incident: Gathering, phase: str, text: str, label: str) -> None:
    try:
        incident.at_moment(phase, float(text or 0), label)
    except ValueError:
        incident.note(label, text)


def _take_status(incident: Gathering, text: str) -> None:
    try:
        time = moment(float(text or 0))
    except (NotATime, ValueError):
        incident.note("statustime", text)
        return
    if time.at:
        told = "Those affected were told (status time)."
        incident.event(told, at=time, kind="communication", source="statustime")


def _take_parts(incident: Gathering, number: str, parts: Parts) -> None:
    def of(table: str) -> list[Row]:
        return parts.rows[table].get(number, [])

    for row in of("postmortem_referenced_tags"):
        incident.tag(parts.tags.get(row.get("tag_id", ""), ""))
    for row in of("jira"):
        incident.action(row.get("ticket", ""))
    for row in of("images"):
        incident.note("Image", row.get("image_link", ""))
    for row in of("forum_links"):
        told = (row.get("forum_link", ""), row.get("comment", ""))
        incident.note("Link", " – ".join(filter(None, told)))
    for row in of("irc"):
        incident.note("IRC channel", row.get("channel", ""))
    for row in of("slack"):
        name = row.get("channel_name", "")
        incident.note("Slack channel", name)
        incident.note(f"Messages in {name}", row.get("message", ""))
