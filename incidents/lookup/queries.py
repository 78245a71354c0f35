"""Asking: what is found, and what waits for a person. All of it only as far as they may know."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from incidents.lookup.engines import Index, Ranked
from incidents.lookup.references import read_reference
from incidents.lookup.reranking import best
from incidents.lookup.snippets import marked, snippet
from incidents.lookup.terms import asked
from incidents.models import (
    ActionItem,
    ActionState,
    Factor,
    FoundKind,
    Incident,
    Knob,
    Lesson,
    ReviewAnswer,
    Reviewer,
    Runbook,
    SearchEntry,
    Service,
    State,
    Team,
    User,
)

Record = Incident | Runbook | Lesson | Knob | Factor | ActionItem | Service | Team

# In the order in which a responder needs them.
VISIBLE: Mapping[FoundKind, Callable[[User], QuerySet[Any]]] = {
    FoundKind.RUNBOOK: lambda _user: Runbook.objects.all(),
    FoundKind.INCIDENT: Incident.objects.visible_to,
    FoundKind.LESSON: Lesson.objects.visible_to,
    FoundKind.KNOB: Knob.objects.visible_to,
    FoundKind.FACTOR: Factor.objects.visible_to,
    FoundKind.ACTION_ITEM: ActionItem.objects.visible_to,
    FoundKind.SERVICE: lambda _user: Service.objects.all(),
    FoundKind.TEAM: lambda _user: Team.objects.all(),
}
INDEXES = {
    Index.RUNBOOKS: (FoundKind.RUNBOOK,),
    Index.ARCHIVE: tuple(kind for kind in VISIBLE if kind != FoundKind.RUNBOOK),
}
FEW = 10
"""How many of each list the home page shows."""


class Hit(NamedTuple):
    row: Record
    kind: FoundKind
    title: SafeString
    snippet: SafeString


class Group(NamedTuple):
    """The best of one kind; `total` is how many there are in all, `hits` empty if not wanted."""

    kind: FoundKind
    total: int
    hits: list[Hit]


class Found(NamedTuple):
    """`exact` is the record whose reference or short name was typed."""

    exact: Record | None
    groups: list[Group]
    total: int

    @property
    def kinds(self) -> list[FoundKind]:
        return [group.kind for group in self.groups]


def search(
    text: str, *, user: User, kinds: Collection[FoundKind] = tuple(VISIBLE), limit: int
) -> Found:
    """The best `limit` records of each kind for this text, of those that the person may know of.

    Counts are of all kinds; only of `kinds` are the records themselves read.
    """
    wanted = asked(text)
    ranked: dict[FoundKind, list[Ranked]] = {}
    for index, of_index in INDEXES.items():
        among = visible_entries(user, of_index)
        for one in best(index, text, among=among, limit=limit):
            ranked.setdefault(FoundKind(one.kind), []).append(one)
    terms = frozenset(wanted.terms)
    groups = []
    for kind in filter(ranked.__contains__, VISIBLE):
        hits = hits_of(kind, ranked[kind], user=user, terms=terms) if kind in kinds else []
        groups.append(Group(kind, ranked[kind][0].found, hits))
    exact = by_reference(text, user=user) or by_short_name(text, groups)
    return Found(exact, groups, sum(group.total for group in groups))


def best_runbooks(text: str, *, labels: Mapping[str, str], limit: int) -> list[Runbook]:
    """The best runbooks for a text and the labels of an alert: runbooks are everybody's."""
    said = "\n".join([*filter(None, [labels.get("alertname")]), text])
    entries = SearchEntry.objects.filter(kind=FoundKind.RUNBOOK)
    ranked = best(Index.RUNBOOKS, said, among=entries, limit=limit)
    rows = Runbook.objects.in_bulk([one.record_id for one in ranked])
    return [rows[one.record_id] for one in ranked if one.record_id in rows]


def visible_entries(user: User, kinds: Collection[FoundKind]) -> QuerySet[SearchEntry]:
    """The entries of the records of these kinds that the person may know of."""
    allowed = Q(pk__in=[])
    for kind in kinds:
        record = VISIBLE[kind](user).filter(pk=OuterRef("record_id"))
        allowed |= Q(Exists(record), kind=kind)
    return SearchEntry.objects.filter(allowed)


def hits_of(
    kind: FoundKind, ranked: list[Ranked], *, user: User, terms: frozenset[str]
) -> list[Hit]:
    rows = VISIBLE[kind](user).in_bulk([one.record_id for one in ranked])
    entries = SearchEntry.objects.in_bulk([one.entry_id for one in ranked])
    hits = []
    for one in ranked:
        # Either may have gone since the index was asked.
        if one.record_id in rows and one.entry_id in entries:
            entry = entries[one.entry_id]
            title, body = marked(entry.title, terms), snippet(entry.body, terms)
            hits.append(Hit(rows[one.record_id], kind, title, body))
    return hits


def by_reference(text: str, *, user: User) -> Record | None:
    """The record whose reference the text is, if the person may know of it."""
    reference = read_reference(text)
    if reference is None:
        return None
    return VISIBLE[reference.kind](user).filter(pk=reference.record_id).first()


def by_short_name(text: str, groups: list[Group]) -> Record | None:
    """The record whose address name the text is: such a name ranks among the first of its kind."""
    name = text.strip().casefold()
    rows = (hit.row for group in groups for hit in group.hits)
    return next((row for row in rows if getattr(row, "slug", None) == name), None)


class Waiting(NamedTuple):
    """What needs a person, and what is new to everybody."""

    actions: list[ActionItem]
    actions_count: int
    drafts: list[Incident]
    reviews: list[Reviewer]
    published: list[Incident]
    is_first_run: bool


def waiting_for(user: User) -> Waiting:
    """The lists are of the first FEW each: action items by due date, so that late ones lead."""
    records = Incident.objects.visible_to(user)
    actions = (
        ActionItem.objects.visible_to(user)
        .filter(owner=user, state__in=[ActionState.OPEN, ActionState.IN_PROGRESS])
        .order_by(F("due_date").asc(nulls_last=True), "id")
    )
    drafts = records.filter(owner=user, state__in=[State.DRAFT, State.IN_REVIEW]).order_by(
        "-changed_at", "-id"
    )
    reviews = (
        Reviewer.objects.visible_to(user)
        .filter(person=user, answer=ReviewAnswer.ASKED, incident__state=State.IN_REVIEW)
        .select_related("incident")
        .order_by("incident_id")
    )
    published = records.filter(state=State.PUBLISHED).order_by("-published_at", "-id")
    return Waiting(
        actions=list(actions[:FEW]),
        actions_count=actions.count(),
        drafts=list(drafts[:FEW]),
        reviews=list(reviews[:FEW]),
        published=list(published[:FEW]),
        is_first_run=not records.exists(),
    )
