"""What a person hears of, and how they want to."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from incidents.models import (
    ActionItem,
    Channel,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    Event,
    Incident,
    JobState,
    Lesson,
    Message,
    Pause,
    Preference,
    QuietHours,
    Rhythm,
    User,
)
from incidents.models.notifications import ABOUT, FOR_ROOMS
from incidents.notifications.defaults import default_hours, default_rhythm

MOST_COUNTED = 100
SHOWN_WITH = (*ABOUT, "by", "review__team", "review__service")
"""What a message is told from."""
VISIBLE: Mapping[str, Callable[[User], QuerySet[Any]]] = {
    "incident": Incident.objects.visible_to,
    "action_item": ActionItem.objects.visible_to,
    "lesson": Lesson.objects.visible_to,
}
"""Of what a message may be about, all that not everybody may know of."""


def inbox_of(user: User) -> QuerySet[Message]:
    """What the person may see of what they were told, the unread first, the latest first."""
    rows = Message.objects.visible_to(user).filter(in_inbox=True).select_related(*SHOWN_WITH)
    return rows.order_by(F("read_at").desc(nulls_first=True), "-id")


def unread_of(user: User) -> QuerySet[Message]:
    return Message.objects.visible_to(user).filter(in_inbox=True, read_at__isnull=True)


def count_unread(user: User) -> int:
    """Up to `MOST_COUNTED`.

    The header of every page asks, and mostly there are none or few. To ask of every kind of record
    at once whether it may be seen takes longer than the rest of a page: each kind is asked by
    itself, if there is something about it.
    """
    unread = user.messages.filter(in_inbox=True, read_at__isnull=True)
    about = list(unread.values_list(*VISIBLE)[:MOST_COUNTED])
    if not about:
        return 0
    of_others = list(zip(*about, strict=True))
    # The rest is about what everybody may know of.
    count = sum(not any(keys) for keys in about)
    for visible_to, keys in zip(VISIBLE.values(), of_others, strict=True):
        if wanted := {key for key in keys if key is not None}:
            seen = set(visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True))
            count += sum(key in seen for key in keys)
    if count < len(about) == MOST_COUNTED:
        return unread_of(user).order_by()[:MOST_COUNTED].count()
    return count


Rhythms = dict[tuple[str, str], Rhythm]


def rhythms_of(people: Collection[int]) -> dict[int, Rhythms]:
    """What each of these people chose, by channel and event."""
    chosen: dict[int, Rhythms] = {}
    for row in Preference.objects.filter(person__in=people):
        chosen.setdefault(row.person_id, {})[row.channel, row.event] = Rhythm(row.rhythm)
    return chosen


def rhythm(chosen: Rhythms, channel: Channel, event: str) -> Rhythm:
    return chosen.get((channel, event), default_rhythm(channel, event))


def hours_of(people: Collection[int]) -> dict[int, QuietHours]:
    """Of those who chose; `default_hours` holds for the others."""
    return {row.person_id: row for row in QuietHours.objects.filter(person__in=people)}


def own_hours(user: User) -> QuietHours:
    return hours_of([user.pk]).get(user.pk) or default_hours()


def listening_to(events: Collection[str]) -> list[Endpoint]:
    active = Endpoint.objects.filter(state=EndpointState.ACTIVE).order_by("pk")
    return [endpoint for endpoint in active if set(endpoint.events) & set(events)]


def endpoints() -> QuerySet[Endpoint]:
    """Those that are there, with what became of what they were sent."""
    failed = Q(deliveries__job__state=JobState.FAILED)
    return (
        Endpoint.objects.exclude(state=EndpointState.REMOVED)
        .select_related("team", "changed_by", "test_job")
        .annotate(
            failed=Count("deliveries", filter=failed),
            sent=Count("deliveries", filter=Q(deliveries__state=DeliveryState.SENT)),
            last_sent_at=Max(
                "deliveries__ended_at", filter=Q(deliveries__state=DeliveryState.SENT)
            ),
        )
        .order_by("name", "id")
    )


def with_pauses(rows: QuerySet[Endpoint], *, at: datetime) -> QuerySet[Endpoint]:
    """Each with `paused_until`; None where nothing holds it up."""
    way = Concat(Value("endpoint "), Cast(OuterRef("pk"), CharField()))
    pause = Pause.objects.filter(way=way, until__gt=at)
    return rows.annotate(paused_until=Subquery(pause.values("until")))


def failed_mails_to(user: User) -> int:
    """Mails to the person that could not be delivered, until somebody tries them again."""
    return Delivery.objects.filter(person=user, job__state=JobState.FAILED).count()


def chosen_table(user: User) -> list[tuple[Event, Rhythm, Rhythm]]:
    """Each event with how the person hears of it: in the inbox, by mail."""
    chosen = rhythms_of([user.pk]).get(user.pk, {})
    return [
        (event, rhythm(chosen, Channel.INBOX, event), rhythm(chosen, Channel.EMAIL, event))
        for event in Event
        if event not in FOR_ROOMS
    ]
