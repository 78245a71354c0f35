"""Earlier lessons that the incident may have violated, upheld or refined."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext

from incidents.lookup.reranking import find_in_archive
from incidents.models import (
    ContributingFactor,
    FoundKind,
    Lesson,
    LessonLink,
    LessonState,
    State,
    User,
)
from incidents.wording.draft import Draft

WRITTEN = (State.DRAFT, State.IN_REVIEW)
MOST = 5
MOST_USES = 200
"""Records with a factor in common that are looked at, the latest first."""
MOST_BY_WORDS = 3
"""Some lesson always has a word in common."""
LONGEST_ASKED = 2_000
"""Characters of the record by which lessons are looked up."""


@dataclass(frozen=True)
class Likely:
    """`token` makes sending its form twice harmless."""

    lesson: Lesson
    reasons: Sequence[str]
    token: UUID


def likely_lessons(draft: Draft, *, user: User) -> list[Likely]:
    """Active lessons that the record does not name yet: those with most in common first.

    In a constant number of queries, and only while the record is being written.
    """
    if draft.incident.state not in WRITTEN:
        return []
    reasons: dict[int, list[str]] = defaultdict(list)
    candidates = not_named_yet(draft, user)
    for key, reason in (
        *by_knobs(draft, candidates),
        *by_factors(draft, candidates, user),
        *by_words(draft, candidates),
    ):
        if reason not in reasons[key]:
            reasons[key].append(reason)
    best = sorted(reasons, key=lambda key: (-len(reasons[key]), -key))[:MOST]
    lessons = candidates.in_bulk(best)
    return [Likely(lessons[key], reasons[key], uuid4()) for key in best if key in lessons]


def not_named_yet(draft: Draft, user: User) -> QuerySet[Lesson]:
    named = LessonLink.objects.visible_to(user).filter(incident=draft.incident)
    return (
        Lesson.objects.visible_to(user)
        .filter(state=LessonState.ACTIVE)
        .exclude(learned_from=draft.incident.pk)
        .exclude(pk__in=named.values("lesson_id"))
    )


def by_knobs(draft: Draft, candidates: QuerySet[Lesson]) -> list[tuple[int, str]]:
    """Lessons about a knob that was turned here."""
    knobs = {delta.knob_id: str(delta.knob) for delta in draft.deltas}
    about = Lesson.knobs.through.objects.filter(knob_id__in=knobs, lesson__in=candidates)
    rows = about.order_by("-lesson_id", "id").values_list("lesson_id", "knob_id")
    # Translators: of a lesson, after "It"
    return [(lesson, gettext("is about %(knob)s") % {"knob": knobs[knob]}) for lesson, knob in rows]


def by_factors(draft: Draft, candidates: QuerySet[Lesson], user: User) -> list[tuple[int, str]]:
    """Lessons from an incident at which a factor of this one was at work, too."""
    factors = {factor.factor_id: factor.factor.name for factor in draft.factors}
    uses = (
        ContributingFactor.objects.visible_to(user)
        .filter(factor_id__in=factors)
        .exclude(incident=draft.incident)
        .order_by("-incident_id", "id")
        .values_list("incident_id", "factor_id")[:MOST_USES]
    )
    shared: dict[int, list[int]] = defaultdict(list)
    for incident, factor in uses:
        shared[incident].append(factor)
    learned = candidates.filter(learned_from__in=list(shared)).order_by("-id")
    return [
        (
            lesson,
            # Translators: of a lesson, after "It"
            gettext("is from INC-%(incident)s, which had “%(factor)s”, too")
            % {"incident": incident, "factor": factors[factor]},
        )
        for lesson, incident in learned.values_list("pk", "learned_from_id")
        if incident is not None
        for factor in shared[incident]
    ]


def by_words(draft: Draft, candidates: QuerySet[Lesson]) -> list[tuple[int, str]]:
    """What the lookup finds by the words of the record."""
    incident = draft.incident
    words = "\n".join((incident.title, incident.summary, incident.impact))[:LONGEST_ASKED]
    found = find_in_archive(words, among={FoundKind.LESSON: candidates}, limit=MOST)[:MOST_BY_WORDS]
    # Translators: of a lesson, after "It"
    return [(one.record_id, gettext("shares words with this record")) for one in found]
