"""Taking alerts in, and finding what helps against them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from incidents.lookup.alert_lines import all_alert_lines
from incidents.lookup.alerts.payload import Received
from incidents.lookup.matchers import ALERTNAME
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import Question, telling
from incidents.models import Alert, AlertStatus

OFFERED = 3
"""Runbooks that are offered by words for an alert that none names."""
MOST_SEARCHES = 5
"""By words, for the alerts of one payload: in a storm the sender is not kept waiting."""
BATCH = 500
TOLD_AGAIN = ["status", "labels", "annotations", "starts_at", "ends_at", "runbook", "received_at"]


def receive(alerts: Sequence[Received], *, at: datetime) -> None:
    """Keep the alerts, each known by its fingerprint, with the runbooks that they lead to.

    One that was told of before is brought up to date, and keeps what its words found then. What was
    over for longer than the settings keep it goes.
    """
    lines = all_alert_lines()
    matched = {alert.fingerprint: lines.best(alert.labels) for alert in alerts}
    known = fingerprints_of(alerts)
    unanswered = [
        alert
        for alert in alerts
        if alert.fingerprint not in known and matched[alert.fingerprint] is None
    ]
    found = found_by_words(unanswered)
    offered = {alert.fingerprint: found.get(name_of(alert), []) for alert in unanswered}
    rows = [
        Alert(
            **vars(alert),
            runbook_id=matched[alert.fingerprint],
            offered=offered.get(alert.fingerprint, []),
            first_received_at=at,
            received_at=at,
        )
        # In one order, so that two senders never wait for each other.
        for alert in sorted(alerts, key=lambda alert: alert.fingerprint)
    ]
    for start in range(0, len(rows), BATCH):
        keep(rows[start : start + BATCH])
    over = Alert.objects.filter(status=AlertStatus.RESOLVED)
    over.filter(received_at__lt=at - timedelta(days=settings.ALERT_DAYS)).delete()


@transaction.atomic
def keep(rows: list[Alert]) -> None:
    Alert.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=TOLD_AGAIN,
    )


def fingerprints_of(alerts: Sequence[Received]) -> set[str]:
    """Those of the alerts that were told of before."""
    known: set[str] = set()
    asked = [alert.fingerprint for alert in alerts]
    for start in range(0, len(asked), BATCH):
        some = Alert.objects.filter(fingerprint__in=asked[start : start + BATCH])
        known.update(some.values_list("fingerprint", flat=True))
    return known


def found_by_words(alerts: Sequence[Received]) -> Mapping[str, list[int]]:
    """By the names of the alerts, the keys of the runbooks that the words of the first find."""
    first: dict[str, Received] = {}
    for alert in alerts:
        if len(first) == MOST_SEARCHES:
            break
        first.setdefault(name_of(alert), alert)
    return {
        name: [runbook.pk for runbook in best_runbooks(question_of(alert), limit=OFFERED)]
        for name, alert in first.items()
    }


def question_of(alert: Received) -> Question:
    words = "\n".join([*telling(alert.labels), *alert.annotations.values()])
    return Question(words, alert.labels)


def name_of(alert: Received) -> str:
    return alert.labels.get(ALERTNAME, "")
