"""Following up: what is to be done, by whom, and that it was done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from incidents.action_items.due import due_by_policy
from incidents.history.operations import (
    EditConflict,
    RowGone,
    change_record,
    create_record,
    locked,
)
from incidents.lib.words.translated import Translated
from incidents.lookup.operations import keep_findable
from incidents.models import (
    CLOSED,
    UNFINISHED,
    ActionItem,
    ActionKind,
    ActionState,
    Event,
    Incident,
    Lesson,
    User,
)
from incidents.notifications.operations import tell, tell_concerned, tell_rooms

NOT_CLOSED: Mapping[str, Any] = {
    "state": ActionState.OPEN,
    "evidence": "",
    "wont_do_reason": "",
    "declined_at": None,
    "done_at": None,
    "done_by": None,
    "verified_at": None,
    "verified_by": None,
}


class NotInThatState(Exception):
    """Somebody was there first, or it is not yet time for it. Nothing was written."""

    def __init__(self, item: ActionItem, wish: Translated) -> None:
        """`wish` is a sentence that names the item and its state."""
        told = {"reference": item.reference, "state": item.get_state_display()}
        super().__init__(str(wish) % told)


START = gettext_lazy("%(reference)s is %(state)s, so it cannot be started.")
COMPLETE = gettext_lazy("%(reference)s is %(state)s, so it cannot be completed.")
DECLINE = gettext_lazy("%(reference)s is %(state)s, so it cannot be declined.")
REOPEN = gettext_lazy("%(reference)s is %(state)s, so it cannot be reopened.")
VERIFY = gettext_lazy("%(reference)s is %(state)s, so it cannot be verified.")
VERIFY_AGAIN = gettext_lazy("%(reference)s is %(state)s, so it cannot be verified again.")


class NeedsWords(Exception):
    """The step asks for a sentence: what shows that it is done, or why it is not done."""


class VerifiedByTheSamePerson(Exception):
    """Who did it is not who checks it."""

    def __init__(self) -> None:
        super().__init__(gettext("You did this yourself: ask somebody else to verify it."))


@transaction.atomic
def create_action_item(*, values: Mapping[str, Any], by: User | None, at: datetime) -> ActionItem:
    """Write down what is to be done. Raises `incidents.lib.markdown.TextTooLong`.

    Values without a `due_date` get the one of the policy; with None there is none.
    """
    item = ActionItem(**values)
    if "due_date" not in values:
        today = by.date_at(at) if by else at.date()
        item.due_date = due_by_policy(item.incident, today=today)
    create_record(item, by=by, at=at, summary=f"Added the action item “{item.title}”")
    keep_findable(item)
    tell_concerned(item, by=by, at=at)
    tell_rooms(Event.ACTION_CHANGED, about=item, by=by, at=at, detail="Added.")
    return item


@transaction.atomic
def change_action_item(
    item: ActionItem, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> ActionItem:
    """Raises `EditConflict`, `RowGone`, and `incidents.lib.markdown.TextTooLong`."""
    incident = values.get("incident")
    if incident is not None and incident.pk != item.incident_id:
        # Held before the item, as who writes in the incident holds them.
        locked(incident)
    before = locked(item)
    item = change_record(
        item, version=version, values=values, by=by, at=at, summary="Changed the action item"
    )
    keep_findable(item)
    tell_concerned(item, before=before, by=by, at=at)
    if item.version != before.version:
        tell_rooms(Event.ACTION_CHANGED, about=item, by=by, at=at, detail="Changed.")
    return item


class Outcome(NamedTuple):
    """What came of a wish for one of several items; `refusal` is empty where it was written."""

    item: ActionItem
    refusal: str


def change_action_items(
    items: Sequence[tuple[ActionItem, int]],
    *,
    values: Mapping[str, Any],
    start: bool,
    by: User | None,
    at: datetime,
) -> list[Outcome]:
    """Change several items, each with the version that was seen, by itself and with its history.

    One that is refused is left as it is, and does not keep the others from being changed.
    """
    outcomes = []
    for item, version in items:
        try:
            done = _change_one(item, version=version, values=values, start=start, by=by, at=at)
            outcomes.append(Outcome(done, ""))
        except EditConflict as conflict:
            outcomes.append(Outcome(item, told_conflict(conflict)))
        except (NotInThatState, RowGone) as refusal:
            outcomes.append(Outcome(item, str(refusal)))
    return outcomes


@transaction.atomic
def _change_one(
    item: ActionItem,
    *,
    version: int,
    values: Mapping[str, Any],
    start: bool,
    by: User | None,
    at: datetime,
) -> ActionItem:
    if start and (current := in_state(item, UNFINISHED, wish=START)).state == ActionState.OPEN:
        step(current, {"state": ActionState.IN_PROGRESS}, by=by, at=at, summary="Started")
    return change_action_item(item, version=version, values=values, by=by, at=at)


def told_conflict(conflict: EditConflict) -> str:
    """Right: "Somebody else changed it meanwhile: owner is Olga." """
    current = conflict.current
    names = (name for name in conflict.wanted if name in conflict.fields)
    fields = {field.name: field for field in current._meta.fields}
    now = ", ".join(
        gettext("%(field)s is %(value)s")
        % {
            "field": fields[name].verbose_name,
            "value": getattr(current, name) or gettext("empty"),
        }
        for name in names
    )
    return gettext("Somebody else changed it meanwhile: %(now)s.") % {"now": now}


@transaction.atomic
def start_action_item(item: ActionItem, *, by: User | None, at: datetime) -> ActionItem:
    """Raises `NotInThatState` and `RowGone`."""
    current = in_state(item, [ActionState.OPEN], wish=START)
    values = {"state": ActionState.IN_PROGRESS}
    return step(current, values, by=by, at=at, summary="Started")


@transaction.atomic
def complete_action_item(
    item: ActionItem, *, evidence: str, by: User | None, at: datetime, how: str = ""
) -> ActionItem:
    """`evidence` is a link or a sentence; `how` ends the line of history where nobody did it.

    Raises `NeedsWords`, `NotInThatState` and `RowGone`.
    """
    if not evidence.strip():
        raise NeedsWords(gettext("Say what shows that it is done: a link or a sentence."))
    current = in_state(item, UNFINISHED, wish=COMPLETE)
    values = {
        "state": ActionState.DONE,
        "evidence": evidence.strip(),
        "done_at": at,
        "done_by": by,
    }
    return step(current, values, by=by, at=at, summary=f"Done{how}")


@transaction.atomic
def decline_action_item(
    item: ActionItem, *, reason: str, by: User | None, at: datetime, how: str = ""
) -> ActionItem:
    """It will not be done; `how` as in `complete_action_item`.

    Raises `NeedsWords`, `NotInThatState` and `RowGone`.
    """
    if not reason.strip():
        raise NeedsWords(gettext("Say why it will not be done."))
    current = in_state(item, UNFINISHED, wish=DECLINE)
    values = {
        "state": ActionState.WONT_DO,
        "wont_do_reason": reason.strip(),
        "declined_at": at,
    }
    return step(current, values, by=by, at=at, summary=f"Will not be done{how}")


@transaction.atomic
def reopen_action_item(
    item: ActionItem, *, by: User | None, at: datetime, how: str = ""
) -> ActionItem:
    """It is to be done after all. What closed it is in its history.

    `how` as in `complete_action_item`. Raises `NotInThatState` and `RowGone`.
    """
    current = in_state(item, CLOSED, wish=REOPEN)
    reopened = step(current, NOT_CLOSED, by=by, at=at, summary=f"Reopened{how}")
    tell(Event.REOPENED, about=reopened, to=[reopened.owner], by=by, at=at)
    return reopened


@transaction.atomic
def reopen_what_was_to_prevent(
    lesson: Lesson, *, incident: Incident, by: User | None, at: datetime
) -> list[ActionItem]:
    """The lesson was violated again, in this incident: what was done to prevent it did not do.

    Reopens what is done and was to prevent it, but not what follows from the incident itself. The
    words name no incident: it may be restricted, and the item open to everybody.
    """
    done = ActionItem.objects.filter(
        lesson=lesson, kind=ActionKind.PREVENT, state=ActionState.DONE
    ).exclude(incident=incident)
    reopened = []
    for item in done.order_by("pk"):
        current = locked(item)
        if current.state == ActionState.DONE:
            values = {**NOT_CLOSED, "reopened_for": incident}
            words = "Reopened: its lesson was violated again"
            current = step(current, values, by=by, at=at, summary=words)
            why = "Its lesson was violated again."
            tell(Event.REOPENED, about=current, to=[current.owner], by=by, at=at, detail=why)
            reopened.append(current)
    return reopened


@transaction.atomic
def verify_action_item(item: ActionItem, *, by: User, at: datetime) -> ActionItem:
    """A second person has looked: it is done.

    Raises `VerifiedByTheSamePerson`, `NotInThatState` and `RowGone`.
    """
    current = in_state(item, [ActionState.DONE], wish=VERIFY)
    if current.verified_by is not None:
        raise NotInThatState(current, VERIFY_AGAIN)
    if current.done_by == by:
        raise VerifiedByTheSamePerson
    values = {"verified_at": at, "verified_by": by}
    return step(current, values, by=by, at=at, summary="Verified that it is done")


def in_state(item: ActionItem, states: Collection[str], *, wish: Translated) -> ActionItem:
    """The item as it is now, held until the transaction ends. Raises `NotInThatState`."""
    current = locked(item)
    if current.state not in states:
        raise NotInThatState(current, wish)
    return current


def step(
    current: ActionItem,
    values: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    summary: str,
) -> ActionItem:
    item = change_record(
        current, version=current.version, values=values, by=by, at=at, summary=summary
    )
    keep_findable(item)
    tell_rooms(Event.ACTION_CHANGED, about=item, by=by, at=at, detail=f"{summary}.")
    return item
