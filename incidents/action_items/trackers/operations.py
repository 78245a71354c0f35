"""Keeping action items in step with the issues that they link to."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from incidents.action_items.operations import (
    complete_action_item,
    decline_action_item,
    reopen_action_item,
)
from incidents.action_items.trackers.messages import Told
from incidents.action_items.trackers.queries import items_linked_to
from incidents.history.operations import locked
from incidents.models import (
    CLOSED,
    UNFINISHED,
    ActionItem,
    IssueState,
    TrackerDelivery,
    TrackerIssue,
    TrackerProvider,
    User,
)

NOTHING = "nothing to do"
OLDER = "older than what was told before"
CHANGED = "in step"
HOW = ", by the tracker"


class AnotherBody(Exception):
    """The name of this delivery was used before, for another message. Nothing was written."""

    def __init__(self) -> None:
        super().__init__("A delivery of this name was taken before, with another body.")


def take_once(
    *,
    provider: TrackerProvider,
    delivery: str,
    sha256: str,
    at: datetime,
    do: Callable[[], str],
) -> str:
    """What `do` says, or what it said when this message came before.

    The delivery is written with what it does: one that failed half-way leaves nothing and may come
    again; one that comes twice, also at the same time, does nothing the second time and is answered
    like the first. To be called in a transaction. Raises `AnotherBody`.
    """
    try:
        with transaction.atomic():
            row = TrackerDelivery.objects.create(
                provider=provider, delivery=delivery, sha256=sha256, received_at=at
            )
    except IntegrityError:
        earlier = TrackerDelivery.objects.get(provider=provider, delivery=delivery)
        if earlier.sha256 != sha256:
            raise AnotherBody from None
        return earlier.outcome
    row.outcome = do()
    row.save(update_fields=["outcome"])
    return row.outcome


@transaction.atomic
def receive(
    *,
    provider: TrackerProvider,
    delivery: str,
    sha256: str,
    told: Told | None,
    by: User | None,
    at: datetime,
) -> str:
    """Take a message in once, and say in words what came of it. Raises `AnotherBody`."""

    def do() -> str:
        return NOTHING if told is None else keep_in_step(told, by=by, at=at)

    return take_once(provider=provider, delivery=delivery, sha256=sha256, at=at, do=do)


def keep_in_step(told: Told, *, by: User | None, at: datetime) -> str:
    items = items_linked_to(told.issue)
    if not items:
        return NOTHING
    # A clock that goes fast there must not outdo what is told later.
    told_at = min(told.at, at)
    new = {"state": told.state, "told_at": told_at}
    _, is_new = TrackerIssue.objects.get_or_create(key=told.issue.key, defaults=new)
    # Held: the messages of one issue wait for each other.
    issue = TrackerIssue.objects.select_for_update().get(key=told.issue.key)
    if told_at < issue.told_at:
        return OLDER
    reopened = told.reopened or (not is_new and issue.state == IssueState.CLOSED)
    issue.state, issue.told_at = told.state, told_at
    issue.save(update_fields=["state", "told_at"])
    if told.state == IssueState.OPEN and not reopened:
        return NOTHING
    changed = [follow(item, told, by=by, at=at) for item in items]
    return CHANGED if any(changed) else NOTHING


def follow(item: ActionItem, told: Told, *, by: User | None, at: datetime) -> bool:
    """Whether the item was not yet as the issue is. What people closed by hand stays so."""
    current = locked(item)
    if told.state == IssueState.OPEN and current.state in CLOSED:
        reopen_action_item(current, by=by, at=at, how=HOW)
    elif told.state == IssueState.CLOSED and current.state in UNFINISHED and told.wont_do:
        reason = f"Closed in the tracker as “{told.wont_do}”: {current.tracker_url}"
        decline_action_item(current, reason=reason, by=by, at=at, how=HOW)
    elif told.state == IssueState.CLOSED and current.state in UNFINISHED:
        evidence = f"Closed in the tracker: {current.tracker_url}"
        complete_action_item(current, evidence=evidence, by=by, at=at, how=HOW)
    else:
        return False
    return True
