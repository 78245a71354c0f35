"""Issues of Jira, as its search answers: the text in Jira's marks, or as a document (ADF)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from incidents.importers.columns import NOTES, TAKERS, guess_mapping
from incidents.importers.found import Found, FoundUnread
from incidents.importers.gathering import Gathering
from incidents.importers.jira_texts import markdown_of
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

_LISTS = ("issues",)
_FOR_PROGRAMS = frozenset({
    "accountId", "accountType", "active", "aggregateprogress", "avatarId", "avatarUrls",
    "changelog", "colorName", "emailAddress", "entityId", "expand", "hierarchyLevel", "iconUrl",
    "id", "jsdPublic", "lastViewed", "mimeType", "operations", "projectTypeKey", "properties",
    "renderedFields", "schema", "self", "simplified", "size", "statuscategorychangedate", "subtask",
    "thumbnail", "timeZone", "transitions", "updateAuthor", "updated", "versionedRepresentations",
    "votes", "watches", "workratio", "statusCategory", "progress",
})  # fmt: skip
_SITE = re.compile(r"(?P<site>https?://[^/]+(?:/[\w-]+)?)/rest/")
_FITS = re.compile(r'"(?:issuetype|customfield_[0-9]+|statuscategorychangedate|resolutiondate)"')
_RANK = re.compile(r"customfield_[0-9]+")
_PLACE_IN_A_LIST = re.compile(r"[0-9]\|[0-9a-z]+:[0-9a-z]*")
"""How Jira orders issues."""


def fits(path: Path) -> bool:
    return bool(_FITS.search(beginning_of(path)))


def read(path: Path) -> Iterator[Found]:
    yield from read_records(path, (), _read_answer)


def _read_answer(entry: Entry) -> Iterator[Found]:
    """One issue, or the answer of a search, which names the fields of its issues."""
    issues = entry.values.get("issues")
    if not isinstance(issues, list):
        yield from _read(entry.where, entry.values, {})
        return
    names = entry.values.get("names")
    for number, issue in enumerate(issues, start=1):
        where = f"{entry.where}, issue {number}"
        if isinstance(issue, dict):
            yield from _read(where, issue, names if isinstance(names, dict) else {})
        else:
            yield FoundUnread(where=where, why="It is no record: names with values belong there.")


def _read(where: str, issue: dict[str, Any], names: dict[str, Any]) -> Iterator[Found]:
    own = take(issue, "names")
    names = own if isinstance(own, dict) else names
    key = take_text(issue, "key")
    title = take_text(issue, "fields", "summary")
    if not key or not title:
        yield FoundUnread(where=where, why=f"It has no {'title' if key else 'key'}.")
        return
    incident = Gathering(key=f"jira:{key}", where=where, zone=zone_named("UTC"))
    incident.title(title)
    site = _SITE.match(take_text(issue, "self"))
    incident.source(f"{site['site']}/browse/{key}" if site else "", key if site else "")
    fields = take(issue, "fields")
    take_course(
        incident,
        markdown_of(take(fields, "description")),
        opened=take_text(fields, "created"),
        closed=take_text(fields, "resolutiondate"),
    )
    _take_people(incident, fields)
    _take_names(incident, fields)
    _take_others(incident, fields)
    _take_comments(incident, fields)
    _take_fields(incident, fields, names)
    for name, value in _told(issue).items():
        incident.note_all(name, value)
    yield incident.found()


def _take_people(incident: Gathering, fields: Any) -> None:
    if look(fields, "creator", "displayName") == look(fields, "reporter", "displayName"):
        take(fields, "creator")
    for name, role in (("reporter", "reporter"), ("assignee", "responder")):
        email = take_first(fields, (name, "emailAddress"))
        incident.person(take_first(fields, (name, "displayName"), (name, "name")), role, email)
        # What is left is the name that they sign in with.
        take_text(fields, name, "name")
        take_text(fields, name, "key")


def _take_names(incident: Gathering, fields: Any) -> None:
    for component in take_list(fields, "components"):
        incident.service(take_text(component, "name"))
        incident.note_all("Component", _told(component))
    for label in take_list(fields, "labels"):
        if isinstance(label, str):
            take_label(incident, label)
        else:
            incident.note_all("Label", label)
    incident.severity(take_text(fields, "priority", "name"), "Priority")


def _take_others(incident: Gathering, fields: Any) -> None:
    """Subtasks are what is to be done; other issues that this one is linked with are told."""
    for subtask in take_list(fields, "subtasks"):
        key, title = take_text(subtask, "key"), take_text(subtask, "fields", "summary")
        site = _SITE.match(take_text(subtask, "self"))
        status = take_text(subtask, "fields", "status", "name")
        category = take_text(subtask, "fields", "status", "statusCategory", "key")
        incident.action(
            title or key,
            body=f"{key}: {status}" if status else key,
            state={"done": "done", "indeterminate": "in_progress"}.get(category, ""),
            evidence=f"{key} is {status} in Jira" if category == "done" else "",
            tracker_url=f"{site['site']}/browse/{key}" if site and key else "",
        )
        incident.note_all("Subtask", _told(subtask))
    for link in take_list(fields, "issuelinks"):
        for way, direction in (("outwardIssue", "outward"), ("inwardIssue", "inward")):
            key, title = take_text(link, way, "key"), take_text(link, way, "fields", "summary")
            if key:
                how = take_text(link, "type", direction) or "is linked with"
                incident.note("Link", f"{how} {key} {title}".strip())
                take(link, way)
                take(link, "type")
        incident.note_all("Link", _told(link))


def _take_comments(incident: Gathering, fields: Any) -> None:
    comments = take_list(fields, "comment", "comments")
    take(fields, "comment")
    take_comments(incident, map(_comment, comments))
    incident.note_all("Comment", _told([each for each in comments if each]))


def _comment(comment: Any) -> Comment:
    found = Comment(
        text=markdown_of(take(comment, "body")),
        author=take_first(comment, ("author", "displayName"), ("author", "name")),
        written=take_text(comment, "created"),
    )
    take_text(comment, "author", "name")
    return found


def _take_fields(incident: Gathering, fields: Any, names: dict[str, Any]) -> None:
    """A field of their own is what it is called, as the column of a table is."""
    for field, value in _told(fields if isinstance(fields, dict) else {}).items():
        named = names.get(field, field)
        label = named if isinstance(named, str) and named.strip() else field
        text = _text(value)
        if _RANK.fullmatch(field) and _PLACE_IN_A_LIST.fullmatch(text):
            continue
        guessed = guess_mapping([label])[label] if _RANK.fullmatch(field) else NOTES
        taker = TAKERS.get(guessed)
        if text and taker and guessed not in ("title", "key"):
            taker(incident, label, text)
        elif text:
            incident.note(label, text)
        else:
            incident.note_all(label, value)


def _text(value: Any) -> str:
    """A text, a document, a choice, or several of them; "" for anything else."""
    if isinstance(value, str):
        return markdown_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value}"
    if isinstance(value, dict) and value.get("type") == "doc":
        return markdown_of(value)
    if isinstance(value, dict) and set(value) in ({"value"}, {"name"}, {"displayName"}):
        return _text(next(iter(value.values())))
    if isinstance(value, list) and all(isinstance(each, str | dict) for each in value):
        texts = [_text(each) for each in value]
        return ", ".join(texts) if all(texts) else ""
    return ""


def _told(value: Any) -> Any:
    return without(value, names=_FOR_PROGRAMS)
