"""Alerting rules for the figures to count."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from incidents.models import AlertRule, Runbook, Service


def make_rules(services: Sequence[Service | None], *, at: datetime) -> None:
    """Of these services, another and none: answered, linked elsewhere, dead, with nothing."""
    here = settings.SITE_URL
    runbook = Runbook.objects.active().exclude(alerts="").order_by("pk")[0]
    name = next(line for line in runbook.alerts.splitlines() if "=" not in line)
    of = [*services, Service.objects.first(), None]
    kinds = [
        (name, ""),
        ("NobodyKnows", f"{here}/runbooks/{runbook.slug}/"),
        ("NobodyKnows", "https://wiki.example/disk"),
        (name, f"{here}/runbooks/was-never-written/"),
        ("NobodyKnows", ""),
    ]
    wanted = [(service, *kind) for service in of for kind in kinds]
    for position, (service, alert, url) in enumerate([*wanted, *wanted[3:9]]):
        labels = {"service": service.slug if position % 2 else service.name} if service else {}
        AlertRule.objects.create(
            source="rules.yaml",
            position=position,
            group="all",
            alert=alert,
            labels=labels,
            runbook_url=url,
            read_at=at,
        )
