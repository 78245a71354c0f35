"""What people said of runbooks, as a small preference among those that fit nearly as well."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from incidents.lookup.engines import Ranked
from incidents.models import Said, Verdict

MOST = 0.1
"""A score is raised or lowered by less than this share of it, whatever was said."""
PRIOR = 4
"""As if so many had said each of the two before: a single tap is hardly felt."""

LATELY = timedelta(days=365)
"""What was said longer ago does not count: runbooks are mended."""


def preferred(ranked: Collection[Ranked]) -> list[Ranked]:
    """The same runbooks, each score weighed by how often it helped and how often it was wrong.

    Only what was said after lookups counts: everybody may know of that; and of the faults those
    that nobody has put right yet. How a runbook served in an incident does not, since the incident
    may be restricted.
    """
    rows = (
        Verdict.objects.standing()
        .filter(
            runbook__in=[one.record_id for one in ranked],
            said_at__gt=timezone.now() - LATELY,
        )
        .order_by()
        .values_list("runbook", "said")
        .annotate(count=Count("pk"))
    )
    counts = {(key, said): count for key, said, count in rows}
    said = {
        key: (counts.get((key, Said.HELPED), 0), counts.get((key, Said.WRONG), 0))
        for key, _said in counts
    }
    return [weighed(one, said) for one in ranked]


def weighed(one: Ranked, said: Mapping[int, tuple[int, int]]) -> Ranked:
    helped, wrong = said.get(one.record_id, (0, 0))
    return Ranked(
        entry_id=one.entry_id,
        kind=one.kind,
        record_id=one.record_id,
        score=one.score * weight(helped, wrong),
        found=one.found,
    )


def weight(helped: int, wrong: int) -> float:
    """1 where nothing was said, or as much for as against.

    What is outdated or lacks a step counts neither way: it was the right one.
    """
    share = (helped + PRIOR) / (helped + wrong + 2 * PRIOR)
    return 1 + MOST * (2 * share - 1)
