"""What people took out, to be fetched for a while."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from incidents.models.editable import one_of
from incidents.models.incidents import Incident
from incidents.models.jobs import Job, JobState
from incidents.models.people import Service, Team


class ExportFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    MARKDOWN = "md", "Markdown"
    HTML = "html", "HTML"


class ExportState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("waiting")
    WRITING = "writing", gettext_lazy("being written")
    READY = "ready", gettext_lazy("ready")
    CANCELLED = "cancelled", gettext_lazy("cancelled")
    FAILED = "failed", gettext_lazy("failed")


class Export(models.Model):
    """A file that is owed to one person, and where it is once it is written.

    Of one incident; or of a period (as `incidents.lib.periods` reads it), for all, a team or a
    service.

    `touched` has the keys of all incidents without which the file would be another: whoever may no
    longer see one of them may no longer fetch it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports"
    )
    format = models.CharField(max_length=20, choices=ExportFormat)
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, null=True, related_name="exports"
    )
    period = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, null=True, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, related_name="export")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    # Its name in EXPORT_DIR.
    file = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    written_at = models.DateTimeField(null=True)
    touched = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="export_by_expiry")]
        constraints = [
            one_of("format", ExportFormat),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_an_incident_or_a_period",
                condition=Q(incident__isnull=False, period="", team=None, service=None)
                | Q(incident__isnull=True) & ~Q(period="") & (Q(team=None) | Q(service=None)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_written_whole",
                condition=Q(file="", size__isnull=True, written_at__isnull=True)
                | (~Q(file="") & Q(size__isnull=False, written_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("exports:export", args=[self.pk])

    @property
    def title(self) -> str:
        """Names no record that its owner may not know of: where there is one, it is theirs."""
        if self.incident:
            return self.incident.reference
        of = self.team or self.service
        return (
            gettext("Review %(period)s, %(name)s") % {"period": self.period, "name": of.name}
            if of
            else gettext("Review %(period)s") % {"period": self.period}
        )

    @property
    def ending(self) -> str:
        return "zip" if self.format == ExportFormat.CSV else self.format

    @property
    def state(self) -> ExportState:
        if self.file:
            return ExportState.READY
        if self.cancelled_at:
            return ExportState.CANCELLED
        if self.job is None or self.job.state in {JobState.FAILED, JobState.DONE}:
            return ExportState.FAILED
        is_running = self.job.state == JobState.RUNNING
        return ExportState.WRITING if is_running else ExportState.WAITING

    @property
    def is_under_way(self) -> bool:
        return self.state in {ExportState.WAITING, ExportState.WRITING}

    def is_over(self, at: datetime) -> bool:
        return self.expires_at <= at
