"""A restricted incident with everything that can hang on it, every text of which is a canary.

A canary is a word that stands nowhere else. Keys, amounts and times of what is restricted can be
told by their look too, so that no page can name them unseen.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from string import ascii_lowercase
from typing import Any

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from incidents.attachments.operations import remove_attachment
from incidents.history.operations import change_record, create_record, remove_record
from incidents.lookup.operations import keep_findable
from incidents.models import (
    ActionItem,
    Attachment,
    AttachmentContent,
    Change,
    CheckFinding,
    CheckRun,
    ConfigDelta,
    ContributingFactor,
    Editable,
    Endpoint,
    Event,
    Export,
    Factor,
    Guard,
    GuardVersion,
    ImpactMeasure,
    Import,
    ImportRow,
    ImportState,
    Incident,
    Knob,
    Lesson,
    LessonLink,
    Message,
    Part,
    Participant,
    ProposedDelta,
    RelatedIncident,
    Reviewer,
    RowAction,
    Runbook,
    RunbookUse,
    Service,
    Tag,
    Team,
    TimelineEvent,
    User,
    Visibility,
)
from incidents.records.parts.operations import add_lesson_link, add_related_incident
from tests.factories import NOW, a_feed, a_service, a_team, a_token, a_user

MARK = "zqvx"
# Keys 7310…: of restricted rows; 7319…: of none.
FIRST_KEY, NOBODYS_KEY = 7_310_001, 7_319_001
# Above them, so that what is made later is not taken for restricted.
OPEN_KEY = 9_000_001
# Noted at most once a minute, and not while somebody walks.
NEVER_AGAIN = datetime(2999, 1, 1, tzinfo=UTC)
WHEN = datetime(1987, 3, 4, 3, 17, tzinfo=UTC)
TELLING = re.compile(rf"{MARK}[a-z]{{3}}|\b731\d{{4}}\b|\b1987\b|\b73[,. \u00a0\u202f]?95\d\b")

# What a text field is not to hold a made-up word in.
NO_WORDS = {"time_zone", "sha256", "evidence", "withdrawn_reason", "wont_do_reason"}


def canaries() -> Any:
    for number in count():
        first, rest = divmod(number, 26 * 26)
        yield MARK + "".join(ascii_lowercase[n] for n in (first, *divmod(rest, 26)))


@dataclass
class World:
    owner: User
    named: User
    teammate: User
    former: User
    reader: User
    editor: User
    admin: User
    team: Team
    service: Service
    words: Any = field(default_factory=canaries)
    keys: Any = field(default_factory=lambda: count(FIRST_KEY))
    open: dict[type[models.Model], Any] = field(default_factory=dict)
    secret: dict[type[models.Model], Any] = field(default_factory=dict)
    # Action items and links have two ways in: by the incident, and by its lesson.
    more: list[models.Model] = field(default_factory=list)

    @property
    def everybody(self) -> list[User]:
        return [
            self.owner,
            self.named,
            self.teammate,
            self.former,
            self.reader,
            self.editor,
            self.admin,
        ]

    @property
    def incident(self) -> Incident:
        found: Incident = self.secret[Incident]
        return found

    def texts(self, table: type[models.Model], given: dict[str, Any]) -> dict[str, Any]:
        """A canary in every text field of the table that is not given."""
        found: dict[str, Any] = {}
        for name in getattr(table, "TRACKED", ("name",)):
            column = table._meta.get_field(name)
            if name in given or name in NO_WORDS or getattr(column, "choices", None):
                continue
            if isinstance(column, models.URLField):
                found[name] = f"https://{next(self.words)}.example/"
            elif isinstance(column, models.CharField | models.TextField):
                found[name] = next(self.words)
            elif isinstance(column, models.JSONField):
                found[name] = {next(self.words): next(self.words)}
        return found

    def hide(self, table: type[Any], *, related: Any = None, **given: Any) -> Any:
        """A restricted row, made by the operations, so that history and search know it."""
        row = table(pk=next(self.keys), **self.texts(table, given), **given)
        if not isinstance(row, Editable):
            row.save(force_insert=True)
            return row
        summary = f"Added {next(self.words)}"
        create_record(row, by=self.named, at=WHEN, summary=summary, related=related)
        self.secret.setdefault(table, row)
        return row

    def show(self, table: type[Any], *, related: Any = None, **given: Any) -> Any:
        """A row that everybody may see."""
        row = table(**{"pk": OPEN_KEY, **given})
        create_record(
            row, by=self.owner, at=NOW, summary=f"Added {table.__name__}", related=related
        )
        self.open.setdefault(table, row)
        return row


def a_world() -> World:
    """People, and one open record of each kind."""
    world = World(
        *(a_user("editor", username=name) for name in ("olga", "nina", "tom", "fay")),
        reader=a_user("reader", username="rita"),
        editor=a_user("editor", username="ed"),
        admin=a_user("admin", username="ada"),
        team=a_team(name="Platform", slug="platform"),
        service=a_service(name="Payments", slug="payments"),
    )
    world.team.members.set([world.teammate, world.former])
    incident = world.show(Incident, title="Orders time out", related={"services": [world.service]})
    factor = world.show(Factor, name="Pool too small", slug="pool", category="capacity")
    knob = world.show(Knob, component="unicorn", key="worker_processes")
    lesson = world.show(Lesson, sentence="Watch the pool", related={"knobs": [knob]})
    runbook = world.show(Runbook, title="Pool is full", slug="full", related={"knobs": [knob]})
    item = world.show(ActionItem, title="Raise the limit", incident=incident)
    world.show(TimelineEvent, incident=incident, text="Latency rose")
    world.show(ContributingFactor, incident=incident, factor=factor, how="It filled up")
    world.show(ConfigDelta, incident=incident, knob=knob, before="3", after="4", part="fixed")
    another = world.show(Incident, pk=OPEN_KEY + 1, title="The queue grew")
    world.show(RelatedIncident, incident=incident, other=another)
    world.show(LessonLink, incident=incident, lesson=lesson, relation="upheld")
    world.show(RunbookUse, incident=incident, runbook=runbook, served="helped")
    world.show(ImpactMeasure, incident=incident, name="Orders lost", value=3)
    world.show(Participant, incident=incident, name="The host on call")
    world.show(Reviewer, incident=incident, person=world.editor)
    Tag.objects.create(pk=OPEN_KEY, name="pools").incidents.add(incident)
    Message.objects.create(
        pk=OPEN_KEY,
        person=world.reader,
        event=Event.PUBLISHED,
        incident=incident,
        made_at=NOW,
        in_inbox=True,
    )
    Export.objects.create(
        pk=OPEN_KEY,
        owner=world.reader,
        format="json",
        incident=incident,
        made_at=NOW,
        expires_at=datetime(2999, 1, 1, tzinfo=UTC),
    )
    of = Import.objects.create(
        pk=OPEN_KEY,
        owner=world.editor,
        name="open.zip",
        format="markdown",
        made_at=NOW,
        expires_at=datetime(2999, 1, 1, tzinfo=UTC),
    )
    row = ImportRow.objects.create(
        pk=OPEN_KEY,
        of=of,
        position=0,
        key="file:open.md",
        where="open.md",
        action=RowAction.MAKE,
        incident=incident,
    )
    ProposedDelta.objects.create(pk=OPEN_KEY, incident=incident, row=row, sentence="It was raised.")
    Endpoint.objects.create(
        pk=OPEN_KEY,
        name="#incidents",
        channel="slack",
        url="https://hooks.example/",
        events=[Event.PUBLISHED],
        changed_at=NOW,
        changed_by=world.admin,
    )
    attach_to(incident, OPEN_KEY, "An open graph.txt", by=world.owner)
    attach_to(runbook, OPEN_KEY + 1, "An open picture.txt", by=world.owner)
    a_token(world.reader, pk=OPEN_KEY)
    check(world, world.show(Guard, lesson=lesson, expression="unicorn.timeout > 1", message="No"))
    for number, person in enumerate((world.reader, world.editor)):
        key = OPEN_KEY + 2 * number
        a_feed(person, pk=key, last_fetched_at=NEVER_AGAIN)
        of = {"span": "service", "service": world.service}
        a_feed(person, "calendar", pk=key + 1, last_fetched_at=NEVER_AGAIN, **of)
    keep_findable(incident, factor, knob, lesson, runbook, item, world.service, world.team)
    move_changes(world)
    return world


def attach_to(
    record: Incident | Runbook, key: int, name: str, *, by: User, text: str = "Nothing"
) -> None:
    attached = Attachment.objects.create(
        **{record._meta.model_name: record},
        pk=key,
        name=name,
        media_type="text/plain; charset=utf-8",
        size=len(text),
        sha256=sha256(text.encode()).hexdigest(),
        added_by=by,
        added_at=NOW,
    )
    AttachmentContent.objects.create(attachment=attached, data=text.encode())


def check(world: World, guard: Guard) -> None:
    """A run that found something open of each kind. It has to be of late, and of a day whose
    distance stays the same while a test walks."""
    run = CheckRun.objects.create(
        pk=OPEN_KEY,
        checked_at=timezone.now() - timedelta(days=10, hours=12),
        door="program",
        name="checkout",
        files=[{"name": "unicorn.rb", "fingerprint": "0" * 64}],
        file_count=1,
    )
    version = GuardVersion.objects.create(
        pk=OPEN_KEY,
        guard=guard,
        version=1,
        expression=guard.expression,
        message="No",
        severity="error",
    )
    found(run, OPEN_KEY, world.open[Incident], version, "An open sentence")
    world.open[CheckRun] = run


def found(run: CheckRun, key: int, incident: Incident, version: GuardVersion, says: str) -> None:
    told = {"run": run, "name": "unicorn.timeout", "incident": incident}
    lesson = version.guard.lesson
    CheckFinding.objects.create(
        pk=key, kind="violated", guard=version, lesson=lesson, message=says, **told
    )
    CheckFinding.objects.create(pk=key + 1, kind="repeats", message=says, **told)
    CheckFinding.objects.create(pk=key + 2, kind="touches", **told)


def hide_an_incident(world: World) -> None:
    """The restricted incident and all that is its own; nothing open is touched."""
    related = {
        "services": [world.service],
        "teams": [world.team],
        "tags": [world.hide(Tag)],
        "allowed_people": [world.named, world.owner],
        "allowed_teams": [world.team],
    }
    incident = world.hide(
        Incident,
        related=related,
        visibility=Visibility.RESTRICTED,
        owner=world.owner,
        began_at=WHEN,
        began_precision="minute",
    )
    factor = world.hide(Factor, slug=next(world.words), category="design")
    knob = world.hide(Knob)
    lesson = world.hide(Lesson, learned_from=incident, related={"knobs": [knob]})
    guard = world.hide(Guard, lesson=lesson)
    hide_parts(world, incident, factor, knob)
    fire(world, incident, guard)
    item = world.hide(ActionItem, incident=incident, owner=world.owner, due_date=date(1987, 5, 6))
    by_lesson = world.hide(ActionItem, lesson=lesson, owner=world.owner)
    world.more.append(by_lesson)
    for key in (next(world.keys), removed := next(world.keys)):
        name = f"{next(world.words)}.txt"
        attach_to(incident, key, name, by=world.named, text=next(world.words))
    remove_attachment(Attachment.objects.get(pk=removed), by=world.named, at=WHEN)
    a_token(world.named, pk=next(world.keys), name=next(world.words))
    a_feed(world.named, pk=next(world.keys), name=next(world.words))
    told_of(world, incident, item, lesson)
    take_out(world, incident)
    bring_in(world, incident)
    change_and_remove(world, incident, lesson, guard, item)
    keep_findable(incident, factor, knob, lesson, item, by_lesson)
    move_changes(world)


def fire(world: World, incident: Incident, guard: Guard) -> None:
    """In the open run, as if somebody who is named had asked for it."""
    versions = [
        GuardVersion.objects.create(
            pk=next(world.keys),
            guard=guard,
            version=number,
            expression=next(world.words),
            message=next(world.words),
            severity="error",
        )
        for number in (1, 2, 3, 4)
    ]
    run = world.open[CheckRun]
    run.held, run.unconcerned = [versions[1].pk], [versions[2].pk]
    run.not_checked = {str(versions[3].pk): [next(world.words)]}
    run.save()
    keys = [next(world.keys) for _ in range(3)]
    found(run, keys[0], incident, versions[0], next(world.words))


def hide_parts(world: World, incident: Incident, factor: Factor, knob: Knob) -> None:
    world.hide(TimelineEvent, incident=incident, event_at=WHEN, event_precision="minute")
    world.hide(ContributingFactor, incident=incident, factor=factor)
    world.hide(ContributingFactor, incident=incident, factor=world.open[Factor])
    world.hide(ConfigDelta, incident=incident, knob=knob, part="fixed")
    world.hide(ConfigDelta, incident=incident, knob=world.open[Knob], part="tried")
    world.hide(ImpactMeasure, incident=incident, value=73951, out_of=73952)
    # A person with an account is called by it.
    world.hide(Participant, incident=incident, person=world.owner, name="", hours=73953)
    world.hide(Participant, incident=incident)
    world.hide(LessonLink, incident=incident, lesson=world.open[Lesson], relation="violated")
    world.hide(RunbookUse, incident=incident, runbook=world.open[Runbook], served="outdated")
    world.hide(RelatedIncident, incident=incident, other=world.open[Incident])
    world.hide(Reviewer, incident=incident, person=world.named, answer="approved", answered_at=WHEN)


def told_of(world: World, incident: Incident, item: ActionItem, lesson: Lesson) -> None:
    """Everybody was told of all of it, as if it had been open then."""
    for about in ({"incident": incident}, {"action_item": item}, {"lesson": lesson}):
        for person in world.everybody:
            Message.objects.create(
                pk=next(world.keys),
                person=person,
                event=Event.MENTIONED,
                by=world.named,
                made_at=WHEN,
                detail=next(world.words),
                in_inbox=True,
                **about,
            )


def take_out(world: World, incident: Incident) -> None:
    """Everybody took it out, as if it had been open then."""
    for person in world.everybody:
        Export.objects.create(
            pk=next(world.keys),
            owner=person,
            format="json",
            incident=incident,
            made_at=WHEN,
            expires_at=datetime(2999, 1, 1, tzinfo=UTC),
        )


def bring_in(world: World, incident: Incident) -> None:
    """Everybody brought it in, as if it had been open then; and it proposes a delta."""
    for person in world.everybody:
        # Not a key that tells: one's own import stays one's own.
        of = Import.objects.create(
            owner=person,
            name="old.zip",
            format="markdown",
            state=ImportState.APPLIED,
            made_at=NOW,
            applied_at=NOW,
            expires_at=datetime(2999, 1, 1, tzinfo=UTC),
        )
        row = ImportRow.objects.create(
            pk=next(world.keys),
            of=of,
            position=0,
            key=next(world.words),
            where=next(world.words),
            title=next(world.words),
            action=RowAction.MAKE,
            incident=incident,
            applied_at=NOW,
            why=next(world.words),
        )
        ProposedDelta.objects.create(
            pk=next(world.keys), incident=incident, row=row, sentence=next(world.words)
        )


def change_and_remove(world: World, incident: Incident, *rows: Any) -> None:
    """Each row has an earlier text in its history, and one part is in the history alone."""
    for row in (incident, *rows, *incident.timelineevents.all()):
        name = next(iter(world.texts(type(row), {"source": ""})))
        word = next(world.words)
        change_record(
            row, version=1, values={name: word}, by=world.named, at=WHEN, summary=f"Now {word}"
        )
    removed = world.hide(TimelineEvent, incident=incident)
    summary = f"Removed {next(world.words)}"
    remove_record(removed, version=1, by=world.named, at=WHEN, summary=summary)


def move_changes(world: World) -> None:
    """The lines of history have telling keys too, or keys above them."""
    hidden = Change.objects.filter(at=WHEN).exclude(id__range=(FIRST_KEY, NOBODYS_KEY))
    for line in hidden.order_by("id"):
        Change.objects.filter(id=line.pk).update(id=next(world.keys))
    Change.objects.filter(id__lt=FIRST_KEY).update(id=F("id") + OPEN_KEY)


def link_from_outside(world: World) -> None:
    """Open records that speak of restricted ones, now or in their history."""
    incident, lesson = world.open[Incident], world.secret[Lesson]
    note = next(world.words)
    related = {"other": world.incident, "relation": "follows", "note": note}
    add_related_incident(incident, values=related, by=world.named, at=NOW)
    link = {"lesson": lesson, "relation": "refined", "note": note}
    add_lesson_link(incident, values=link, by=world.named, at=NOW)
    replaced = Lesson(sentence="An older lesson")
    create_record(replaced, by=world.owner, at=NOW, summary="Added the lesson")
    values: dict[str, Any] = {"state": "superseded", "superseded_by": lesson}
    change(world, replaced, values, {"state": "active", "superseded_by": None})
    change(world, replaced, values)
    change(world, world.open[ActionItem], {"incident": world.incident}, {"incident": incident})
    change(world, world.open[Lesson], {"knobs": [world.secret[Knob], world.open[Knob]]})
    keep_findable(incident, replaced, world.open[ActionItem], world.open[Lesson])
    move_changes(world)


def change(world: World, row: Any, *steps: dict[str, Any]) -> None:
    for values in steps:
        row.refresh_from_db()
        change_record(
            row, version=row.version, values=values, by=world.named, at=NOW, summary="Changed it"
        )
    row.refresh_from_db()


def told_by(text: str) -> set[str]:
    """What a text tells of restricted records."""
    return set(TELLING.findall(text))


def part_rows(world: World) -> list[Part]:
    return [row for row in world.secret.values() if isinstance(row, Part)]


def nobodys(word: str) -> str:
    """A canary's twin: a word of its length that stands nowhere at all."""
    return re.sub(rf"{MARK}[a-z]{{3}}", f"{MARK}zzz", slugify(word))
