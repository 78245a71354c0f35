"""Imports as their pages show them: one's own, and to administrators everybody's."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from incidents.access.permissions import may_administer
from incidents.lib.words.translated import Translated
from incidents.models import (
    Import,
    ImportRow,
    ImportState,
    ProposalState,
    ProposedDelta,
    RowAction,
    User,
)


def imports_of(user: User) -> QuerySet[Import]:
    """But for those that brought in only what is not open to this person now."""
    found = Import.objects.all() if may_administer(user) else Import.objects.filter(owner=user)
    seen = Exists(ImportRow.objects.visible_to(user).filter(of=OuterRef("pk")))
    empty = Exists(Import.objects.filter(pk=OuterRef("pk"), rows__isnull=True))
    return found.filter(seen | empty).select_related("owner", "job").order_by("-pk")


def rows_of(found: Import, user: User, *, action: str = "") -> QuerySet[ImportRow]:
    """What was found, but for records that are not open to this person."""
    rows = ImportRow.objects.visible_to(user).filter(of=found)
    if action in RowAction.values:
        rows = rows.filter(action=action)
    open_ones = Q(proposals__state=ProposalState.OPEN)
    return (
        rows.select_related("incident", "runbook")
        .defer("found", "made")
        .annotate(proposed=Count("proposals", filter=open_ones))
        .order_by("position")
    )


@dataclass(frozen=True)
class Counted:
    """How many records have this action; `is_chosen` where only these are shown."""

    action: RowAction
    words: str
    count: int
    is_chosen: bool


WORDS: dict[RowAction, Translated] = {
    RowAction.MAKE: gettext_lazy("made"),
    RowAction.CHANGE: gettext_lazy("changed"),
    RowAction.LEAVE: gettext_lazy("left alone"),
    RowAction.UNREAD: gettext_lazy("not read"),
}
DONE = (ImportState.APPLIED, ImportState.UNDOING, ImportState.UNDONE)


def counts_of(found: Import, user: User, *, chosen: str) -> list[Counted]:
    rows = ImportRow.objects.visible_to(user).filter(of=found).order_by()
    counts = dict(rows.values_list("action").annotate(count=Count("pk")))
    told = dict(WORDS)
    if found.state not in DONE:
        told |= {RowAction.MAKE: gettext("to be made"), RowAction.CHANGE: gettext("to be changed")}
    return [
        Counted(action, str(words), counts.get(action.value, 0), action == chosen)
        for action, words in told.items()
    ]


def proposals_of(incident: int, user: User) -> QuerySet[ProposedDelta]:
    rows = ProposedDelta.objects.visible_to(user).filter(incident=incident)
    return rows.filter(state=ProposalState.OPEN).select_related("row").order_by("pk")
