"""What pagers and other programs tell of incidents."""

from django.db import models

from incidents.models.editable import LONG, filled, one_of
from incidents.models.incidents import Severity
from incidents.models.trackers import IssueState


class HookedIncident(models.Model):
    """What was told last of an incident, by the teller's own clock: messages arrive in any order.

    What people wrote since is known by its being different from this.
    """

    # That of the record: `Incident.external_key`.
    key = models.CharField(max_length=LONG, unique=True)
    state = models.CharField(max_length=20, choices=IssueState, default=IssueState.OPEN)
    state_at = models.DateTimeField(null=True)
    severity = models.CharField(max_length=20, choices=Severity, default=Severity.UNKNOWN)
    severity_at = models.DateTimeField(null=True)
    events = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [filled("key"), one_of("state", IssueState), one_of("severity", Severity)]

    def __str__(self) -> str:
        return self.key
