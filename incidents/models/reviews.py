"""A period's figures, kept as they were when somebody froze them."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.lib.periods import Period, period_between
from incidents.models.action_items import ActionItem
from incidents.models.editable import LONG, Editable, filled, one_of
from incidents.models.people import Service, Team


class ReviewQuerySet(models.QuerySet["Review"]):
    def of(self, period: Period, *, team: Team | None, service: Service | None) -> Self:
        """The one of these days, of all or of a team or service."""
        return self.filter(
            start_date=period.starts,
            end_date=period.ends,
            team_id=team.pk if team else None,
            service_id=service.pk if service else None,
        )


class Review(Editable):
    """The review of a period, of all or of a team or a service, that somebody froze.

    Dates are half-open: `start_date` belongs to the period, `end_date` is the day after it.
    """

    TRACKED = (
        "title",
        "start_date",
        "end_date",
        "service",
        "team",
        "notes",
        "frozen_at",
        "frozen_by",
    )
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
    frozen_at = models.DateTimeField(editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-start_date", "id"]
        constraints = [
            filled("title"),
            models.CheckConstraint(
                name="incidents_review_ends_after_its_start",
                condition=Q(end_date__gt=F("start_date")),
                violation_error_message=gettext_lazy("The period ends after it starts."),
            ),
            models.CheckConstraint(
                name="incidents_review_of_a_team_or_a_service",
                condition=Q(team__isnull=True) | Q(service__isnull=True),
                violation_error_message=gettext_lazy("A review is of a team or of a service."),
            ),
            # One for each period: nulls are no hindrance to being the same.
            models.UniqueConstraint(
                fields=["start_date", "end_date"],
                condition=Q(team__isnull=True, service__isnull=True),
                name="review_of_all_once",
            ),
            models.UniqueConstraint(
                fields=["start_date", "end_date", "team"], name="review_of_a_team_once"
            ),
            models.UniqueConstraint(
                fields=["start_date", "end_date", "service"], name="review_of_a_service_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        return period_between(self.start_date, self.end_date - timedelta(days=1))

    def get_absolute_url(self) -> str:
        url = reverse("review:review", args=[self.period.key])
        if self.team is not None:
            return f"{url}?team={self.team.slug}"
        return f"{url}?service={self.service.slug}" if self.service is not None else url


class ReviewDecision(Editable):
    """What the meeting over a review decided; and the action item that it became, if it did."""

    TRACKED = ("text", "action_item")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(gettext_lazy("what was decided"), max_length=LONG)
    action_item = models.OneToOneField(
        ActionItem,
        on_delete=models.PROTECT,
        related_name="decision",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        ordering = ["id"]
        constraints = [filled("text")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{self.review.get_absolute_url()}#meeting"


class Sight(models.TextChoices):
    OPEN = "open", gettext_lazy("what everybody may see")
    FULL = "full", gettext_lazy("every record")


class ReviewEdition(models.Model):
    """The figures of a frozen review, over what everybody might see then, or over every record.

    It is written once and never changed. `record_versions` has, by the type of a document, each
    record that was counted with the key of the last line of its history, 0 where it has none.
    `restricted` are the keys of the incidents that were restricted: only whoever may see each of
    them may see the full edition. `sha256` is hexadecimal, over all of the rest.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="editions")
    sight = models.CharField(max_length=10, choices=Sight)
    figures = models.JSONField()
    record_versions = models.JSONField()
    restricted = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["review_id", "sight"]
        constraints = [
            one_of("sight", Sight),
            filled("sha256"),
            models.UniqueConstraint(fields=["review", "sight"], name="reviewedition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.review}, {self.get_sight_display()}"
