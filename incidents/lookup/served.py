"""How runbooks served, and what that says of the incidents in which they did."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, Subquery

from incidents.lookup.engines import Ranked
from incidents.lookup.engines.archive import COUNTED
from incidents.lookup.visible import seen
from incidents.models import (
    FAILED,
    HELPED,
    FoundKind,
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
    uses = seen(RunbookUse.objects.visible_in_any, user).filter(runbook_id__in=keys)
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


class Placed(NamedTuple):
    """Incidents in their order, and by their keys how the best runbook served in some of them."""

    incidents: list[Ranked]
    served: dict[int, str]


class Use(NamedTuple):
    incident: int
    served: str
    entry: int


def with_one_it_served(incidents: list[Ranked], runbooks: Sequence[int], *, user: User) -> Placed:
    """The incidents in their order, but second one in which the best of these runbooks served.

    Who asks says what can be seen; a record says what it was. Its runbook knows both: what it would
    have helped is like what it helps now, whatever the words. Of several such records the one whose
    words fit best, or else the newest. One that is first by its words is enough.
    """
    if not runbooks or not incidents:
        return Placed(incidents, {})
    keys = [one.record_id for one in incidents]
    uses = uses_of(runbooks[0], first=keys, user=user)
    said = {use.incident: str(Served(use.served).label) for use in uses}
    best = next((one for one in incidents if one.record_id in said), None)
    if best is None and uses:
        found = min(max(one.found for one in incidents) + 1, COUNTED)
        best = Ranked(uses[0].entry, FoundKind.INCIDENT, uses[0].incident, 0.0, found)
    if best is None or best.record_id in keys[:2]:
        return Placed(incidents, said)
    others = [one for one in incidents if one.record_id != best.record_id]
    return Placed([*others[:1], best, *others[1:]], said)


def uses_of(runbook: int, *, first: Collection[int], user: User) -> list[Use]:
    """Where it served, as far as the person may know and the index knows it: in the incidents of
    these keys, and then in the newest."""
    entry = SearchEntry.objects.filter(kind=FoundKind.INCIDENT, record_id=OuterRef("incident_id"))
    uses = (
        seen(RunbookUse.objects.visible_in_any, user)
        .filter(runbook=runbook, served__in=SERVED)
        .annotate(is_first=Q(incident__in=first), entry=Subquery(entry.values("id")))
        .filter(entry__isnull=False)
        .order_by("-is_first", "-incident_id")
    )
    return [
        Use(*row) for row in uses.values_list("incident_id", "served", "entry")[: len(first) + 1]
    ]
