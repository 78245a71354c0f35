"""Keeping the rules that were read, for the page that shows which alerts lead nowhere."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from incidents.models import AlertRule
from incidents.runbooks.coverage.reading import Rule


@transaction.atomic
def keep_rules(source: str, rules: Sequence[Rule], *, at: datetime) -> None:
    """Put the rules of this source in place of those that came from it before."""
    AlertRule.objects.filter(source=source).delete()
    AlertRule.objects.bulk_create(
        [
            AlertRule(
                source=source,
                position=position,
                group=without_nul(rule.group),
                alert=without_nul(rule.alert),
                labels={without_nul(k): without_nul(v) for k, v in rule.labels.items()},
                runbook_url=without_nul(rule.runbook_url),
                read_at=at,
            )
            for position, rule in enumerate(rules)
        ],
        batch_size=500,
    )


def without_nul(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "")
