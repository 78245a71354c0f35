"""How runbooks served, and what that says of the incidents in which they did."""

from collections import Counter
from collections.abc import Collection, Sequence

from django.db.models import Count, QuerySet

from incidents.lookup.engines import Ranked
from incidents.lookup.engines.archive import COUNTED
from incidents.models import (
    FAILED,
    HELPED,
    FoundKind,
    Incident,
    RunbookUse,
    Said,
    SearchEntry,
    Served,
    User,
    Verdict,
)

SERVED = (*HELPED, Served.WOULD_HAVE_HELPED)


def how_it_served(keys: Collection[int], *, user: User) -> dict[int, tuple[int, int]]:
    """For each runbook how often it helped and failed: in the records that the person may see, and
    as anybody said whom a lookup led to it. Faults that were put right do not count any more.
    """
    uses = RunbookUse.objects.visible_in_any(user).filter(runbook_id__in=keys)
    in_records = uses.order_by().values_list("runbook_id", "served").annotate(count=Count("pk"))
    verdicts = Verdict.objects.standing().filter(runbook_id__in=keys).order_by()
    taps = verdicts.values_list("runbook_id", "said").annotate(count=Count("pk"))
    helped, failed = Counter[int](), Counter[int]()
    for key, how, count in in_records:
        helped[key] += count * (how in HELPED)
        failed[key] += count * (how in FAILED)
    for key, said, count in taps:
        helped[key] += count * (said == Said.HELPED)
        failed[key] += count * (said in (Said.WRONG, Said.OUTDATED))
    return {key: (helped[key], failed[key]) for key in keys}


def with_one_it_served(
    incidents: list[Ranked], runbooks: Sequence[int], *, user: User
) -> list[Ranked]:
    """The incidents in their order, but second one in which the best of these runbooks served.

    Who asks says what can be seen; a record says what it was. Its runbook knows both: what it would
    have helped is like what it helps now, whatever the words. Of several such records the one whose
    words fit best, or else the newest. One that is first by its words is enough.
    """
    served = one_it_served(incidents, runbooks[:1], user=user)
    if served is None or served.record_id in [one.record_id for one in incidents[:2]]:
        return incidents
    others = [one for one in incidents if one.record_id != served.record_id]
    return [*others[:1], served, *others[1:]]


def one_it_served(
    incidents: Collection[Ranked], runbooks: Sequence[int], *, user: User
) -> Ranked | None:
    if not runbooks or not incidents:
        return None
    uses = where_they_served(runbooks, user=user)
    keys = [one.record_id for one in incidents]
    near = set(uses.filter(incident__in=keys).values_list("incident_id", flat=True))
    for one in incidents:
        if one.record_id in near:
            return one
    entries = SearchEntry.objects.filter(
        kind=FoundKind.INCIDENT, record_id__in=uses.values("incident_id")
    )
    newest = entries.order_by("-record_id").values_list("id", "record_id").first()
    if newest is None:
        return None
    found = min(max(one.found for one in incidents) + 1, COUNTED)
    return Ranked(newest[0], FoundKind.INCIDENT, newest[1], 0.0, found)


def where_they_served(runbooks: Sequence[int], *, user: User) -> QuerySet[RunbookUse]:
    """In the incidents that the person may know of."""
    uses = RunbookUse.objects.visible_in_any(user)
    return uses.filter(runbook__in=runbooks, served__in=SERVED)


def how_it_served_in(
    incidents: Collection[Incident], runbooks: Sequence[int], *, user: User
) -> dict[int, str]:
    """By the keys of the incidents in which it served, how the best of these runbooks did."""
    uses = where_they_served(runbooks[:1], user=user).filter(incident__in=incidents)
    return {use.incident_id: use.get_served_display() for use in uses}
