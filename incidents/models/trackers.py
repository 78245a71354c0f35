"""What the trackers tell of issues that action items link to."""

from django.db import models
from django.utils.translation import gettext_lazy

from incidents.models.editable import filled, one_of

LONGEST_DELIVERY = 200


class TrackerProvider(models.TextChoices):
    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"
    JIRA = "jira", "Jira"
    # These tell of incidents rather than of issues.
    PAGERDUTY = "pagerduty", "PagerDuty"
    PROGRAM = "program", gettext_lazy("another program")


class IssueState(models.TextChoices):
    OPEN = "open", gettext_lazy("open")
    CLOSED = "closed", gettext_lazy("closed")


class TrackerDelivery(models.Model):
    """One message of a tracker or pager, written with what it did: sent again, it does nothing."""

    provider = models.CharField(max_length=20, choices=TrackerProvider)
    delivery = models.CharField(max_length=LONGEST_DELIVERY)
    # Of the body: another one under the same name is no repetition.
    sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("provider", TrackerProvider),
            filled("delivery"),
            filled("sha256"),
            models.UniqueConstraint(
                fields=["provider", "delivery"], name="incidents_trackerdelivery_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()} {self.delivery}"


class TrackerIssue(models.Model):
    """What was told last of an issue, by the tracker's own clock: messages arrive in any order."""

    # `incidents.lib.tracker_links.TrackerLink.key`
    key = models.CharField(max_length=600, unique=True)
    state = models.CharField(max_length=20, choices=IssueState)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [filled("key"), one_of("state", IssueState)]

    def __str__(self) -> str:
        return self.key
