"""When a new action item is due, where nobody says: by the severity of its incident."""

from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import ngettext

from incidents.models import Incident, Severity


class Line(NamedTuple):
    severity: str
    label: str
    days: int | None


def due_by_policy(incident: Incident | None, *, today: date) -> date | None:
    """None without an incident, and for a severity of which the policy says nothing."""
    days = settings.ACTION_DUE_DAYS.get(incident.severity) if incident else None
    return None if days is None else today + timedelta(days=days)


def policy() -> list[Line]:
    """What the policy says of each severity, the most severe first."""
    days = settings.ACTION_DUE_DAYS
    return [Line(value, str(label), days.get(value)) for value, label in Severity.choices]


def policy_in_words() -> str:
    """As in "SEV1 critical 7 days, SEV2 major 14 days"; empty where there is none."""
    return ", ".join(
        ngettext("%(severity)s %(count)s day", "%(severity)s %(count)s days", line.days)
        % {"severity": line.label, "count": line.days}
        for line in policy()
        if line.days is not None
    )
