"""Writing down what to do when, and that it still holds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from incidents.history.operations import change_record, create_record, locked
from incidents.history.slugs import free_slug, slug_or_refusal
from incidents.lookup.matchers import UnreadableAlerts, read_alerts
from incidents.lookup.operations import keep_findable
from incidents.models import Event, Runbook, RunbookState, User
from incidents.notifications.operations import News, tell_concerned, tell_many
from incidents.runbooks.caretakers import caretakers
from incidents.runbooks.feedback.operations import deal_with
from incidents.runbooks.queries import to_be_verified


class NotTheTextThatWasRead(Exception):
    """Somebody changed the runbook after it was opened: it cannot be said to be right unread."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Somebody changed this runbook after you opened it, so it was not marked as "
                "verified. Go through it once more as it is now."
            )
        )


class RetiredRunbook(Exception):
    """What is out of use cannot be verified."""

    def __init__(self) -> None:
        super().__init__(gettext("This runbook is retired: make it active before you verify it."))


class WrongAlerts(ValidationError):
    """Lines of the alerts are neither names nor matchers; it says which, where and why."""

    def __init__(self, refused: UnreadableAlerts) -> None:
        super().__init__({"alerts": refused.sentences})


@transaction.atomic
def create_runbook(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Runbook:
    """Write a runbook; without a slug it is given one made from the title.

    Raises `WrongAlerts`, `incidents.history.slugs.SlugTaken` and
    `incidents.lib.markdown.TextTooLong`.
    """
    check_alerts(str(values.get("alerts", "")))
    columns = dict(values)
    related = {name: columns.pop(name) for name in ("services", "knobs") if name in columns}
    runbook = Runbook(**columns)
    runbook.slug = runbook.slug or free_slug(Runbook, runbook.title)
    with slug_or_refusal(Runbook, runbook.slug):
        summary = f"Wrote the runbook “{runbook.title}”"
        create_record(runbook, by=by, at=at, summary=summary, related=related)
    keep_findable(runbook)
    tell_concerned(runbook, by=by, at=at)
    return runbook


@transaction.atomic
def change_runbook(
    runbook: Runbook, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Runbook:
    """`dealt_with` among the values is what people said of it that this change puts right.

    Raises `EditConflict`, `RowGone`, `WrongAlerts`, `incidents.history.slugs.SlugTaken`, and
    `incidents.lib.markdown.TextTooLong`.
    """
    check_alerts(str(values.get("alerts", "")))
    columns = dict(values)
    dealt_with = columns.pop("dealt_with", [])
    before = locked(runbook)
    with slug_or_refusal(Runbook, columns.get("slug")):
        runbook = change_record(
            runbook, version=version, values=columns, by=by, at=at, summary="Changed the runbook"
        )
    for verdict in dealt_with:
        deal_with(runbook, by=by, at=at, only=verdict)
    keep_findable(runbook)
    tell_concerned(runbook, before=before, by=by, at=at)
    return runbook


@transaction.atomic
def verify_runbook(runbook: Runbook, *, version: int, by: User, at: datetime) -> Runbook:
    """Somebody went through this version today, as the calendar stands where they are. What was
    said to be wrong with it until now is dealt with.

    Raises `NotTheTextThatWasRead`, `RetiredRunbook` and `RowGone`.
    """
    current = locked(runbook)
    if current.version != version:
        raise NotTheTextThatWasRead
    if current.state == RunbookState.RETIRED:
        raise RetiredRunbook
    deal_with(current, by=by, at=at)
    return change_record(
        current,
        version=version,
        values={
            "last_verified_date": by.date_at(at),
            "last_verified_at": at,
            "last_verified_by": by,
        },
        by=by,
        at=at,
        summary="Went through the runbook: it is right",
    )


@transaction.atomic
def remind_of_verification(*, by: User | None, at: datetime) -> int:
    """Whoever looks after a runbook that is due hears of it, once for each day by which it is due.

    The day is that of UTC. Returns how many are due.
    """
    news = [
        News(
            Event.RUNBOOK_DUE,
            about=runbook,
            to=caretakers(runbook),
            detail=f"Due by {runbook.verification_due_date}.",
            once=f"due {runbook.verification_due_date}",
        )
        for runbook in to_be_verified(at.astimezone(UTC).date())
    ]
    tell_many("Runbooks to be verified", news, by=by, at=at)
    return len(news)


def check_alerts(text: str) -> None:
    """Raises `WrongAlerts` for a text that has a line which is neither a name nor matchers."""
    try:
        read_alerts(text)
    except UnreadableAlerts as refused:
        raise WrongAlerts(refused) from refused
