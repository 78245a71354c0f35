"""Saying whether a runbook helped, and dealing with what was said."""

from datetime import datetime

from django.db import transaction

from incidents.history.operations import locked
from incidents.lib.words.own import in_own_words
from incidents.lookup.learning.operations import add_opening
from incidents.lookup.learning.queries import said_already
from incidents.models import Event, Lookup, Runbook, Said, User, Verdict
from incidents.notifications.operations import tell
from incidents.runbooks.caretakers import caretakers


@transaction.atomic
def say(
    runbook: Runbook, *, said: Said, by: User, at: datetime, lookup: Lookup | None = None
) -> Verdict:
    """Whether the runbook helped; who says it a second time has thought better of it.

    Raises `incidents.lookup.learning.operations.NothingOffered`, and `RowGone`.
    """
    # Held, so that a press that was sent twice finds the first.
    locked(runbook)
    if lookup is not None:
        add_opening(lookup, runbook=runbook, at=at)
    verdict = said_already(runbook, user=by, at=at, lookup=lookup) or Verdict(runbook=runbook)
    if verdict.said != said:
        verdict.dealt_with_at = verdict.dealt_with_by = None
    verdict.lookup = lookup or verdict.lookup
    verdict.said, verdict.said_by, verdict.said_at = said, by, at
    verdict.save()
    if verdict.is_fault:
        with in_own_words():
            detail = f"{said.label}."
        tell_caretakers(verdict, detail, by=by, at=at, once=f"{verdict.pk} {said}")
    return verdict


@transaction.atomic
def say_more(verdict: Verdict, *, note: str, by: User, at: datetime) -> Verdict:
    """In words, what was wrong or helped. Who says more of a fault has not seen it dealt with."""
    changed = note != verdict.note
    verdict.note, verdict.said_by = note, by
    if changed and note:
        verdict.said_at, verdict.dealt_with_at, verdict.dealt_with_by = at, None, None
    verdict.save()
    if verdict.is_fault and note:
        with in_own_words():
            detail = f"{verdict.get_said_display()}. There is a note to it."
        tell_caretakers(verdict, detail, by=by, at=at, once=f"{verdict.pk} note")
    return verdict


def tell_caretakers(verdict: Verdict, detail: str, *, by: User, at: datetime, once: str) -> None:
    """Of each press and of the first note to it; what the note says, its page tells."""
    runbook = verdict.runbook
    to = caretakers(runbook)
    tell(Event.RUNBOOK_WRONG, about=runbook, to=to, by=by, at=at, detail=detail, once=once)


@transaction.atomic
def take_back(verdict: Verdict, *, by: User, at: datetime) -> None:
    """As if nothing had been said."""
    Verdict.objects.filter(pk=verdict.pk, said_by=by, said_at__lte=at).delete()


@transaction.atomic
def deal_with(
    runbook: Runbook, *, by: User | None, at: datetime, only: Verdict | None = None
) -> int:
    """All faults that were said of it until now have been put right, or `only` the one.

    Returns how many; what somebody else has dealt with meanwhile stays theirs.
    """
    faults = Verdict.objects.open_faults().filter(runbook=runbook, said_at__lte=at)
    if only is not None:
        faults = faults.filter(pk=only.pk)
    return faults.update(dealt_with_at=at, dealt_with_by=by)
