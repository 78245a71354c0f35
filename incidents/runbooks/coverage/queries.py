"""Judging the rules that are kept, and those that were just read, by the runbooks there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from incidents.lookup.alert_lines import all_alert_lines
from incidents.models import AlertRule, Runbook
from incidents.runbooks.coverage.judging import WRONG, Judged, Runbooks, Standing, judge
from incidents.runbooks.coverage.reading import Rule

SERVICE = "service"
"""The label that says which service an alert is about."""


class OfService(NamedTuple):
    """`service` is empty for alerts that name none."""

    service: str
    alerts: int
    answered: int
    elsewhere: int
    dead: int
    none: int


def judged(rules: Iterable[Rule]) -> list[Judged]:
    runbooks = runbooks_to_judge_by()
    return [judge(rule, runbooks, site=settings.SITE_URL) for rule in rules]


def runbooks_to_judge_by() -> Runbooks:
    rows = list(Runbook.objects.active().values_list("pk", "slug", "title"))
    return Runbooks(
        lines=all_alert_lines(),
        titles={slug: title for _key, slug, title in rows},
        slugs={key: slug for key, slug, _title in rows},
    )


def kept_rules() -> list[Rule]:
    rows = AlertRule.objects.values_list("group", "alert", "labels", "runbook_url")
    return [Rule(*row) for row in rows]


def last_read_at() -> datetime | None:
    """When rules were read last; None where none are kept."""
    last = AlertRule.objects.order_by("-read_at").first()
    return last.read_at if last else None


def by_service(all_judged: Sequence[Judged]) -> list[OfService]:
    """A row for each service, those with the most alerts that lead nowhere first."""
    standings: dict[str, list[Standing]] = defaultdict(list)
    for one in all_judged:
        standings[service_of(one)].append(one.standing)
    rows = [
        OfService(service, len(of), *(of.count(standing) for standing in Standing))
        for service, of in standings.items()
    ]
    return sorted(rows, key=lambda row: (-(row.dead + row.none), -row.alerts, row.service))


def service_of(one: Judged) -> str:
    return one.rule.labels.get(SERVICE, "").strip()


def wrong_first(all_judged: Iterable[Judged]) -> list[Judged]:
    return sorted(all_judged, key=lambda one: (one.standing not in WRONG, one.rule.alert))
