"""A quarter's figures, kept as they were when somebody froze them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.models.editable import LONG, Editable, filled
from incidents.models.people import Service, Team


class Review(Editable):
    """The figures of a period, with their definitions and the versions of the records used.

    Dates are half-open: `start_date` belongs to the period, `end_date` is the day after it.
    `sha256` is hexadecimal, over the figures, definitions and record versions.
    """

    TRACKED = ("title", "start_date", "end_date", "service", "team", "notes", "frozen_at", "sha256")
    PROSE = ("notes",)

    title = models.CharField(max_length=LONG)
    start_date = models.DateField()
    end_date = models.DateField()
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="reviews", null=True, blank=True
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="reviews", null=True, blank=True
    )
    notes = models.TextField(blank=True)
    notes_html = models.TextField(blank=True, editable=False)
    figures = models.JSONField(null=True, blank=True, editable=False)
    definitions = models.JSONField(null=True, blank=True, editable=False)
    record_versions = models.JSONField(null=True, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        ordering = ["-start_date", "id"]
        constraints = [
            filled("title"),
            models.CheckConstraint(
                name="incidents_review_ends_after_its_start",
                condition=Q(end_date__gt=F("start_date")),
                violation_error_message="The period ends after it starts.",
            ),
            models.CheckConstraint(
                name="incidents_review_frozen_whole",
                condition=Q(frozen_at__isnull=True, frozen_by__isnull=True, sha256="")
                | (
                    Q(
                        frozen_at__isnull=False,
                        frozen_by__isnull=False,
                        figures__isnull=False,
                        definitions__isnull=False,
                        record_versions__isnull=False,
                    )
                    & ~Q(sha256="")
                ),
                violation_error_message="A frozen review keeps its figures, definitions and hash.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
