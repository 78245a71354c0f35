"""Telling people and rooms. What is told is a row at once, and so is the work of bringing it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from incidents.access.permissions import everybody
from incidents.lib.one_line import one_line
from incidents.lib.words.own import in_own_words
from incidents.lib.zones import zone_named
from incidents.models import (
    LONGEST_DETAIL,
    Channel,
    Editable,
    Event,
    Message,
    Preference,
    QuietHours,
    Rhythm,
    User,
)
from incidents.models.notifications import ABOUT
from incidents.notifications.defaults import default_hours
from incidents.notifications.hours import due_at
from incidents.notifications.mentions import names_in
from incidents.notifications.owing import Slot, deliveries_for, owe_deliveries
from incidents.notifications.queries import (
    hours_of,
    listening_to,
    rhythm,
    rhythms_of,
    unread_of,
)
from incidents.notifications.records import (
    Record,
    field_of,
    open_among,
    people_named,
    teams_of,
)


@dataclass(frozen=True)
class News:
    """Something that people are to hear of.

    `detail` is a sentence of ours and holds no words of the record. Whoever has heard of this event
    of this record with the same non-empty `once` is not told again.
    """

    event: Event
    about: Record
    to: Collection[User]
    detail: str = ""
    once: str = ""


@transaction.atomic
def tell(
    event: Event,
    *,
    about: Record,
    to: Iterable[User | None],
    by: User | None,
    at: datetime,
    detail: str = "",
    once: str = "",
) -> None:
    """Tell these people, and the rooms that listen, in the transaction of what happened.

    Whoever may not know of the record gets nothing, now or if they may not when it is brought to
    them; nobody hears of what they did themselves. Nobody among the people is passed over.
    """
    people = [person for person in to if person is not None]
    news = News(event, about, people, detail, once)
    with in_own_words():
        title = event.label.capitalize()
    tell_many(title, [news], by=by, at=at)


def tell_rooms(
    event: Event, *, about: Record, by: User | None, at: datetime, detail: str = ""
) -> None:
    """As `tell`, where nobody is told by name; one question to the database where no room
    listens."""
    if listening_to({event}):
        tell(event, about=about, to=[], by=by, at=at, detail=detail)


@transaction.atomic
def tell_many(title: str, news: Sequence[News], *, by: User | None, at: datetime) -> None:
    """As `tell`, for many records at once; what is to be sent is one batch, called `title`.

    What one person hears of at once comes in one mail. The title is read by administrators, who may
    not know of every record.
    """
    open_records = open_among(everybody(), (each.about for each in news))
    messages = [
        *messages_to_people(news, open_records, by=by, at=at),
        *messages_to_rooms(news, open_records, by=by, at=at),
    ]
    messages = not_told_before(messages)
    slots = slots_of(messages, at=at)
    deliveries = deliveries_for(set(slots.values()))
    wanted = []
    for number, message in enumerate(messages):
        if number in slots:
            message.delivery = deliveries[slots[number]]
        if message.in_inbox or number in slots:
            wanted.append(message)
    Message.objects.bulk_create(wanted, batch_size=500)
    owe_deliveries(title, deliveries.values(), by=by, at=at)


def messages_to_people(
    news: Iterable[News], open_records: set[tuple[str, int]], *, by: User | None, at: datetime
) -> list[Message]:
    people = {person.pk for each in news for person in each.to}
    chosen = rhythms_of(people)
    messages = []
    for each in news:
        field = field_of(each.about)
        for person in {person.pk: person for person in each.to}.values():
            if not person.is_active or person == by:
                continue
            if (field, each.about.pk) not in open_records and not open_among(person, [each.about]):
                continue
            here = rhythm(chosen.get(person.pk, {}), Channel.INBOX, each.event)
            message = message_of(each, by=by, at=at)
            message.person, message.in_inbox = person, here != Rhythm.OFF
            messages.append(message)
    return messages


def messages_to_rooms(
    news: Sequence[News], open_records: set[tuple[str, int]], *, by: User | None, at: datetime
) -> list[Message]:
    """Rooms are cleared for what everybody may know of, and hear of nothing else."""
    rooms = listening_to({each.event for each in news})
    messages = []
    for each in news if rooms else []:
        if (field_of(each.about), each.about.pk) not in open_records:
            continue
        teams = teams_of(each.about) if any(room.team_id for room in rooms) else set()
        for room in rooms:
            if each.event in room.events and (room.team_id is None or room.team_id in teams):
                message = message_of(each, by=by, at=at)
                message.endpoint, message.in_inbox = room, False
                message.detail = in_room(each)
                messages.append(message)
    return messages


def in_room(news: News) -> str:
    """A room is told whom it concerns."""
    names = ", ".join(person.name for person in news.to)
    if news.event in {Event.PUBLISHED, Event.REVIEW_FROZEN} or not names:
        return one_line(news.detail, LONGEST_DETAIL)
    return one_line(f"For {names}. {news.detail}".strip(), LONGEST_DETAIL)


def message_of(news: News, *, by: User | None, at: datetime) -> Message:
    about = {field_of(news.about): news.about}
    return Message(
        event=news.event,
        by=by,
        made_at=at,
        detail=one_line(news.detail, LONGEST_DETAIL),
        once=news.once,
        **about,
    )


def not_told_before(messages: list[Message]) -> list[Message]:
    occasions = {message.once for message in messages if message.once}
    if not occasions:
        return messages
    told = {
        whom_and_what(message)
        for message in Message.objects.filter(
            once__in=occasions, event__in={message.event for message in messages}
        )
    }
    return [each for each in messages if not each.once or whom_and_what(each) not in told]


def whom_and_what(message: Message) -> tuple[object, ...]:
    return (
        message.person_id,
        message.endpoint_id,
        message.event,
        message.once,
        *(getattr(message, f"{name}_id") for name in ABOUT),
    )


def slots_of(messages: Sequence[Message], *, at: datetime) -> dict[int, Slot]:
    """In which mail or post each message goes, by its number; not for those that only stay here."""
    people = {message.person_id for message in messages if message.person_id is not None}
    chosen, hours = rhythms_of(people), hours_of(people)
    slots: dict[int, Slot] = {}
    for number, message in enumerate(messages):
        if message.endpoint is not None:
            slots[number] = Slot(endpoint=message.endpoint, rhythm=Rhythm.AT_ONCE, due_at=at)
        elif message.person is not None and gets_mail(message.person):
            person = message.person
            wanted = rhythm(chosen.get(person.pk, {}), Channel.EMAIL, message.event)
            if wanted != Rhythm.OFF:
                quiet = hours.get(person.pk) or default_hours()
                due = due_at(wanted, at=at, zone=zone_named(person.time_zone), quiet=quiet)
                slots[number] = Slot(person=person, rhythm=wanted, due_at=due)
    return slots


def gets_mail(person: User) -> bool:
    return bool(settings.EMAIL_CONFIGURED and person.email)


@transaction.atomic
def tell_concerned(
    record: Record, *, before: Record | None = None, by: User | None, at: datetime
) -> None:
    """Tell who became the owner of a record that was written, and whom its texts now name.

    `before` is the record as it was; None where it is new.
    """
    owner = getattr(record, "owner", None)
    if by is not None and owner is not None and owner != getattr(before, "owner", None):
        tell(Event.ASSIGNED, about=record, to=[owner], by=by, at=at)
    tell_mentioned(record, about=record, before=before, by=by, at=at)


@transaction.atomic
def tell_mentioned(
    row: Editable, *, about: Record, before: Editable | None = None, by: User | None, at: datetime
) -> None:
    """Tell whoever is named by `@username` in the texts of `row` and was not in `before`.

    What is brought in from elsewhere, by nobody, names nobody here.
    """
    if by is None:
        return
    names = mentioned_in(row) - (mentioned_in(before) if before is not None else set())
    if names:
        tell(Event.MENTIONED, about=about, to=people_named(names), by=by, at=at)


def mentioned_in(row: Editable) -> set[str]:
    return {name for field in row.PROSE for name in names_in(getattr(row, field))}


@transaction.atomic
def mark_read(message: Message, *, by: User, at: datetime) -> None:
    Message.objects.filter(pk=message.pk, person=by, read_at__isnull=True).update(read_at=at)


@transaction.atomic
def mark_all_read(*, by: User, at: datetime) -> int:
    """What the person cannot see stays as it is; how many were read."""
    return unread_of(by).update(read_at=at)


def mark_unread_again(*, by: User, read_at: datetime) -> int:
    """Take back `mark_all_read` of this very moment; how many are unread again."""
    return Message.objects.filter(person=by, read_at=read_at).update(read_at=None)


@transaction.atomic
def set_preferences(
    *, rhythms: Mapping[tuple[str, str], str], hours: QuietHours, by: User, at: datetime
) -> None:
    """How this person wants to hear of things, by channel and event. Holds for what is told from
    now on; what is off is not sent any more either."""
    rows = [
        Preference(person=by, channel=channel, event=event, rhythm=wanted, chosen_at=at)
        for (channel, event), wanted in rhythms.items()
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "channel", "event"],
        update_fields=["rhythm", "chosen_at"],
    )
    values = {"are_on": hours.are_on, "begin": hours.begin, "end": hours.end, "chosen_at": at}
    QuietHours.objects.update_or_create(person=by, defaults=values)
