"""The six stories, and what they lack: a draft with nothing in it, a restricted record, people, and
what these looked up."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from incidents.attachments.operations import NewFile, attach, remove_attachment
from incidents.guard.files import Given
from incidents.history.operations import create_record
from incidents.importers.demo.operations import load_stories
from incidents.importers.intake.operations import apply_now, import_now
from incidents.jobs.operations import owe_batch
from incidents.lib.periods import read_period
from incidents.lookup.learning.operations import keep_query
from incidents.models import (
    SHARED,
    ActionItem,
    Channel,
    Endpoint,
    EndpointState,
    Event,
    Export,
    ExportFormat,
    Incident,
    Job,
    JobState,
    Lesson,
    Message,
    Runbook,
    Service,
    Team,
    User,
    Visibility,
)
from incidents.notifications.operations import tell
from incidents.review.operations import add_decision, freeze_review
from incidents.review.scope import Scope
from tests.factories import NOW, a_feed, a_lookup, a_team, a_token, a_user
from tests.guard.runs.made import a_run

FROZEN = read_period("2019")
# One point, in red.
PICTURE = NewFile(
    "p99.png",
    b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    ),
)


@dataclass
class Demo:
    admin: User
    editor: User
    other: User
    reader: User
    team: Team
    # A story with all kinds of parts in it.
    story: Incident
    draft: Incident
    restricted: Incident


def load_demo() -> Demo:
    admin, editor, other = (
        a_user("admin", username="ada", first_name="Ada"),
        a_user("editor", username="ed", first_name="Ed"),
        a_user("editor", username="olga", first_name="Olga"),
    )
    load_stories(by=editor, at=NOW)
    draft = Incident(title="Search answers slowly", owner=editor)
    create_record(draft, by=editor, at=NOW, summary="Recorded it")
    restricted = Incident(title="A key in a public place", visibility=Visibility.RESTRICTED)
    create_record(
        restricted, by=admin, at=NOW, summary="Recorded it", related={"allowed_people": [admin]}
    )
    review = freeze_review(Scope(period=FROZEN, user=admin), by=editor, at=NOW)
    add_decision(review, values={"text": "Watch the pool of connections"}, by=editor, at=NOW)
    looked_up(admin)
    owed(admin)
    brought_in(admin)
    told(admin, by=other)
    checked(admin)
    attached(editor)
    return Demo(
        admin=admin,
        editor=editor,
        other=other,
        reader=a_user("reader", username="rita", first_name="Rita"),
        team=a_team(editor, other, name="Platform", slug="platform"),
        story=Incident.objects.get(title__startswith="Podiant"),
        draft=draft,
        restricted=restricted,
    )


def brought_in(user: User) -> None:
    """A folder that was read and applied, with a proposal."""
    markdown = Path(__file__).parents[1] / "importers" / "formats" / "markdown"
    quiet = {"by": user, "at": NOW, "tell": lambda _done, _total: None}
    found = import_now(markdown, wanted="markdown", options={}, **quiet)
    apply_now(found, **quiet)


def told(user: User, *, by: User) -> None:
    """One message of each kind, of which one is read; and rooms that hear of things, one gone."""
    records: list[Any] = [
        Incident.objects.earliest("pk"),
        ActionItem.objects.earliest("pk"),
        Lesson.objects.earliest("pk"),
        Runbook.objects.earliest("pk"),
    ]
    for number, event in enumerate(Event):
        about = records[number % len(records)]
        tell(event, about=about, to=[user], by=by, at=timezone.now(), detail="More of it." * number)
    Message.objects.filter(event=Event.PUBLISHED).update(read_at=timezone.now())
    for channel in SHARED:
        Endpoint.objects.create(
            name=f"#{channel}",
            channel=channel,
            url=f"https://hooks.example/services/{'T0' * 20}",
            secret="whsec_x" if channel == Channel.WEBHOOK else "",
            events=[event.value for event in Event],
            state=EndpointState.GONE if channel == Channel.WEBHOOK else EndpointState.ACTIVE,
            changed_at=timezone.now(),
        )
    a_token(user, name="deploys" * 20)
    a_token(user, name="Last year", expires_at=NOW + timedelta(days=1))


def looked_up(user: User) -> None:
    """A lookup that helped, one of which nothing was said, and one that found nothing."""
    now = timezone.now()
    first, second = Runbook.objects.order_by("pk")[:2]
    for number, text in enumerate(["SidekiqQueueSize\nfires on podiant", "orders time out"]):
        lookup = a_lookup(first, second, asked_by=user, asked_at=now, text=text)
        lookup.openings.create(runbook=second, place=2, opened_at=now)
        if number:
            lookup.verdicts.create(runbook=second, said="outdated", said_at=now)
    long_word = f"https://graphs.example/{'abcdefgh' * 20}"
    a_lookup(asked_by=user, asked_at=now, text=f"Nothing is found for {long_word}")
    keep_query("orders time out", {}, relevant=[first], by=user, at=now)


def checked(user: User) -> None:
    """The story's configuration as it was, with names that are hard to break into lines, after a
    change that takes back its fix; and a file that cannot be read."""
    long_name = f"deploy/{'abcdefgh' * 20}.toml"
    files = [Given("config/unicorn.rb", b"timeout 30\n"), Given(long_name, b"a = \n")]
    before = [Given("config/unicorn.rb", b"timeout 60\n")]
    a_run(files=files, before=before, name="podiant", revision="3f2a1c" * 6)
    a_run(files=files, by=user)


def attached(user: User) -> None:
    """A picture and a log with a name that is hard to break, one of them removed; on a runbook a
    picture."""
    incident, runbook = Incident.objects.earliest("pk"), Runbook.objects.earliest("pk")
    log = NewFile(f"{'abcdefgh' * 20}.log", b"12:00 it fell over\n")
    made = attach(incident, [PICTURE, log, NewFile("old.txt", b"gone")], by=user, at=NOW)
    remove_attachment(made[-1], by=user, at=NOW)
    attach(runbook, [PICTURE], by=user, at=NOW)


def owed(user: User) -> None:
    """Work of which one failed, with a reason that is hard to break into lines."""
    services = [{"service": service.pk} for service in Service.objects.all()]
    owe_batch("Found by their new names", "directory.find_by_new_name", services, at=NOW, by=user)
    error = f"ConnectionRefusedError: [Errno 111] {'abcdefgh' * 20} (incidents/x.py, line 3)"
    Job.objects.update(state=JobState.DONE, ended_at=NOW, begun_at=NOW, attempts=1)
    first = Job.objects.order_by("pk")[:1]
    Job.objects.filter(pk__in=first).update(state=JobState.FAILED, attempts=5, error=error)
    # Whatever a name is, the link below it does not break.
    for kind, name in (("incidents", f"reader{'abcdefgh' * 20}"), ("calendar", "My phone")):
        a_feed(user, kind, name=name)
    a_token(user, name="Deploys")
    for wanted in ExportFormat:
        Export.objects.create(
            owner=user,
            format=wanted,
            incident=Incident.objects.earliest("pk"),
            job=Job.objects.filter(export__isnull=True).order_by("pk").first(),
            made_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=7),
        )
