"""A site in which every column of every table that an archive keeps has something to say."""

from datetime import timedelta
from typing import Any

from django.db.models import Model

from incidents.archive.kinds import tables
from incidents.attachments.operations import NewFile, attach, remove_attachment
from incidents.history.operations import remove_record
from incidents.history.rows import render_prose
from incidents.importers.demo.operations import load_stories
from incidents.importers.synthetic.operations import Archive, make_history
from incidents.lookup.operations import keep_findable
from incidents.models import (
    ActionItem,
    AlertRule,
    Attachment,
    Change,
    Editable,
    Guard,
    Incident,
    KeptQuery,
    Lesson,
    LessonState,
    Reviewer,
    Runbook,
    Said,
    Service,
    State,
    TimelineEvent,
    TrackerIssue,
    User,
    Verdict,
)
from tests.factories import NOW, a_restricted_incident, a_team, a_user, an_event, an_incident

TEXTS = (
    " ",
    "\n",
    "\n\nbegins with lines, and ends with some\n\n\n",
    "a\r\nb\rc",
    "spaces at ends  \n of lines \n\n",
    "# Summary <!-- summary -->\n\nnot one",
    "---\nid: 1\n---\n",
    "\ttabs\n\tand more\tof them",
    "control \x01\x1b[31m\x7f",
    "line ends of others \x85 \u2028 \u2029 .",
    "\u202e עברית \u200f العربية",
    "🔥 \U0010ffff",
    "- yes\n- no\n",
    "no",
    "1:30",
    "2026-03-14",
    "null",
    "0x1f",
    "'\"`",
    "\ufeffmark",
    "key: value # no remark",
    "@`%&*!|>",
    "word " * 3_000,
    "| a | b |\n|---|---|\n| 1 | 2 |",
)
AWKWARD = ("- Orders: time out #1", "Only for 'some'", "1:30")
"""Titles."""


def make_everything(*, incidents: int = 60) -> None:
    load_stories(by=None, at=NOW)
    make_history(Archive(incidents=incidents, runbooks=12, seed=7), report=lambda *_: None)
    write_awkward_texts()
    fill_what_is_left()
    finish_what_was_written_past_the_operations()
    for table in tables():
        if "version" in {column.name for column in table.columns}:
            edit_one(table.model)


def write_awkward_texts() -> None:
    """In the texts of a record, in those of its parts, and where there is one line."""
    texts = iter(TEXTS * 2)
    for _ in range(3):
        prose = {name: next(texts) for name in Incident.PROSE}
        incident = an_incident(title=AWKWARD[0], **prose)
        for text in TEXTS:
            an_event(incident, text=text, actor=text[:200], source=text.strip()[:200])
    person = a_user(username="Ünï@cødé")
    team = a_team(person)
    keep_findable(team)
    a_restricted_incident(person, teams=(team,), title=AWKWARD[1])


def fill_what_is_left() -> None:
    person, runbook = User.objects.earliest("pk"), Runbook.objects.earliest("pk")
    Service.objects.filter(pk=Service.objects.earliest("pk").pk).update(
        links="Graphs https://graphs.example/\nLogs https://logs.example/"
    )
    Runbook.objects.filter(pk=runbook.pk).update(imported_sha256="0" * 64)
    an_incident(title=AWKWARD[2], state=State.WITHDRAWN, withdrawn_reason="The same as another.")
    lessons = Lesson.objects.order_by("pk")
    Lesson.objects.filter(pk=lessons[0].pk).update(
        state=LessonState.SUPERSEDED, superseded_by=lessons[1]
    )
    Guard.objects.filter(pk=Guard.objects.earliest("pk").pk).update(
        precondition="a > 1",
        failing_example={"z": 1e16, "a": {"b": [None, True, -0.0, 1.5, "\u2028"]}, "1": "yes"},
    )
    ActionItem.objects.filter(pk=ActionItem.objects.earliest("pk").pk).update(
        reopened_for=Incident.objects.latest("pk")
    )
    Reviewer.objects.filter(pk=Reviewer.objects.earliest("pk").pk).update(note="Say more.\n")
    Verdict.objects.create(
        runbook=runbook,
        said=Said.WRONG,
        said_at=NOW,
        said_by=person,
        note="Step 2\nis gone.",
        dealt_with_at=NOW + timedelta(hours=1),
        dealt_with_by=person,
    )
    query = KeptQuery.objects.create(
        text="pool full",
        labels={"alertname": "PoolFull", "a": "b"},
        gist="full pool",
        sha256="1" * 64,
        best_rank=3,
        kept_at=NOW,
        kept_by=person,
    )
    query.relevant.set(Runbook.objects.order_by("pk")[:2])
    AlertRule.objects.create(
        source="rules.yaml",
        position=0,
        group="pools",
        alert="PoolFull",
        labels={"severity": "page", "a": "b"},
        runbook_url="https://runbooks.example/pool",
        read_at=NOW,
    )
    TrackerIssue.objects.create(key="github:o/r#1", state="open", told_at=NOW)
    attach_files(person, runbook)
    remove_a_part(person)
    Change.objects.create(
        document_type="incident", document_id=10**6, at=NOW, by=person, summary="Gone", parts=[]
    )


def attach_files(person: User, runbook: Runbook) -> None:
    """Of any bytes and names; one of them is removed."""
    every_byte = NewFile("../ünsafe näme?.PNG", bytes(range(256)) * 300)
    files = [every_byte, NewFile("...", b"\r\n"), NewFile(f"{'long ' * 60}.log", b"a log\n")]
    for record in (Incident.objects.earliest("pk"), runbook):
        attach(record, files, by=person, at=NOW)
    removed = Attachment.objects.earliest("pk")
    remove_attachment(removed, by=person, at=NOW + timedelta(hours=1))


def remove_a_part(person: User) -> None:
    """The last one of its table: its key is in history alone."""
    event = an_event(Incident.objects.earliest("pk"), text="Never was")
    remove_record(event, version=1, by=person, at=NOW, summary="Removed an event")


def edit_one(model: type[Model]) -> None:
    """A row that was changed since it was made."""
    row: Any = model._base_manager.order_by("pk").first()
    values: dict[str, Any] = {"version": 3}
    if issubclass(model, Editable):
        values["changed_at"] = NOW + timedelta(days=1, microseconds=1)
    model._base_manager.filter(pk=row.pk).update(**values)


def finish_what_was_written_past_the_operations() -> None:
    for event in TimelineEvent.objects.filter(text_html=""):
        render_prose(event)
        event.save()
    for incident in Incident.objects.filter(title__in=AWKWARD):
        render_prose(incident)
        incident.save()
        keep_findable(incident)
