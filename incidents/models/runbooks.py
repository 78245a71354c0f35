"""What to do when, and how it served."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q
from django.urls import reverse

from incidents.models.editable import LONG, Editable, filled, one_of
from incidents.models.incidents import of_hidden_incident
from incidents.models.knowledge import Knob
from incidents.models.parts import Part, PartQuerySet
from incidents.models.people import Service, Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class RunbookState(models.TextChoices):
    ACTIVE = "active", "active"
    RETIRED = "retired", "retired"


class VerifyEvery(models.IntegerChoices):
    """For how many days a verification holds, where it is not as long as the settings say."""

    MONTH = 30, "every month"
    QUARTER = 91, "every 3 months"
    HALF_YEAR = 182, "every 6 months"
    YEAR = 365, "every year"


class RunbookQuerySet(models.QuerySet["Runbook"]):
    def active(self) -> Self:
        return self.filter(state=RunbookState.ACTIVE)

    def verification_due(self, by: date) -> Self:
        """The active ones that somebody has to go through by this day, or had to before."""
        due = Q()
        for every in [None, *VerifyEvery.values]:
            since = by - timedelta(days=every or settings.RUNBOOK_VERIFY_DAYS)
            end_of_day = datetime.combine(since + timedelta(days=1), time(), UTC)
            due |= Q(verify_every=every) & (
                Q(last_verified_date__lte=since)
                | Q(last_verified_date__isnull=True, created_at__lt=end_of_day)
            )
        return self.active().filter(due)


class Runbook(Editable):
    """What to do when. Readable to everybody who signs in."""

    TRACKED = (
        "title",
        "slug",
        "summary",
        "body",
        "alerts",
        "services",
        "knobs",
        "owner",
        "team",
        "state",
        "verify_every",
        "last_verified_date",
        "last_verified_by",
    )
    PROSE = ("body",)

    title = models.CharField(max_length=LONG)
    slug = models.CharField(max_length=120, unique=True, validators=[validate_slug])
    summary = models.CharField("when to use it", max_length=300, blank=True)
    body = models.TextField("what to do", blank=True)
    body_html = models.TextField(blank=True, editable=False)
    alerts = models.TextField(
        blank=True, help_text="The alerts that it answers, one on a line: names, or label matchers."
    )
    services = models.ManyToManyField(Service, related_name="runbooks", blank=True)
    knobs = models.ManyToManyField(Knob, related_name="runbooks", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="owned_runbooks",
        null=True,
        blank=True,
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="runbooks", null=True, blank=True
    )
    state = models.CharField(max_length=20, choices=RunbookState, default=RunbookState.ACTIVE)
    verify_every = models.PositiveSmallIntegerField(null=True, blank=True, choices=VerifyEvery)
    last_verified_date = models.DateField(null=True, blank=True)
    last_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    imported_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of what the last import wrote; where it differs, somebody has edited it here.",
    )

    objects = RunbookQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            filled("title"),
            filled("slug"),
            one_of("state", RunbookState),
            models.CheckConstraint(
                name="runbook_verified_as_often_as_can_be_chosen",
                condition=Q(verify_every__isnull=True) | Q(verify_every__in=VerifyEvery.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("runbooks:runbook", args=[self.slug])

    @property
    def verification_due_date(self) -> date:
        """The day by which somebody has to go through it: counted from when it was written, where
        nobody has yet."""
        since = self.last_verified_date or self.created_at.astimezone(UTC).date()
        return since + timedelta(days=self.verify_every or settings.RUNBOOK_VERIFY_DAYS)

    @property
    def alert_lines(self) -> list[str]:
        return [line.strip() for line in self.alerts.splitlines() if line.strip()]


class Served(models.TextChoices):
    HELPED = "helped", "helped"
    PARTLY = "partly", "helped in part"
    OUTDATED = "outdated", "was outdated"
    WRONG = "wrong", "was wrong"
    NOT_FOUND = "not_found", "was there, but not found"
    WOULD_HAVE_HELPED = "would_have_helped", "would have helped (did not exist)"


HELPED = (Served.HELPED, Served.PARTLY)
FAILED = (Served.OUTDATED, Served.WRONG, Served.NOT_FOUND)


class RunbookUseQuerySet(PartQuerySet["RunbookUse"]):
    def visible_in_any(self, user: "User | AnonymousUser") -> Self:
        """As `visible_to`, of many records and not of one or a few: those that are hidden are few,
        and a database that is asked for the others looks through all of them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(~of_hidden_incident(user))


class RunbookUse(Part):
    """How a runbook served in one incident."""

    TRACKED = ("position", "runbook", "served", "note", "source")

    runbook = models.ForeignKey(Runbook, on_delete=models.PROTECT, related_name="uses")
    served = models.CharField("how it served", max_length=20, choices=Served)
    note = models.TextField(blank=True)

    objects = RunbookUseQuerySet.as_manager()  # type: ignore[misc]  # narrower than Part's

    class Meta(Part.Meta):
        constraints = [
            one_of("served", Served),
            models.UniqueConstraint(
                fields=["incident", "runbook"],
                name="incidents_runbookuse_once",
                condition=Q(runbook__isnull=False),
                violation_error_message="This runbook is already named; say more about it there.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.runbook}: {self.get_served_display()}"


class AlertRule(models.Model):
    """An alerting rule of a monitoring system, as it was when somebody last had it read.

    Not edited here: reading its `source` again replaces all rules that came from there.
    """

    source = models.CharField(max_length=500)
    position = models.PositiveIntegerField()
    group = models.TextField(blank=True)
    alert = models.TextField()
    labels = models.JSONField(default=dict)
    runbook_url = models.TextField(blank=True)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["source", "position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="alertrule_in_place"),
            filled("alert"),
        ]

    def __str__(self) -> str:
        return self.alert
