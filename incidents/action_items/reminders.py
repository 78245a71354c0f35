"""Reminding of action items: what is due soon, what is late, what is to be verified."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from incidents.action_items.queries import unverified_since
from incidents.models import UNFINISHED, ActionItem, Event, User
from incidents.notifications.operations import News, tell_many

WEEK = 7
AT_ONCE = 500
"""Items that are told of together."""
A_DAY_IN_ANY_ZONE = timedelta(days=1)


@transaction.atomic
def remind(*, by: User | None, at: datetime) -> int:
    """Tell what is due soon once, and what is late on its first day and each week after it.

    Owners are told, or where there is none the people of the team, by the day that it is where each
    of them is; that nothing comes at night is for their quiet hours to say. Another due date begins
    anew. Returns how many items there was something to say of, also where it was said before.
    """
    found = (list(news_of(item, at=at)) for item in pressing(at))
    return tell_in_parts("Action items that press", found, by=by, at=at)


def tell_in_parts(title: str, found: Iterable[list[News]], *, by: User | None, at: datetime) -> int:
    """What there is to say of each item; of how many there was something. However many items those
    are, what one person hears of goes in one mail."""
    told = 0
    news: list[News] = []
    for each in found:
        told += bool(each)
        news += each
        if len(news) >= AT_ONCE:
            tell_many(title, news, by=by, at=at)
            news = []
    tell_many(title, news, by=by, at=at)
    return told


def pressing(at: datetime) -> Iterator[ActionItem]:
    soon = (at + timedelta(days=settings.ACTION_SOON_DAYS) + A_DAY_IN_ANY_ZONE).date()
    due = ActionItem.objects.filter(state__in=UNFINISHED, due_date__lte=soon)
    told_with = due.select_related("owner", "incident", "lesson").order_by("pk")
    yield from told_with.prefetch_related("team__members").iterator(chunk_size=AT_ONCE)


def responsible(item: ActionItem) -> list[User]:
    if item.owner is not None:
        return [item.owner]
    return list(item.team.members.all()) if item.team is not None else []


def news_of(item: ActionItem, *, at: datetime) -> Iterator[News]:
    if item.due_date is None:
        return
    day = item.due_date.isoformat()
    for person in responsible(item):
        left = (item.due_date - person.date_at(at)).days
        if left < 0:
            week = (-left - 1) // WEEK
            detail = f"It was due on {day}."
            yield News(Event.LATE, item, [person], detail=detail, once=f"{day} week {week}")
        elif left <= settings.ACTION_SOON_DAYS:
            yield News(
                Event.DUE_SOON,
                item,
                [person],
                detail=f"It is due on {day}.",
                once=day,
            )


@transaction.atomic
def ask_to_verify(*, by: User | None, at: datetime) -> int:
    """Tell once that something that was done waits for a second person's look.

    The owner of the incident is asked, and the people of the team; not who did it.
    """
    rows = ActionItem.objects.filter(unverified_since(at)).order_by("pk")
    told_with = rows.select_related("incident__owner", "lesson").prefetch_related("team__members")
    found = (asked_of(item) for item in told_with.iterator(chunk_size=AT_ONCE))
    return tell_in_parts("Action items to verify", found, by=by, at=at)


def asked_of(item: ActionItem) -> list[News]:
    people = {one.pk: one for one in verifiers(item) if one.pk != item.done_by_id}
    once = f"done {item.done_at:%Y-%m-%d %H:%M}"
    return [News(Event.TO_VERIFY, item, list(people.values()), once=once)] if people else []


def verifiers(item: ActionItem) -> Iterator[User]:
    if item.incident is not None and item.incident.owner is not None:
        yield item.incident.owner
    if item.team is not None:
        yield from item.team.members.all()
