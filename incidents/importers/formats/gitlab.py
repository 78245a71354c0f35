"""Issues of GitLab: what its API answers, and `issues.ndjson` of a project that was exported."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from incidents.importers.found import Found, FoundUnread
from incidents.importers.gathering import Gathering
from incidents.importers.json_records import (
    ENDINGS,
    Entry,
    beginning_of,
    look,
    read_records,
    take,
    take_first,
    take_list,
    take_text,
    without,
)
from incidents.importers.tracked import Comment, take_comments, take_course, take_label
from incidents.lib.zones import zone_named

__all__ = ["ENDINGS", "fits", "read"]

_LISTS = ("issues", "items", "nodes")
_URL = re.compile(r"https?://[^/]+/(?P<project>.+?)/(?:-/)?(?:issues|work_items|incidents?)/")
_FOR_PROGRAMS = frozenset({
    "_links", "author_id", "avatar_url", "blocking_issues_count", "cached_markdown_version",
    "change_position", "closed_as_duplicate_of", "closed_by_id", "color", "confidential",
    "description_html", "discussion_id", "discussion_locked", "downvotes", "duplicated_to_id",
    "has_tasks", "id", "imported", "imported_from", "internal", "last_edited_by_id",
    "line_code", "lock_version", "merge_requests_count", "milestone_id", "moved_to_id",
    "namespace_id", "note_html", "noteable_id", "noteable_iid", "noteable_type",
    "original_position", "position", "project_id", "relative_position", "resolvable",
    "resolved_by_id", "service_desk_reply_to", "st_diff", "state_id", "subscribed",
    "task_completion_status", "task_status", "text_color", "title_html", "updated_at",
    "updated_by_id", "upvotes", "user_notes_count", "web_url",
})  # fmt: skip
_FITS = re.compile(r'"(?:iid|merge_requests_count|user_notes_count|label_links)"')


def fits(path: Path) -> bool:
    return bool(_FITS.search(beginning_of(path)))


def read(path: Path) -> Iterator[Found]:
    yield from read_records(path, _LISTS, _read)


def _read(entry: Entry) -> Iterator[Found]:
    issue = entry.values
    title, number = take_text(issue, "title"), take_text(issue, "iid")
    if not title or not number:
        what = "title" if number else "number (iid)"
        yield FoundUnread(where=entry.where, why=f"It has no {what}.")
        return
    url = take_text(issue, "web_url")
    found = _URL.match(url)
    whole = look(issue, "references", "full")
    project = found["project"] if found else look(issue, "project_id") or ""
    named = whole if isinstance(whole, str) and "#" in whole else f"{project}#{number}"
    incident = Gathering(key=f"gitlab:{named.lower()}", where=entry.where, zone=zone_named("UTC"))
    take(issue, "references")
    incident.title(title)
    incident.source(url)
    take_course(
        incident,
        take_text(issue, "description"),
        opened=take_text(issue, "created_at"),
        closed=take_text(issue, "closed_at"),
    )
    _take_severity(incident, issue)
    _take_people(incident, issue)
    for label in take_list(issue, "labels") + take_list(issue, "label_links"):
        text = label if isinstance(label, str) else ""
        take_label(incident, text or take_first(label, ("label", "title"), "name", "title"))
        incident.note_all("Label", _told(label) if isinstance(label, dict) else None)
    _take_timeline(incident, issue)
    notes = take_list(issue, "notes")
    take_comments(incident, map(_comment, notes))
    incident.note_all("Comment", _told([each for each in notes if each]))
    for name, value in _told(issue).items():
        incident.note_all(name, value)
    yield incident.found()


def _take_severity(incident: Gathering, issue: dict[str, Any]) -> None:
    severity = take_text(issue, "severity")
    if severity.lower() != "unknown":
        incident.severity(severity)


def _take_people(incident: Gathering, issue: dict[str, Any]) -> None:
    take(issue, "assignee")
    assignees = take_list(issue, "assignees")
    for person, role in [
        (take(issue, "author"), "reporter"),
        *((a, "responder") for a in assignees),
    ]:
        incident.person(take_first(person, "name", "username"), role)
        # What is left is the name that they sign in with.
        take_text(person, "username")


def _take_timeline(incident: Gathering, issue: dict[str, Any]) -> None:
    """The timeline events that an incident of GitLab may have."""
    for event in take_list(issue, "timeline_events"):
        written = take_first(event, "occurred_at", "created_at")
        incident.event(
            take_first(event, "note"),
            at=incident.time(written, "Timeline"),
            actor=take_first(event, ("author", "name")),
        )


def _comment(note: object) -> Comment:
    """Those that GitLab writes itself, such as “changed the title”, are told, too."""
    return Comment(
        text=take_first(note, "note", "body"),
        author=take_first(note, ("author", "name"), ("author", "username")),
        written=take_text(note, "created_at"),
    )


def _told(value: Any) -> Any:
    return without(value, names=_FOR_PROGRAMS, endings=("_url",))
