"""Issues of GitHub: what its API answers, and what `gh issue list --json` writes."""

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

_LISTS = ("items", "issues", "nodes")
_URL = re.compile(r"https?://[^/]+/(?P<repository>[^/]+/[^/]+)/(?:issues|pull)/(?P<number>[0-9]+)")
_FOR_PROGRAMS = frozenset({
    "active_lock_reason", "authorAssociation", "author_association", "avatar_url", "color", "draft",
    "default", "gravatar_id", "id", "includesCreatedEdit", "isAnswered", "isMinimized", "is_bot",
    "issue_dependencies_summary", "issue_field_values", "locked", "node_id",
    "performed_via_github_app", "reactionGroups", "reactions", "score", "site_admin",
    "sub_issues_summary", "text_matches", "type", "updatedAt", "updated_at", "url",
    "user_view_type", "viewerDidAuthor",
})  # fmt: skip
_FITS = re.compile(r'"(?:html_url|url)": ?"https?://(?:api\.)?github\.|"authorAssociation"|"gh_')


def fits(path: Path) -> bool:
    return bool(_FITS.search(beginning_of(path)))


def read(path: Path) -> Iterator[Found]:
    yield from read_records(path, _LISTS, _read)


def _read(entry: Entry) -> Iterator[Found]:
    issue = entry.values
    title = take_text(issue, "title")
    url = take_first(issue, "html_url", "url")
    found = _URL.match(url)
    if not title or not found:
        why = "It has no title." if found else "It has no address of an issue, so it has no name."
        yield FoundUnread(where=entry.where, why=why)
        return
    if take(issue, "pull_request") is not None or "/pull/" in url:
        yield FoundUnread(where=entry.where, why="It is a pull request, and no issue.")
        return
    key = f"github:{found['repository'].lower()}#{found['number']}"
    incident = Gathering(key=key, where=entry.where, zone=zone_named("UTC"))
    incident.title(title)
    incident.source(url)
    take(issue, "number")
    take_course(
        incident,
        take_first(issue, "body"),
        opened=take_first(issue, "created_at", "createdAt"),
        closed=take_first(issue, "closed_at", "closedAt"),
    )
    for author in (take(issue, "user"), take(issue, "author")):
        _take_person(incident, author, "reporter")
    take(issue, "assignee")
    for assignee in take_list(issue, "assignees"):
        _take_person(incident, assignee, "responder")
    for label in take_list(issue, "labels"):
        take_label(incident, label if isinstance(label, str) else take_text(label, "name"))
        incident.note_all("Label", _told(label) if isinstance(label, dict) else None)
    incident.note("Type", take_text(issue, "type", "name"))
    comments = take_list(issue, "comments")
    take_comments(incident, map(_comment, comments))
    incident.note_all("Comment", _told([each for each in comments if each]))
    # How many comments there are; they come in another file.
    if not comments:
        take_text(issue, "comments")
    for name, value in _told(issue).items():
        incident.note_all(name, value)
    yield incident.found()


def _comment(comment: object) -> Comment:
    return Comment(
        text=take_first(comment, "body"),
        author=take_first(comment, ("author", "login"), ("user", "login")),
        written=take_first(comment, "createdAt", "created_at"),
    )


def _take_person(incident: Gathering, person: object, role: str) -> None:
    if isinstance(person, str):
        incident.person(person, role)
        return
    login, name = take_text(person, "login"), take_text(person, "name")
    incident.person(name or login, role)
    if name and login != name:
        incident.note("Login", login)
    incident.note_all(role.title(), _told(person))


def _told(value: Any) -> Any:
    return without(value, names=_FOR_PROGRAMS, endings=("_url",))
