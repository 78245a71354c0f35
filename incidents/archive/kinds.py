"""Which files there are: a folder for each record, with its rows and those of its parts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.text import slugify

from incidents.archive.tables import (
    CHANGES,
    DECISIONS,
    EDITIONS,
    FILES_OF_INCIDENTS,
    FILES_OF_RUNBOOKS,
    GUARDS,
    OTHER_CHANGES,
    PARTS_OF_INCIDENTS,
    PEOPLE,
    VERDICTS,
    Table,
)
from incidents.lib.periods import period_between
from incidents.models import (
    ActionItem,
    AlertRule,
    Factor,
    Incident,
    KeptQuery,
    Knob,
    Lesson,
    Review,
    Runbook,
    Service,
    Tag,
    Team,
    TrackerIssue,
)

HISTORY = "history.jsonl"
OTHER_HISTORY = "other-history.jsonl"
"""Of records that are gone."""
ATTACHMENTS = "attachments.jsonl"
CONTENTS = "attachments"
"""The folder of the files that these rows tell of."""
LONGEST_NAME = 100
# What some systems take for a device, and not for a folder.
_DEVICE = r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)"
_SAFE = re.compile(rf"(?!{_DEVICE})[a-z0-9](?:[a-z0-9._-]{{0,{LONGEST_NAME}}}[a-z0-9_-])?")

ATTACHED = re.compile(r"[1-9][0-9]*(-[A-Za-z0-9._-]+)?")
"""What the file of an attachment is called."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")

Values = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of record. `called` makes of its values what its folder is called.

    `parts` are lists of rows among its values, and `lists` files of rows beside it; both by their
    names.
    """

    folder: str
    file: str
    table: Table
    called: Callable[[Values], str]
    parts: Mapping[str, Table] = field(default_factory=dict)
    lists: Mapping[str, Table] = field(default_factory=dict)

    @property
    def history_of(self) -> str:
        """As `Change.document_type` names the kind."""
        return self.table.name

    @property
    def files(self) -> dict[str, Table]:
        """The files beside the record's own."""
        return {**self.lists, HISTORY: CHANGES}


def named(*columns: str) -> Callable[[Values], str]:
    """By its own name, as far as every system can have that for a folder; else with its key."""

    def called(values: Values) -> str:
        name = "/".join(str(values[column]) for column in columns)
        return name if _SAFE.fullmatch(name) else with_key(name, values)

    return called


def with_key(name: str, values: Values) -> str:
    """No safe name has a tilde, and no two records of a kind have one key."""
    stem = slugify(name.replace("/", " "))[:LONGEST_NAME].strip("-_")
    return f"{stem or 'record'}~{values['id']}"


def numbered(letters: str) -> Callable[[Values], str]:
    return lambda values: f"{letters}{values['id']}"


def period_of(values: Values) -> str:
    first, end = (date.fromisoformat(values[name]) for name in ("start_date", "end_date"))
    key = period_between(first, end - timedelta(days=1)).key.replace("..", "-")
    of = values.get("team") or values.get("service") or ""
    return with_key(f"{key} {of}", values)


def content_name(attachment: Values) -> str:
    """What its file is called: nobody else's number, and of its name what every system can have.

    Right: `7-p99-latency.png`. Wrong: `../../etc/passwd`, `7-p99 latency?.png`.
    """
    name = _UNSAFE.sub("-", str(attachment["name"])).strip("-.")
    # The end tells what it is.
    return f"{attachment['id']}-{name[-LONGEST_NAME:].lstrip('-.')}".rstrip("-")


KINDS = (
    Kind("people", "person.md", PEOPLE, named("username")),
    Kind("teams", "team.md", Table(Team), named("slug")),
    Kind("services", "service.md", Table(Service), named("slug")),
    Kind("factors", "factor.md", Table(Factor), named("slug")),
    Kind("knobs", "knob.md", Table(Knob), named("component", "key")),
    Kind(
        "runbooks",
        "runbook.md",
        Table(Runbook),
        named("slug"),
        lists={"verdicts.jsonl": VERDICTS, ATTACHMENTS: FILES_OF_RUNBOOKS},
    ),
    Kind(
        "incidents",
        "incident.md",
        Table(Incident),
        numbered("INC-"),
        parts=PARTS_OF_INCIDENTS,
        lists={ATTACHMENTS: FILES_OF_INCIDENTS},
    ),
    Kind(
        "lessons",
        "lesson.md",
        Table(Lesson),
        numbered("LES-"),
        parts={"guard": GUARDS},
    ),
    Kind("action-items", "action-item.md", Table(ActionItem), numbered("ACT-")),
    Kind(
        "reviews",
        "review.md",
        Table(Review),
        period_of,
        parts={"decisions": DECISIONS},
        lists={"editions.jsonl": EDITIONS},
    ),
)
"""In an order in which what is named comes before what names it. Those that are named by numbers
may name one another in circles: a number is known before its record."""

LISTS: dict[str, Table] = {
    "tags.jsonl": Table(Tag),
    "alert-rules.jsonl": Table(AlertRule),
    "tracker-issues.jsonl": Table(TrackerIssue),
    "kept-queries.jsonl": Table(KeptQuery),
    OTHER_HISTORY: OTHER_CHANGES,
}
"""The files beside the folders."""


def tables() -> list[Table]:
    """Every table that an archive has rows of, each once."""
    found = {
        table.name: table
        for kind in KINDS
        for table in (kind.table, *kind.parts.values(), *kind.lists.values())
    }
    return list({**found, **{table.name: table for table in LISTS.values()}}.values())
