"""What was looked up: one's own, and how well the lookup serves everybody."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext

from incidents.lib.words.translated import Translated
from incidents.lookup.answers import draft_for
from incidents.lookup.evaluation import Query
from incidents.lookup.question import Question
from incidents.models import (
    AnsweredBy,
    KeptQuery,
    Lookup,
    Opening,
    Runbook,
    Said,
    User,
    Verdict,
)

LED_HERE = timedelta(hours=1)
"""How long an answer that is still on the screen leads to its runbooks."""
STILL_ASKED = timedelta(days=1)
"""How long a runbook's page asks whether it helped; one's own list asks as long as it is kept."""
RECENT = 20
WORST = 10
FEW_NAMES = 3
PERIODS = (7, 30, 90)


class Asking(NamedTuple):
    """What a runbook's page asks of its reader: of the `lookup` that led them there, if one did;
    `verdict` is what they said already."""

    runbook: Runbook
    lookup: Lookup | None = None
    verdict: Verdict | None = None

    @property
    def said(self) -> Said | None:
        return Said(self.verdict.said) if self.verdict else None

    @property
    def choices(self) -> list[Said]:
        return list(Said)


def kept_lookups(at: datetime) -> QuerySet[Lookup]:
    """As far back as the settings keep them: what is older may not be deleted yet."""
    return Lookup.objects.filter(asked_at__gte=at - timedelta(days=settings.LOOKUP_DAYS))


def own_lookups(user: User, *, at: datetime) -> QuerySet[Lookup]:
    return kept_lookups(at).filter(asked_by=user).order_by("-asked_at", "-id")


def led_to(runbook: Runbook, *, user: User, at: datetime) -> Lookup | None:
    """The person's last lookup of which the answers, still on the screen, offer this runbook."""
    rows = own_lookups(user, at=at).filter(asked_at__gt=at - LED_HERE)
    return next((row for row in rows[:RECENT] if runbook.pk in row.offered), None)


def asking(runbook: Runbook, *, user: User, at: datetime, lookup: Lookup | None = None) -> Asking:
    """What the page of a runbook asks of a person: of the lookup that leads there now, or that led
    them there lately, or of no lookup.
    """
    lookup = lookup or led_lately(runbook, user=user, at=at)
    verdict = said_already(runbook, user=user, at=at, lookup=lookup)
    return Asking(runbook, lookup, verdict)


def led_lately(runbook: Runbook, *, user: User, at: datetime) -> Lookup | None:
    openings = opened_by(user, at=at).filter(runbook=runbook, opened_at__gt=at - STILL_ASKED)
    opening = openings.order_by("-opened_at", "-id").first()
    return opening.lookup if opening else None


def said_already(
    runbook: Runbook, *, user: User, at: datetime, lookup: Lookup | None
) -> Verdict | None:
    """The verdict that another press changes, so that nobody is counted twice for one use: that of
    the lookup; without one, the last that the person gave within a day.
    """
    lately = Verdict.objects.filter(runbook=runbook, said_by=user, said_at__gt=at - STILL_ASKED)
    if lookup is None:
        return lately.order_by("-said_at", "-id").first()
    of_lookup = Verdict.objects.filter(runbook=runbook, lookup=lookup).first()
    return of_lookup or lately.filter(lookup=None).order_by("-said_at", "-id").first()


def opened_by(user: User, *, at: datetime) -> QuerySet[Opening]:
    return Opening.objects.filter(lookup__in=own_lookups(user, at=at)).select_related("lookup")


def count_unsaid(user: User, *, at: datetime) -> int:
    """Of how many runbooks that a lookup led the person to they did not say whether they helped."""
    said = Verdict.objects.filter(lookup=OuterRef("lookup"), runbook=OuterRef("runbook"))
    return opened_by(user, at=at).filter(~Exists(said)).count()


class Own(NamedTuple):
    """One of one's own lookups, with what was opened from it."""

    lookup: Lookup
    opened: list[Asking]


def with_what_was_opened(lookups: Iterable[Lookup]) -> list[Own]:
    rows = list(lookups)
    openings: dict[int, list[Opening]] = {row.pk: [] for row in rows}
    for opening in Opening.objects.filter(lookup__in=rows).select_related("runbook"):
        openings[opening.lookup_id].append(opening)
    said = {
        (verdict.lookup_id, verdict.runbook_id): verdict
        for verdict in Verdict.objects.filter(lookup__in=rows)
    }
    return [
        Own(
            row,
            [
                Asking(one.runbook, row, said.get((row.pk, one.runbook_id)))
                for one in openings[row.pk]
            ],
        )
        for row in rows
    ]


class Share(NamedTuple):
    label: Translated
    number: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.number / self.of if self.of else 0.0


class Figures(NamedTuple):
    """Of a period, without what was asked: `answered` adds up to `asked`, `places` to `openings`,
    `said` to all that was said. `mean_reciprocal_place` is 1 where all that was opened stood first.
    """

    asked: int
    opened: int
    answered: list[Share]
    openings: int
    places: list[Share]
    mean_reciprocal_place: float | None
    said: list[Share]
    misses: list[Share]


def figures(*, since: datetime) -> Figures:
    lookups = Lookup.objects.filter(asked_at__gte=since)
    counts = lookups.aggregate(
        asked=Count("pk"),
        opened=Count("pk", filter=Q(Exists(Opening.objects.filter(lookup=OuterRef("pk"))))),
        again=Count("pk", filter=IS_ASKED_AGAIN),
        wrong=Count("pk", filter=Q(Exists(said_wrong()))),
        **{by.value: Count("pk", filter=Q(answered_by=by)) for by in AnsweredBy},
    )
    asked = counts["asked"]
    by_place = dict(
        Opening.objects.filter(lookup__in=lookups)
        .order_by("place")
        .values_list("place")
        .annotate(Count("pk"))
    )
    openings = sum(by_place.values())
    by_word = dict(
        Verdict.objects.filter(said_at__gte=since)
        .order_by("said")
        .values_list("said")
        .annotate(Count("pk"))
    )
    return Figures(
        asked=asked,
        opened=counts["opened"],
        answered=[Share(by.label, counts[by.value], asked) for by in AnsweredBy],
        openings=openings,
        places=places(by_place),
        mean_reciprocal_place=(
            sum(number / place for place, number in by_place.items()) / openings
            if openings
            else None
        ),
        said=[Share(one.label, by_word.get(one, 0), sum(by_word.values())) for one in Said],
        misses=[
            Share(gettext("Nothing was offered"), counts[AnsweredBy.NOTHING.value], asked),
            Share(gettext("Nothing was opened, and asked again soon"), counts["again"], asked),
            Share(gettext("What was opened was wrong"), counts["wrong"], asked),
        ],
    )


def places(by_place: dict[int, int]) -> list[Share]:
    """How often the first, the second or third, or a later one was opened."""
    of = sum(by_place.values())
    bands = (
        (pgettext("place of what was opened", "first"), (1,)),
        (pgettext("place of what was opened", "second or third"), (2, 3)),
    )
    shares = [
        Share(label, sum(by_place.get(place, 0) for place in band), of) for label, band in bands
    ]
    return [
        *shares,
        Share(
            pgettext("place of what was opened", "further down"),
            of - sum(share.number for share in shares),
            of,
        ),
    ]


def said_of_runbooks(*, since: datetime) -> list[Runbook]:
    """The runbooks of which most is said that is to be put right, each with what was said."""
    in_time = Q(verdicts__said_at__gte=since)
    counts: dict[str, Any] = {
        f"said_{one.value}": Count("verdicts", filter=in_time & Q(verdicts__said=one))
        for one in Said
    }
    rows = Runbook.objects.filter(in_time).annotate(**counts)
    faults = F("said_wrong") + F("said_outdated") + F("said_missing_step")
    return list(rows.annotate(faults=faults).order_by("-faults", "-said_helped", "pk")[:WORST])


def said_of(runbook: Runbook) -> list[tuple[Said, int]]:
    """How often each was said of a runbook, without what nobody said."""
    counted = dict(
        Verdict.objects.filter(runbook=runbook)
        .order_by("said")
        .values_list("said")
        .annotate(Count("pk"))
    )
    return [(one, counted[one.value]) for one in Said if one.value in counted]


IS_ASKED_AGAIN = Q(asked_again=True) & ~Q(answered_by=AnsweredBy.NOTHING)


def said_wrong() -> QuerySet[Verdict]:
    return Verdict.objects.filter(lookup=OuterRef("pk"), said=Said.WRONG)


class Miss(NamedTuple):
    """Alike questions that were not answered. For administrators: it says what was asked by whom.

    `sample` is the last of them, `kept` the test query that there is for them.
    """

    gist: str
    asked: int
    nothing: int
    again: int
    wrong: int
    last: datetime
    sample: Lookup
    askers: list[User]
    more_askers: int
    kept: KeptQuery | None

    @property
    def draft(self) -> str:
        """With which a new runbook begins, as the end of its address."""
        return urlencode(draft_for(question_of(self.sample)))


def question_of(lookup: Lookup) -> Question:
    return Question(lookup.text, lookup.labels)


def misses(*, since: datetime) -> QuerySet[Lookup]:
    rows = Lookup.objects.filter(asked_at__gte=since).annotate(was_wrong=Exists(said_wrong()))
    return rows.filter(Q(answered_by=AnsweredBy.NOTHING) | IS_ASKED_AGAIN | Q(was_wrong=True))


def missed(*, since: datetime) -> QuerySet[Any]:
    """The gists of questions that were not answered, those asked most often first."""
    return (
        misses(since=since)
        .values("gist")
        .annotate(
            asked=Count("pk"),
            nothing=Count("pk", filter=Q(answered_by=AnsweredBy.NOTHING)),
            again=Count("pk", filter=IS_ASKED_AGAIN),
            wrong=Count("pk", filter=Q(was_wrong=True)),
            people=Count("asked_by", distinct=True),
            last=Max("asked_at"),
        )
        .order_by("-asked", "-last", "gist")
    )


def as_misses(groups: Iterable[Mapping[str, Any]], *, since: datetime) -> list[Miss]:
    """The groups of one page, each with its last question and who asked."""
    groups = list(groups)
    gists = [group["gist"] for group in groups]
    lately = (
        misses(since=since)
        .filter(gist__in=gists)
        .annotate(
            nth=Window(
                RowNumber(), partition_by=F("gist"), order_by=[F("asked_at").desc(), F("id").desc()]
            )
        )
        .filter(nth__lte=FEW_NAMES * 2)
        .select_related("asked_by")
        .order_by("gist", "nth")
    )
    by_gist: dict[str, list[Lookup]] = {}
    for row in lately:
        by_gist.setdefault(row.gist, []).append(row)
    kept = {query.gist: query for query in KeptQuery.objects.filter(gist__in=gists)}
    return [
        as_miss(group, by_gist[group["gist"]], kept.get(group["gist"]))
        for group in groups
        # All of them may have gone meanwhile.
        if group["gist"] in by_gist
    ]


def as_miss(group: Mapping[str, Any], lately: list[Lookup], kept: KeptQuery | None) -> Miss:
    named = {row.asked_by.pk: row.asked_by for row in lately if row.asked_by is not None}
    askers = list(named.values())[:FEW_NAMES]
    return Miss(
        gist=group["gist"],
        asked=group["asked"],
        nothing=group["nothing"],
        again=group["again"],
        wrong=group["wrong"],
        last=group["last"],
        sample=lately[0],
        askers=askers,
        more_askers=max(0, group["people"] - len(askers)),
        kept=kept,
    )


def periods() -> list[int]:
    """In days: those of which anything is kept."""
    kept = settings.LOOKUP_DAYS
    return [*(days for days in PERIODS if days < kept), kept] if kept else []


def kept_queries() -> QuerySet[KeptQuery]:
    rows = KeptQuery.objects.select_related("kept_by").prefetch_related("relevant")
    return rows.order_by("-kept_at", "-id")


def as_query(kept: KeptQuery) -> Query:
    slugs = sorted(runbook.slug for runbook in kept.relevant.all())
    return Query(id=str(kept.pk), text=kept.text, labels=kept.labels, relevant=tuple(slugs))


def active_runbooks_named(slugs: Collection[str]) -> QuerySet[Runbook]:
    return Runbook.objects.active().filter(slug__in=slugs)
