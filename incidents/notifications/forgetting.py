"""Old messages that were read, or that were only sent, go after a while."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from incidents.lib.removing import remove_in_steps
from incidents.models import Delivery, Event, Message
from incidents.notifications.sending import ENDED

AT_A_TIME = 1000
TOLD_ONCE = (Event.TO_VERIFY, Event.RUNBOOK_DUE)
"""They may be asked for until it is done, however long that takes: by its row we know of it."""


def forget_old(*, at: datetime, step: Callable[[int], None]) -> int:
    """Remove messages that were read `NOTIFICATION_DAYS` ago, and those that stood in no inbox; how
    many. In small transactions; `step` hears how many there were so far.

    What must not be told twice stays as a row, and leaves the inbox.
    """
    before = at - timedelta(days=settings.NOTIFICATION_DAYS)
    old = old_messages(before=before, at=at)
    kept = old.filter(event__in=TOLD_ONCE).exclude(once="")
    hidden = kept.filter(in_inbox=True).update(in_inbox=False)
    removed = remove(old.exclude(Q(event__in=TOLD_ONCE) & ~Q(once="")), step)
    mails = Delivery.objects.filter(person__isnull=False, state__in=ENDED, ended_at__lt=before)
    remove(mails.filter(messages__isnull=True), lambda _: step(removed))
    return hidden + removed


def old_messages(*, before: datetime, at: datetime) -> QuerySet[Message]:
    ended = Q(delivery__isnull=True) | Q(delivery__state__in=ENDED)
    is_read = Q(in_inbox=True, read_at__lt=before)
    was_sent = Q(in_inbox=False, made_at__lt=before)
    # Told as long as it is due soon, and only once.
    due_later = at - timedelta(days=settings.ACTION_SOON_DAYS + 2)
    still_soon = Q(event=Event.DUE_SOON, made_at__gte=due_later)
    return Message.objects.filter(is_read | (was_sent & ended)).exclude(still_soon)


def remove(rows: QuerySet[Message] | QuerySet[Delivery], step: Callable[[int], None]) -> int:
    removed = 0
    for count in remove_in_steps(rows.order_by("pk"), at_a_time=AT_A_TIME):
        removed += count
        step(removed)
    return removed
