"""The alerts that were taken in, with what they lead to."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from incidents.lookup.matchers import ALERTNAME
from incidents.models import Alert, AlertStatus, Incident, Runbook, User

LONGEST_IN_LINK = 200
"""Characters of a label's value; a longer one would make an address that browsers cut."""


def alerts(*, firing_only: bool) -> QuerySet[Alert]:
    """What fires first, then what was told of last. An alert is open to everybody who signs in."""
    rows = Alert.objects.select_related("runbook")
    if firing_only:
        rows = rows.filter(status=AlertStatus.FIRING)
    # "firing" stands before "resolved" in the alphabet, too.
    return rows.order_by("status", "-received_at", "-id")


def address_of(alert: Alert) -> str:
    """Where the lookup answers this alert, as a rule's `runbook_url` would say it."""
    # PostgreSQL keeps them in no order.
    by_name = sorted(alert.labels.items(), key=lambda label: (label[0] != ALERTNAME, label[0]))
    labels = [(name, value) for name, value in by_name if len(value) <= LONGEST_IN_LINK]
    return f"{reverse('lookup:lookup')}?{urlencode(labels)}"


def offered_for(rows: Iterable[Alert]) -> dict[int, list[Runbook]]:
    """By the keys of alerts, the runbooks that their words found, best first."""
    keys = {row.pk: [key for key in row.offered if isinstance(key, int)] for row in rows}
    runbooks = Runbook.objects.in_bulk({key for of in keys.values() for key in of})
    return {pk: [runbooks[key] for key in of if key in runbooks] for pk, of in keys.items()}


def similar_to(rows: Iterable[Alert], *, user: User) -> dict[int, list[Incident]]:
    """By the keys of alerts, the incidents like them that the person may know of by now."""
    keys = {row.pk: [key for key in row.similar if isinstance(key, int)] for row in rows}
    incidents = Incident.objects.visible_to(user).in_bulk(
        {key for of in keys.values() for key in of}
    )
    return {pk: [incidents[key] for key in of if key in incidents] for pk, of in keys.items()}


def count_firing() -> int:
    return Alert.objects.filter(status=AlertStatus.FIRING).count()
