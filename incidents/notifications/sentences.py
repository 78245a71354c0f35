"""What happened, in a sentence: to the person whom it concerns, or to a room."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from incidents.lib.fill import fill
from incidents.lib.one_line import one_line
from incidents.models import Event, Message
from incidents.notifications.records import (
    address_for_programs,
    field_of,
    key_for_programs,
    name_of,
)


class Wording(NamedTuple):
    """`{by}` did it; `alone` is where nobody is named for it; `room` is what rooms are told."""

    by: str
    alone: str
    room: str


WORDINGS: dict[str, Wording] = {
    Event.ASSIGNED: Wording(
        "{by} made you the owner of {what}", "You are the owner of {what}", "{what} has an owner"
    ),
    Event.MENTIONED: Wording(
        "{by} mentioned you in {what}", "You are mentioned in {what}", "Mentioned in {what}"
    ),
    Event.REVIEW_ASKED: Wording(
        "{by} asks you to review {what}",
        "You are asked to review {what}",
        "{what} waits for a review",
    ),
    Event.REVIEWED: Wording("{by} reviewed {what}", "{what} was reviewed", "{what} was reviewed"),
    Event.PUBLISHED: Wording(
        "{by} published {what}", "{what} was published", "{what} was published"
    ),
    Event.DUE_SOON: Wording("{what} is due soon", "{what} is due soon", "{what} is due soon"),
    Event.LATE: Wording("{what} is late", "{what} is late", "{what} is late"),
    Event.REOPENED: Wording("{by} reopened {what}", "{what} was reopened", "{what} was reopened"),
    Event.TO_VERIFY: Wording(
        "{what} is done, and is to be verified",
        "{what} is done, and is to be verified",
        "{what} is done, and is to be verified",
    ),
    Event.RUNBOOK_WRONG: Wording(
        "{by} marked {what} as wrong or outdated",
        "{what} was marked as wrong or outdated",
        "{what} was marked as wrong or outdated",
    ),
    Event.RUNBOOK_DUE: Wording(
        "{what} is to be verified", "{what} is to be verified", "{what} is to be verified"
    ),
    Event.REVIEW_FROZEN: Wording("{by} froze {what}", "{what} was frozen", "{what} was frozen"),
    Event.ACTION_CHANGED: Wording(
        "{by} changed {what}", "{what} has changed", "{what} has changed"
    ),
}


@dataclass(frozen=True)
class Line:
    """One message as it is read, its words on one line each: `before`, the record, `after`.

    `kind`, `key` and `api` are for programs: what the record is, what `/api/v1/` calls it by, and
    its address there; empty where it names none.
    """

    event: str
    before: str
    reference: str
    title: str
    after: str
    url: str
    detail: str
    at: datetime
    kind: str = ""
    key: str = ""
    api: str = ""

    @property
    def is_reference(self) -> bool:
        """Whether it is called by a number, as INC-42, rather than by words."""
        return "-" in self.reference

    @property
    def what(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def sentence(self) -> str:
        text = f"{self.before}{self.what}{self.after}"
        return text[:1].upper() + text[1:]


def line_for(message: Message) -> Line:
    """Whoever calls has seen to it that the reader may know of the record."""
    wording = WORDINGS[message.event]
    if message.endpoint_id is not None:
        text = wording.room
    else:
        text = wording.by if message.by is not None else wording.alone
    before, _, after = text.partition("{what}")
    by = {"by": one_line(message.by.name, 80) if message.by else ""}
    reference, title = name_of(message.about)
    return Line(
        event=message.event,
        before=fill(before, by),
        reference=reference,
        title=one_line(title),
        after=fill(after, by),
        url=settings.SITE_URL + message.about.get_absolute_url(),
        detail=one_line(message.detail, 300),
        at=message.made_at,
        kind=field_of(message.about),
        key=key_for_programs(message.about),
        api=settings.SITE_URL + address_for_programs(message.about),
    )


def line_of_test(*, at: datetime) -> Line:
    """What a channel is sent to see whether it works. It names no record."""
    return Line(
        event="test",
        before="",
        reference="Postmortems:",
        title="a test of this channel",
        after="",
        url=settings.SITE_URL,
        detail="",
        at=at,
    )
