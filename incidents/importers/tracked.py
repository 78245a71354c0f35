"""Incidents that were kept as issues of a tracker: what the trackers have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from incidents.importers.gathering import Gathering
from incidents.lib.approximate_time import ApproximateTime, could_be_before

_SEVERITY_LABEL = re.compile(
    r"(?:severity|sev|priority|prio|p)[\s:/_-]{0,3}(?P<rank>[0-5]|[a-z]+)"
    r"|(?P<word>critical|blocker|major|minor|trivial)",
    re.IGNORECASE,
)
_SERVICE_LABEL = re.compile(
    r"(?:affected[ -])?(?:service|component|system|app|application)s?[:/=]{1,2} ?(?P<name>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Comment:
    """`written` is the source's word for when."""

    text: str
    author: str = ""
    written: str = ""


def take_course(incident: Gathering, body: str, *, opened: str, closed: str) -> None:
    """Opened: it was known. Closed: it was over. What the text says of that goes before."""
    known = incident.read_time(opened)
    incident.read(body, day=known.at.date() if known.at else None)
    incident.at("detected", opened, "Opened")
    incident.at("resolved", closed, "Closed")


def take_label(incident: Gathering, label: str) -> None:
    """A tag; "severity::2" says how severe it was, too, and "service: mail" what broke.

    Of a single letter only P is believed: S3 is a service to many.
    """
    incident.tag(label, "Label")
    severity = _SEVERITY_LABEL.fullmatch(label.strip())
    if severity:
        incident.rank(severity["rank"] or severity["word"])
    service = _SERVICE_LABEL.fullmatch(label.strip())
    if service:
        incident.service(service["name"])


def take_comments(incident: Gathering, comments: Iterable[Comment]) -> None:
    """What was said before it was resolved belongs to its course; what was said later, or nobody
    knows when, to the notes."""
    said_later = []
    for comment in comments:
        time = _time_of(incident, comment)
        if time is not None and not _is_after(incident, time):
            incident.event(
                comment.text,
                at=time,
                actor=comment.author,
                kind="communication",
                source="a comment",
            )
        elif comment.text.strip():
            who = " · ".join(filter(None, [comment.author, comment.written]))
            said_later.append(f"### {who or 'Somebody'}\n\n{comment.text.strip()}")
    incident.note("Comments", "\n\n".join(said_later))


def _time_of(incident: Gathering, comment: Comment) -> ApproximateTime | None:
    time = incident.read_time(comment.written)
    return time if time.at is not None else None


def _is_after(incident: Gathering, time: ApproximateTime) -> bool:
    resolved = incident.resolved
    return resolved.at is None or not could_be_before(time, resolved, incident.zone)
