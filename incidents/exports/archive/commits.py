"""What changed in the folder since it was committed last, as commits of those who changed it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings

from incidents.archive.files import ATTRIBUTES, MARKER, NoArchive, read_marker
from incidents.archive.kinds import ATTACHED, ATTACHMENTS, CONTENTS, HISTORY, KINDS, LISTS
from incidents.exports.archive.repository import Author, Repository
from incidents.models import User

LONGEST_SUBJECT = 72
MOST_LINES = 100
"""Of a message; the rest are in the files."""
NAMED_ALONE = ("incidents", "lessons", "action-items")
FILES = {kind.folder: {kind.file, *kind.files} for kind in KINDS}


@dataclass(frozen=True)
class Line:
    """A line of history that is not in any commit yet."""

    record: str
    by: str
    at: datetime
    summary: str

    @property
    def words(self) -> str:
        folder, name = self.record.split("/")
        what = name if folder in NAMED_ALONE else self.record
        return f"{what}: {' '.join(self.summary.split())}"


@dataclass
class Group:
    """The files of the records that one person changed last, with all that was new in them."""

    names: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        return max(line.at for line in self.lines)


def commit_changes(path: Path, *, at: datetime) -> int:
    """One commit for each person whose change of a record is its latest, in the order of the
    latest of each; how many those are.

    Who else changed the same records is named in it. What no line of history tells of, such as the
    number of rows, goes with the last one.

    Raises `incidents.exports.archive.repository.CannotCommit`.
    """
    repository = Repository.at(path)
    changed = [name for name in repository.changed() if is_ours(name)]
    if not changed:
        return 0
    groups, rest = grouped(path, changed, after=last_committed(repository))
    people = authors({line.by for group in groups.values() for line in group.lines})
    site = Author("Postmortems", parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    ordered = sorted(groups.items(), key=lambda each: (each[1].last, each[0]))
    for number, (person, group) in enumerate(ordered, start=1):
        more = rest if number == len(ordered) else []
        repository.commit(
            [*group.names, *more],
            message=message_of(group, person, people),
            author=people.get(person, site),
            committer=site,
            at=group.last,
        )
    if not ordered:
        message = "Update the archive\n"
        repository.commit(rest, message=message, author=site, committer=site, at=at)
    return max(len(ordered), 1)


def is_ours(name: str) -> bool:
    """Whether an archive has such a file: what others keep beside it is for them to commit."""
    folder, *path = name.split("/")
    if not path:
        return name in {MARKER, ATTRIBUTES, *LISTS}
    files = FILES.get(folder, set())
    match path:
        case [_record, file]:
            return file in files
        case [_record, inner, file] if inner == CONTENTS and ATTACHMENTS in files:
            return ATTACHED.fullmatch(file) is not None
    return False


def last_committed(repository: Repository) -> int:
    """The key of the latest line of history that is in a commit."""
    text = repository.committed(MARKER)
    try:
        return read_marker(text).last_change if text else 0
    except NoArchive:
        return 0


def grouped(
    path: Path, changed: Iterable[str], *, after: int
) -> tuple[dict[str, Group], list[str]]:
    """The groups by who changed their records last ("" for the site), and the other files."""
    records: dict[str, list[str]] = {}
    for name in changed:
        record = "/".join(name.split("/")[:-1][:2])
        records.setdefault(record, []).append(name)
    groups: dict[str, Group] = {}
    rest = records.pop("", [])
    for record, names in records.items():
        lines = new_lines(path, record, after=after)
        if not lines:
            rest += names
            continue
        group = groups.setdefault(lines[-1].by, Group())
        group.names += names
        group.lines += lines
    return groups, rest


def new_lines(path: Path, record: str, *, after: int) -> list[Line]:
    file = path / record / HISTORY
    if not file.is_file():
        return []
    found = []
    with file.open(encoding="utf-8") as lines:
        for told in map(json.loads, lines):
            if told["id"] > after:
                at = datetime.fromisoformat(told["at"])
                found.append(Line(record, told.get("by", ""), at, told.get("summary", "")))
    return found


def authors(usernames: set[str]) -> dict[str, Author]:
    people = User.objects.filter(username__in=usernames)
    return {person.username: Author(person.name, person.email) for person in people}


def message_of(group: Group, person: str, people: dict[str, Author]) -> str:
    """The subject names the records; below stands what history says of each change."""
    lines = sorted(group.lines, key=lambda line: line.at)
    told = [line.words for line in lines]
    records = list(dict.fromkeys(line.words.partition(": ")[0] for line in lines))
    subject = told[0]
    if len(told) > 1:
        named = ", ".join(records[:3])
        subject = named if len(records) <= len(named.split(", ")) else f"{named} and others"
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"
    body = [] if told == [subject] else told[:MOST_LINES]
    if len(told) > MOST_LINES:
        body.append(f"… and {len(told) - MOST_LINES:,} more")
    others = sorted({line.by for line in lines} - {person, ""})
    trailers = [f"Co-authored-by: {people[name]}" for name in others if name in people]
    return "\n".join([subject, "", *body, "", *trailers]).rstrip() + "\n"
