"""Every line of every active runbook at once, for who has many alerts to match."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from incidents.lookup.matchers import ALERTNAME, AlertLine, readable_alerts
from incidents.models import AlertMatcher


class AlertLines(NamedTuple):
    """Lines with the keys of their runbooks.

    `named` has, by an alert's name, those that only an alert of that name can match; `others` have
    to be tried on every alert.
    """

    named: Mapping[str, Sequence[tuple[int, AlertLine]]]
    others: Sequence[tuple[int, AlertLine]]

    def best(self, labels: Mapping[str, str]) -> int | None:
        """The key of the runbook with the most specific line that matches, the eldest of equals."""
        candidates = [*self.named.get(labels.get(ALERTNAME, ""), ()), *self.others]
        fitting = [(line.specificity, -key) for key, line in candidates if line.matches(labels)]
        return -max(fitting)[1] if fitting else None


def all_alert_lines() -> AlertLines:
    named: dict[str, list[tuple[int, AlertLine]]] = defaultdict(list)
    others: list[tuple[int, AlertLine]] = []
    for key, text, alertname in AlertMatcher.objects.values_list("runbook_id", "line", "alertname"):
        place = others if alertname is None else named[alertname]
        place += [(key, line) for line in readable_alerts(text)]
    return AlertLines(named, others)
