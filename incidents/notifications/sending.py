"""Deliveries on their way: what is still to be said when they are due, and what became of them."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation

from incidents.access.permissions import everybody
from incidents.models import (
    ActionItem,
    Channel,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Event,
    Incident,
    Message,
    Rhythm,
    State,
    User,
)
from incidents.notifications.channels.parcel import Parcel, language_for
from incidents.notifications.queries import SHOWN_WITH, rhythm, rhythms_of
from incidents.notifications.records import key_of, open_among
from incidents.notifications.sentences import line_for

ENDED = (DeliveryState.SENT, DeliveryState.NOTHING_LEFT)


@transaction.atomic
def take(key: int) -> Parcel | None:
    """What this delivery has to say now; None where it has ended, or there is nothing left to say.

    From now on nothing joins it. Asked again after an attempt that failed, it looks again: what its
    reader may not know of any more by then is not said.
    """
    held = Delivery.objects.select_for_update().filter(pk=key).exclude(state__in=ENDED)
    delivery = held.first()
    if delivery is None:
        return None
    held.update(state=DeliveryState.SENDING)
    messages = delivery.messages.select_related(*SHOWN_WITH).order_by("id")
    endpoint, person = delivery.endpoint, delivery.person
    if endpoint is not None:
        kept = for_endpoint(endpoint, messages)
    else:
        kept = for_person(person, messages) if person is not None else []
    if not kept:
        return None
    with translation.override(language_for(person)):
        lines = [line_for(message) for message in kept]
    return Parcel(
        uid=delivery.uid,
        rhythm=delivery.rhythm,
        made_at=kept[0].made_at,
        lines=lines,
        person=person,
        endpoint=endpoint,
    )


def for_endpoint(endpoint: Endpoint, messages: Iterable[Message]) -> list[Message]:
    if endpoint.state != EndpointState.ACTIVE:
        return []
    return visible(everybody(), messages)


def for_person(person: User, messages: Iterable[Message]) -> list[Message]:
    """What is unread, still so, still wanted, and about records that the person may see."""
    if not person.is_active:
        return []
    chosen = rhythms_of([person.pk]).get(person.pk, {})
    wanted = [
        message
        for message in messages
        if message.read_at is None
        and rhythm(chosen, Channel.EMAIL, message.event) != Rhythm.OFF
        and still_stands(message)
    ]
    return visible(person, wanted)


def visible(reader: User, messages: Iterable[Message]) -> list[Message]:
    messages = list(messages)
    known = open_among(reader, (message.about for message in messages))
    return [message for message in messages if key_of(message) in known]


def is_theirs(message: Message) -> bool:
    return getattr(message.about, "owner_id", None) == message.person_id


def is_unfinished(message: Message) -> bool:
    return isinstance(message.about, ActionItem) and message.about.is_open


def is_in_review(message: Message) -> bool:
    return isinstance(message.about, Incident) and message.about.state == State.IN_REVIEW


# What asks for something is not asked for any more once it is done, or another's.
STANDS: dict[str, Callable[[Message], bool]] = {
    Event.ASSIGNED: is_theirs,
    Event.DUE_SOON: is_unfinished,
    Event.LATE: is_unfinished,
    Event.REVIEW_ASKED: is_in_review,
}


def still_stands(message: Message) -> bool:
    stands = STANDS.get(message.event)
    return stands is None or stands(message)


def end(key: int, *, at: datetime, sent: bool) -> None:
    """In the transaction that ends the job of the delivery."""
    state = DeliveryState.SENT if sent else DeliveryState.NOTHING_LEFT
    rows = Delivery.objects.filter(pk=key).exclude(state__in=ENDED)
    rows.update(state=state, ended_at=at)


def endpoint_is_gone(key: int, *, at: datetime) -> None:
    """Nothing is sent there any more, until an administrator switches it on again."""
    active = Endpoint.objects.filter(deliveries=key, state=EndpointState.ACTIVE)
    active.update(state=EndpointState.GONE, changed_at=at, changed_by=None)
