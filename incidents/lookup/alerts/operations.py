"""Taking alerts in, and finding what helps against them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from incidents.lookup.alert_lines import all_alert_lines
from incidents.lookup.alerts.payload import Received
from incidents.lookup.matchers import ALERTNAME
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import Question, telling
from incidents.lookup.reranking import find_in_archive
from incidents.models import Alert, AlertStatus, FoundKind, Incident, Visibility

OFFERED = 3
"""Runbooks that are offered by words for an alert that none names."""
SIMILAR = 3
"""Incidents that are kept with an alert."""
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
    new = [alert for alert in alerts if alert.fingerprint not in known]
    offered = found_by_words(
        [alert for alert in new if matched[alert.fingerprint] is None], find=runbooks_for
    )
    similar = found_by_words(new, find=incidents_like)
    rows = [
        Alert(
            **vars(alert),
            runbook_id=matched[alert.fingerprint],
            offered=offered.get(alert.fingerprint, []),
            similar=similar.get(alert.fingerprint, []),
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


def found_by_words(
    alerts: Sequence[Received], *, find: Callable[[Question], list[int]]
) -> dict[str, list[int]]:
    """By the fingerprints of the alerts, what the words of the first of each name find."""
    found: dict[str, list[int]] = {}
    for alert in alerts:
        if len(found) == MOST_SEARCHES:
            break
        if name_of(alert) not in found:
            found[name_of(alert)] = find(question_of(alert))
    return {alert.fingerprint: found.get(name_of(alert), []) for alert in alerts}


def runbooks_for(question: Question) -> list[int]:
    return [runbook.pk for runbook in best_runbooks(question, limit=OFFERED)]


def incidents_like(question: Question) -> list[int]:
    """Of those that are everybody's: nobody in particular asks."""
    among = {FoundKind.INCIDENT: Incident.objects.filter(visibility=Visibility.EVERYONE)}
    found = find_in_archive(question.text, among=among, limit=SIMILAR)
    return [one.record_id for one in found]


def question_of(alert: Received) -> Question:
    words = "\n".join([*telling(alert.labels), *alert.annotations.values()])
    return Question(words, alert.labels)


def name_of(alert: Received) -> str:
    return alert.labels.get(ALERTNAME, "")
