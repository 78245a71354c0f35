"""Asking: what is found, and what waits for a person. All of it only as far as they may know."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from incidents.lib.approximate_time import duration_between, human_duration
from incidents.lookup.answers import (
    Answers,
    Beside,
    PastIncident,
    RowAnswer,
    RunbookAnswer,
    best_first,
    services_named,
    speaks_of_services,
)
from incidents.lookup.engines import Ranked, archive
from incidents.lookup.engines.reading import behind
from incidents.lookup.matchers import ALERTNAME, AlertLine, readable_alerts
from incidents.lookup.question import Question
from incidents.lookup.references import read_reference
from incidents.lookup.reranking import DEPTH, find_in_archive, find_runbooks
from incidents.lookup.served import how_it_served, with_one_it_served
from incidents.lookup.snippets import marked, snippet
from incidents.lookup.steps import first_steps
from incidents.lookup.terms import asked
from incidents.lookup.visible import VISIBLE, Record, seen, visible
from incidents.models import (
    UNFINISHED,
    ActionItem,
    AlertMatcher,
    ConfigDelta,
    DeltaPart,
    FoundKind,
    Incident,
    Knob,
    Lesson,
    ReviewAnswer,
    Reviewer,
    Runbook,
    SearchEntry,
    State,
    User,
)
from incidents.models.runbooks import mark_unverified

FEW = 10
"""How many of each list the home page shows."""


class Hit(NamedTuple):
    row: Record
    kind: FoundKind
    title: SafeString
    snippet: SafeString


class Group(NamedTuple):
    """The best of one kind; `total` is how many there are in all, `hits` empty if not wanted.

    Of what is not a runbook no more than COUNTED are counted.
    """

    kind: FoundKind
    total: int
    hits: list[Hit]

    @property
    def is_more(self) -> bool:
        """There may be more than were counted."""
        return self.kind != FoundKind.RUNBOOK and self.total >= archive.COUNTED

    @property
    def counted(self) -> str:
        return with_plus(self.total, is_more=self.is_more)


class Found(NamedTuple):
    """`exact` is the record whose reference or short name was typed, `unsearched` how many records
    could not be looked through yet."""

    exact: Record | None
    groups: list[Group]
    total: int
    unsearched: int

    @property
    def kinds(self) -> list[FoundKind]:
        return [group.kind for group in self.groups]

    @property
    def counted(self) -> str:
        return with_plus(self.total, is_more=any(group.is_more for group in self.groups))


def with_plus(number: int, *, is_more: bool) -> str:
    """`100+` where only so many were counted."""
    return f"{number:,}+" if is_more else f"{number:,}"


def search(
    text: str, *, user: User, kinds: Collection[FoundKind] = tuple(VISIBLE), limit: int
) -> Found:
    """The best `limit` records of each kind for this text, of those that the person may know of.

    Counts are of all kinds; only of `kinds` are the records themselves read.
    """
    wanted = asked(text)
    among = visible(tuple(VISIBLE), user=user)
    of_archive = dict(among)
    del of_archive[FoundKind.RUNBOOK]
    ranked: dict[FoundKind, list[Ranked]] = {}
    for one in (
        *find_runbooks(text, among=entries_of_runbooks(), limit=limit),
        *find_in_archive(text, among=of_archive, limit=max(limit, DEPTH)),
    ):
        ranked.setdefault(FoundKind(one.kind), []).append(one)
    best = [one.record_id for one in ranked.get(FoundKind.RUNBOOK, [])]
    if FoundKind.INCIDENT in ranked:
        incidents = ranked[FoundKind.INCIDENT]
        ranked[FoundKind.INCIDENT] = with_one_it_served(incidents, best, user=user).incidents
    terms = frozenset(wanted.terms)
    shown = {kind: best[:limit] for kind, best in ranked.items() if kind in kinds}
    hits = hits_of(shown, among, user, terms)
    groups = []
    for kind in filter(ranked.__contains__, VISIBLE):
        total = max(one.found for one in ranked[kind])
        groups.append(Group(kind, total, hits.get(kind, [])))
    exact = by_reference(text, user=user) or by_short_name(text, groups)
    return Found(exact, groups, sum(group.total for group in groups), behind())


def best_runbooks(question: Question, *, limit: int) -> list[Runbook]:
    """The best active runbooks: they are everybody's."""
    keys = ranked_runbooks(question, limit=limit).keys
    runbooks = Runbook.objects.in_bulk(keys)
    return [runbooks[key] for key in keys if key in runbooks]


def entries_of_runbooks() -> QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(kind=FoundKind.RUNBOOK)


def hits_of(
    ranked: Mapping[FoundKind, list[Ranked]],
    among: Mapping[FoundKind, QuerySet[Any]],
    user: User,
    terms: frozenset[str],
) -> dict[FoundKind, list[Hit]]:
    """`among` are the records of each kind that the person may know of."""
    entries = SearchEntry.objects.in_bulk(
        [one.entry_id for best in ranked.values() for one in best]
    )
    hits: dict[FoundKind, list[Hit]] = {}
    for kind, best in ranked.items():
        rows = among[kind].in_bulk([one.record_id for one in best])
        if kind == FoundKind.RUNBOOK:
            mark_unverified(rows.values(), user)
        # Either may have gone since the index was asked.
        there = [one for one in best if one.record_id in rows and one.entry_id in entries]
        pairs = [(rows[one.record_id], entries[one.entry_id]) for one in there]
        hits[kind] = [
            Hit(row, kind, marked(entry.title, terms), snippet(entry.body, terms))
            for row, entry in pairs
        ]
    return hits


def by_reference(text: str, *, user: User) -> Record | None:
    """The record whose reference the text is, if the person may know of it."""
    reference = read_reference(text)
    if reference is None:
        return None
    return (
        visible([reference.kind], user=user)[reference.kind].filter(pk=reference.record_id).first()
    )


def by_short_name(text: str, groups: list[Group]) -> Record | None:
    """The record whose address name the text is: such a name ranks among the first of its kind."""
    name = text.strip().casefold()
    rows = (hit.row for group in groups for hit in group.hits)
    return next((row for row in rows if getattr(row, "slug", None) == name), None)


NO_SNIPPET = SafeString("")
BESIDE = (FoundKind.INCIDENT, FoundKind.LESSON, FoundKind.KNOB)


def look_up(question: Question, *, user: User, limit: int) -> Answers:
    """The best `limit` active runbooks: what names the alert leads, then what the words find."""
    keys, lines, by_words = ranked_runbooks(question, limit=limit)
    of_services = ["services"] if speaks_of_services(question.labels) else []
    runbooks = Runbook.objects.defer("body").prefetch_related(*of_services).in_bulk(keys)
    steps = {key: first_steps(runbook.body_html) for key, runbook in runbooks.items()}
    # To find the best stretch of a long text takes longer than all the rest.
    without_steps = [key for key, first in steps.items() if not first.html]
    entries = entries_of_runbooks().filter(record_id__in=without_steps)
    bodies = dict(entries.values_list("record_id", "body"))
    served = how_it_served(keys, user=user)
    terms = frozenset(asked(question.text).terms)
    answers = []
    # One may have gone since the index was asked.
    for runbook in (runbooks[key] for key in keys if key in runbooks):
        key = runbook.pk
        services = (
            [(service.name, service.slug) for service in runbook.services.all()]
            if of_services
            else []
        )
        helped, failed = served.get(key, (0, 0))
        answers.append(
            RunbookAnswer(
                runbook,
                title=marked(runbook.title, terms),
                snippet=snippet(bodies[key], terms) if key in bodies else NO_SNIPPET,
                steps=steps[key],
                line=lines.get(key),
                services=services_named(services, question.labels),
                by_words=key in by_words,
                helped=helped,
                failed=failed,
            )
        )
    return Answers(answers)


class RankedRunbooks(NamedTuple):
    """Their keys, best first; the line of each that matches the alert; those found by words."""

    keys: list[int]
    lines: dict[int, AlertLine]
    by_words: list[int]


def ranked_runbooks(question: Question, *, limit: int) -> RankedRunbooks:
    lines = matching_lines(question.labels)
    ranked = find_runbooks(question.text, among=entries_of_active_runbooks(), limit=limit)
    by_words = [one.record_id for one in ranked]
    return RankedRunbooks(best_first(lines, by_words)[:limit], lines, by_words)


def matching_lines(labels: Mapping[str, str]) -> dict[int, AlertLine]:
    """For each runbook that answers this alert, the most specific of its lines that match."""
    if not labels:
        return {}
    may_match = Q(alertname=labels.get(ALERTNAME, "")) | Q(alertname__isnull=True)
    rows = AlertMatcher.objects.filter(may_match).order_by("runbook_id", "position")
    best: dict[int, AlertLine] = {}
    for runbook_id, text in rows.values_list("runbook_id", "line"):
        for line in readable_alerts(text):
            if line.matches(labels):
                known = best.get(runbook_id, line)
                best[runbook_id] = max(known, line, key=lambda one: one.specificity)
    return best


def entries_of_active_runbooks() -> QuerySet[SearchEntry]:
    active = Runbook.objects.active().filter(pk=OuterRef("record_id"))
    return entries_of_runbooks().filter(Exists(active))


def shown_runbooks(keys: Collection[int], *, user: User) -> list[Runbook]:
    """Those of an answer that is out, with what incidents say of them."""
    runbooks = list(Runbook.objects.defer("body", "body_html").filter(pk__in=keys))
    mark_unverified(runbooks, user)
    return runbooks


def look_beside(
    question: Question, *, user: User, limit: int, first_runbook: int | None = None
) -> Beside:
    """The best `limit` incidents, knobs and lessons of those that the person may know of.

    `first_runbook` is the key of the one that stands first for this question, where it is known.
    """
    terms = frozenset(asked(question.text).terms)
    ranked: dict[str, list[Ranked]] = defaultdict(list)
    among = visible(BESIDE, user=user)
    for one in find_in_archive(question.text, among=among, limit=max(limit, DEPTH)):
        ranked[one.kind].append(one)
    best = [first_runbook] if first_runbook else ranked_runbooks(question, limit=1).keys
    placed = with_one_it_served(ranked[FoundKind.INCIDENT], best, user=user)
    ranked[FoundKind.INCIDENT] = placed.incidents
    hits = hits_of({kind: ranked[kind][:limit] for kind in BESIDE}, among, user, terms)
    incidents = [hit.row for hit in hits[FoundKind.INCIDENT] if isinstance(hit.row, Incident)]
    turned = what_was_turned(incidents, user=user)
    return Beside(
        incidents=[
            PastIncident(
                hit.row,
                hit.title,
                hit.snippet,
                turned[hit.row.pk],
                how_long(hit.row),
                placed.served.get(hit.row.pk, ""),
            )
            for hit in hits[FoundKind.INCIDENT]
            if isinstance(hit.row, Incident)
        ],
        knobs=rows_of(hits[FoundKind.KNOB]),
        lessons=rows_of(hits[FoundKind.LESSON]),
        unsearched=behind(),
    )


def rows_of(hits: Iterable[Hit]) -> list[RowAnswer]:
    rows = ((hit.row, hit) for hit in hits)
    return [
        RowAnswer(row, hit.title, hit.snippet)
        for row, hit in rows
        if isinstance(row, Knob | Lesson)
    ]


def what_was_turned(incidents: Collection[Incident], *, user: User) -> dict[int, list[ConfigDelta]]:
    """For each record the deltas that mitigated or fixed it, in their order."""
    turned: dict[int, list[ConfigDelta]] = defaultdict(list)
    deltas = seen(ConfigDelta.objects.visible_to, user).filter(
        incident__in=incidents, part__in=[DeltaPart.MITIGATED, DeltaPart.FIXED]
    )
    for delta in deltas.select_related("knob").order_by("position", "id"):
        turned[delta.incident_id].append(delta)
    return turned


def how_long(incident: Incident) -> list[tuple[str, str]]:
    """From its beginning, or else its detection, to when it was mitigated and resolved."""
    zone = ZoneInfo(incident.time_zone)
    start = next((time for time in (incident.began, incident.detected) if time.at), None)
    if start is None:
        return []
    took = []
    for what, end in (("mitigated", incident.mitigated), ("resolved", incident.resolved)):
        if (duration := duration_between(start, end, zone)) is not None:
            took.append((what, human_duration(*duration)))
    return took


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
        .filter(owner=user, state__in=UNFINISHED)
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
