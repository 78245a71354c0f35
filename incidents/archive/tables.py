"""What an archive keeps of each table, and what it does not, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Field, ManyToManyField, Model

from incidents.archive.columns import Codec, codec_of
from incidents.models import (
    ActionItem,
    Attachment,
    Change,
    ConfigDelta,
    ContributingFactor,
    Factor,
    Guard,
    ImpactMeasure,
    Incident,
    Knob,
    Lesson,
    LessonLink,
    Participant,
    Precision,
    RelatedIncident,
    ReviewDecision,
    ReviewEdition,
    Reviewer,
    Runbook,
    RunbookUse,
    Service,
    Tag,
    Team,
    TimelineEvent,
    User,
    Verdict,
)

# How records are named where others speak of them: by a number with letters before it, or by what
# nobody else of their kind is called.
LETTERS: dict[type[Model], str] = {Incident: "INC-", Lesson: "LES-", ActionItem: "ACT-"}
NAMES: dict[type[Model], tuple[str, ...]] = {
    User: ("username",),
    Team: ("slug",),
    Service: ("slug",),
    Factor: ("slug",),
    Knob: ("component", "key"),
    Runbook: ("slug",),
    Tag: ("name",),
}

# What most rows have, and no row has to say.
USUAL = {"version": 1}
AS_ANOTHER = {"changed_at": "created_at"}
"""A column that says nothing has what another one has."""

SIGN_IN = "the archive has nothing by which somebody could sign in"
NO_FLAGS = "the role decides what a person may do"


@dataclass(frozen=True)
class Column:
    """One column, or one list of links with others.

    `target` is the table of what it names. `is_prose` are the Markdown texts of the row.
    """

    name: str
    field: "Field[Any, Any]"
    is_prose: bool = False

    @property
    def is_many(self) -> bool:
        return isinstance(self.field, ManyToManyField)

    @cached_property
    def target(self) -> type[Model] | None:
        table = self.field.related_model
        return table if isinstance(table, type) else None

    @cached_property
    def codec(self) -> Codec:
        return codec_of(self.field)

    @cached_property
    def absent(self) -> Any:
        """What a row has that says nothing of the column; `...` where it has to say something."""
        if self.is_many:
            return []
        if self.name.endswith("_precision"):
            return Precision.UNKNOWN.value
        if self.name in USUAL:
            return USUAL[self.name]
        if self.field.null:
            return None
        may_be_empty = self.field.empty_strings_allowed and self.field.blank
        return "" if may_be_empty and not self.target else ...


@dataclass(frozen=True, eq=False)
class Table:
    """`owner` are the columns that say in which record's folder the row stands: its place tells.

    `left_out` are columns that an archive does not keep, with the reason.
    """

    model: type[Model]
    owner: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """In the order in which people read them: the key, what is tracked, the rest."""
        known = self.model._meta
        named = {each.name: each for each in (*known.fields, *known.many_to_many)}
        tracked = getattr(self.model, "TRACKED", ())
        prose = getattr(self.model, "PROSE", ())
        order = dict.fromkeys(["id", *tracked, *named])
        gone = {*self.left_out, *derived(self.model), *self.owner}
        return tuple(Column(name, named[name], name in prose) for name in order if name not in gone)

    @cached_property
    def names_others(self) -> bool:
        return any(column.target for column in self.columns)

    @cached_property
    def is_single(self) -> bool:
        """A record has one such row, or none."""
        return any(self.model._meta.get_field(name).one_to_one for name in self.owner)

    def place(self, kind: str, key: int) -> dict[str, Any]:
        """The columns that the place tells, of a row in the folder of this record."""
        if self.owner == ("document_type", "document_id"):
            return {"document_type": kind, "document_id": key}
        return {f"{name}_id": key for name in self.owner}

    @cached_property
    def values(self) -> tuple[Column, ...]:
        return tuple(each for each in self.columns if not each.is_many)

    @cached_property
    def many(self) -> tuple[Column, ...]:
        return tuple(each for each in self.columns if each.is_many)


def derived(model: type[Model]) -> set[str]:
    """The columns that are worked out of others when a row is written."""
    return {f"{name}_html" for name in getattr(model, "PROSE", ())}


PEOPLE = Table(
    User,
    left_out={
        "password": SIGN_IN,
        "last_login": "tells when somebody signed in, and of no record",
        "is_superuser": NO_FLAGS,
        "is_staff": NO_FLAGS,
        "groups": NO_FLAGS,
        "user_permissions": NO_FLAGS,
    },
)
PARTS_OF_INCIDENTS = {
    name: Table(model, owner=("incident",))
    for name, model in {
        "timeline": TimelineEvent,
        "contributing_factors": ContributingFactor,
        "config_deltas": ConfigDelta,
        "impact_measures": ImpactMeasure,
        "participants": Participant,
        "lesson_links": LessonLink,
        "runbook_uses": RunbookUse,
        "related_incidents": RelatedIncident,
        "reviewers": Reviewer,
    }.items()
}
VERDICTS = Table(
    Verdict, owner=("runbook",), left_out={"lookup": "lookups are forgotten after a while"}
)
ITS_PLACE = "the folder that the row stands in tells of whom it is"
FILES_OF_INCIDENTS = Table(Attachment, owner=("incident",), left_out={"runbook": ITS_PLACE})
FILES_OF_RUNBOOKS = Table(Attachment, owner=("runbook",), left_out={"incident": ITS_PLACE})
GUARDS = Table(Guard, owner=("lesson",))
DECISIONS = Table(ReviewDecision, owner=("review",))
EDITIONS = Table(ReviewEdition, owner=("review",))
SEALS = dict.fromkeys(
    ("number", "seal", "last_seal"), "another site has another key, and seals what it reads"
)
CHANGES = Table(Change, owner=("document_type", "document_id"), left_out=SEALS)
# Of records that are gone.
OTHER_CHANGES = Table(Change, left_out=SEALS)

INDEX = "worked out of the records, for finding them"
WORK = "work that is owed or done, and tells of no record what the record does not"
TELLING = "messages on their way, and how people and rooms wish to hear of things"
USE = "how the site was used, kept for a while"
BROUGHT_IN = "the records that it made are kept, with the keys by which they are found again"
LEFT_OUT: dict[str, str] = {
    "AttachmentContent": "stands beside the rows as files",
    "SearchEntry": INDEX,
    "AlertMatcher": INDEX,
    "RunbookWords": INDEX,
    "Batch": WORK,
    "Job": WORK,
    "QueueSeen": WORK,
    "Export": "files for one person, kept for a while",
    "Import": BROUGHT_IN,
    "ImportRow": BROUGHT_IN,
    "ProposedDelta": BROUGHT_IN,
    "Submission": "keeps a form that is sent twice from making two records",
    "KeyedRequest": "keeps a request that is sent twice from making two records",
    "TrackerDelivery": "keeps a message that is sent twice from being heard twice",
    "HookedIncident": "keeps an older message of a pager from undoing a newer one",
    "Preference": TELLING,
    "QuietHours": TELLING,
    "Pause": TELLING,
    "Delivery": TELLING,
    "Message": TELLING,
    "Token": SIGN_IN,
    "Feed": SIGN_IN,
    "Endpoint": "has secrets in it, and addresses that are some",
    "Lookup": USE,
    "Opening": USE,
    "CheckRun": USE,
    "CheckFinding": USE,
    "GuardVersion": USE,
    "Alert": "what Alertmanager told last; it tells again",
}
"""The tables that are in no archive."""
