"""What happened, in a sentence: to the person whom it concerns, or to a room."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from incidents.lib.fill import fill
from incidents.lib.one_line import one_line
from incidents.lib.words.translated import Translated
from incidents.models import Event, Message
from incidents.notifications.details import told_detail
from incidents.notifications.records import (
    address_for_programs,
    field_of,
    key_for_programs,
    name_of,
)


class Wording(NamedTuple):
    """`{by}` did it; `alone` is where nobody is named for it; `room` is what rooms are told."""

    by: Translated
    alone: Translated
    room: Translated


REFERENCE = re.compile(r"[A-Z]+-[0-9]+")
# Translators: {what} is a reference with its title (INC-42 Orders time out), or "the runbook" or
# "the review of" with the title; {by} is a person. Both have to stay.
WORDINGS: dict[str, Wording] = {
    Event.ASSIGNED: Wording(
        gettext_lazy("{by} made you the owner of {what}"),
        gettext_lazy("You are the owner of {what}"),
        gettext_lazy("{what} has an owner"),
    ),
    Event.MENTIONED: Wording(
        gettext_lazy("{by} mentioned you in {what}"),
        gettext_lazy("You are mentioned in {what}"),
        gettext_lazy("Mentioned in {what}"),
    ),
    Event.REVIEW_ASKED: Wording(
        gettext_lazy("{by} asks you to review {what}"),
        gettext_lazy("You are asked to review {what}"),
        gettext_lazy("{what} waits for a review"),
    ),
    Event.REVIEWED: Wording(
        gettext_lazy("{by} reviewed {what}"),
        gettext_lazy("{what} was reviewed"),
        gettext_lazy("{what} was reviewed"),
    ),
    Event.PUBLISHED: Wording(
        gettext_lazy("{by} published {what}"),
        gettext_lazy("{what} was published"),
        gettext_lazy("{what} was published"),
    ),
    Event.DUE_SOON: Wording(
        gettext_lazy("{what} is due soon"),
        gettext_lazy("{what} is due soon"),
        gettext_lazy("{what} is due soon"),
    ),
    Event.LATE: Wording(
        gettext_lazy("{what} is late"),
        gettext_lazy("{what} is late"),
        gettext_lazy("{what} is late"),
    ),
    Event.REOPENED: Wording(
        gettext_lazy("{by} reopened {what}"),
        gettext_lazy("{what} was reopened"),
        gettext_lazy("{what} was reopened"),
    ),
    Event.TO_VERIFY: Wording(
        gettext_lazy("{what} is done, and is to be verified"),
        gettext_lazy("{what} is done, and is to be verified"),
        gettext_lazy("{what} is done, and is to be verified"),
    ),
    Event.RUNBOOK_WRONG: Wording(
        gettext_lazy("{by} marked {what} as wrong or outdated"),
        gettext_lazy("{what} was marked as wrong or outdated"),
        gettext_lazy("{what} was marked as wrong or outdated"),
    ),
    Event.RUNBOOK_DUE: Wording(
        gettext_lazy("{what} is to be verified"),
        gettext_lazy("{what} is to be verified"),
        gettext_lazy("{what} is to be verified"),
    ),
    Event.REVIEW_FROZEN: Wording(
        gettext_lazy("{by} froze {what}"),
        gettext_lazy("{what} was frozen"),
        gettext_lazy("{what} was frozen"),
    ),
    Event.ACTION_CHANGED: Wording(
        gettext_lazy("{by} changed {what}"),
        gettext_lazy("{what} has changed"),
        gettext_lazy("{what} has changed"),
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
        return REFERENCE.fullmatch(self.reference) is not None

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
        text = str(wording.room)
    else:
        text = str(wording.by if message.by is not None else wording.alone)
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
        detail=one_line(told_detail(message), 300),
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
        title=gettext("a test of this channel"),
        after="",
        url=settings.SITE_URL,
        detail="",
        at=at,
    )
