"""What to do when, and how it served."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import validate_slug
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.models.editable import LONG, Editable, Precision, filled, one_of
from incidents.models.incidents import State, of_hidden_incident
from incidents.models.knowledge import ConfigDelta, Knob
from incidents.models.parts import Part, PartQuerySet
from incidents.models.people import Service, Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class RunbookState(models.TextChoices):
    ACTIVE = "active", gettext_lazy("active")
    RETIRED = "retired", gettext_lazy("retired")


class VerifyEvery(models.IntegerChoices):
    """For how many days a verification holds, where it is not as long as the settings say."""

    MONTH = 30, gettext_lazy("every month")
    QUARTER = 91, gettext_lazy("every 3 months")
    HALF_YEAR = 182, gettext_lazy("every 6 months")
    YEAR = 365, gettext_lazy("every year")


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

    def with_unverified(self, user: "User | AnonymousUser") -> Self:
        """Each with `unverified_since`: the key of the incident in which a knob that it assumes was
        turned, the first after its last verification, or None. When a turn was may be unknown:
        then it counts from when the incident began, behind all that are dated.

        Only turns in records that this person may know of count: that there are others would tell
        of them. Who may know of them sees the sign, so somebody does.
        """
        dated, undated = turns_since(user)
        return self.annotate(
            unverified_since=Coalesce(
                first_of_knobs(dated, "turned_at"), first_of_knobs(undated, "incident__began_at")
            )
        )

    def unverified(self, user: "User | AnonymousUser") -> Self:
        """The active ones that assume what was turned since, as far as this person may know."""
        return self.active().with_unverified(user).filter(unverified_since__isnull=False)


Turns = models.QuerySet[ConfigDelta]
COARSE = {
    Precision.HOUR: timedelta(hours=1),
    Precision.DAY: timedelta(days=1),
    Precision.MONTH: timedelta(days=31),
    Precision.YEAR: timedelta(days=366),
}
"""How long after the start of its period a turn may have been."""


def turns_since(user: "User | AnonymousUser") -> tuple[Turns, Turns]:
    """The turns after the verification, for a row of a runbook with one of its knobs: those that
    are dated, and those of which only the incident is. The first one is the first."""
    turns = ConfigDelta.objects.visible_to(user).exclude(incident__state=State.WITHDRAWN)
    turns = turns.filter(knob=OuterRef("knob_id"))
    dated = turns.filter(turned_after("runbook__last_verified_at"))
    began = Q(incident__began_at__gt=OuterRef("runbook__last_verified_at"))
    undated = turns.filter(began, turned_at__isnull=True)
    return dated.order_by("turned_at", "id"), undated.order_by("incident__began_at", "id")


def mark_unverified(runbooks: Iterable["Runbook"], user: "User | AnonymousUser") -> None:
    """As `RunbookQuerySet.with_unverified`, for a few that are there: in a third of its time."""
    by_key = {runbook.pk: runbook for runbook in runbooks if runbook.last_verified_at}
    if not by_key:
        return
    dated, undated = turns_since(user)
    pairs = Runbook.knobs.through.objects.filter(runbook__in=by_key).annotate(
        dated=Subquery(dated.values("pk")[:1]), undated=Subquery(undated.values("pk")[:1])
    )
    firsts = list(pairs.values_list("runbook_id", "dated", "undated"))  # type: ignore[misc]  # annotated
    turns = ConfigDelta.objects.select_related("incident").only("turned_at", "incident__began_at")
    by_turn = turns.in_bulk({key for _runbook, *both in firsts for key in both if key})
    for key, runbook in by_key.items():
        found = [by_turn[one] for pair, *both in firsts if pair == key for one in both if one]
        first = min(found, key=in_time) if found else None
        runbook.unverified_since = first.incident_id if first else None


def in_time(turn: ConfigDelta) -> tuple[bool, datetime | None]:
    """Those that are dated before the others."""
    return turn.turned_at is None, turn.turned_at or turn.incident.began_at


def first_of_knobs(turns: models.QuerySet[ConfigDelta], moment: str) -> Subquery:
    """The incident of the first of the turns of a runbook's knobs.

    Asked knob by knob: so the first is read from an index, however often a knob was turned.
    """
    pairs = Runbook.knobs.through.objects.filter(runbook=OuterRef("pk")).annotate(
        since=Subquery(turns.values("incident_id")[:1]), at=Subquery(turns.values(moment)[:1])
    )
    first = pairs.order_by(F("at").asc(nulls_last=True), "id")
    return Subquery(first.values("since")[:1])  # type: ignore[misc]  # annotated


def turned_after(moment: str) -> Q:
    """That a knob was turned after this moment of the outer row, for sure, or else perhaps and as
    nobody knew by then.

    1. The period of the turn begins after it.
    2. The period ends after it, and the turn was recorded after it: whoever looked could not have
       read of it.
    """
    then = OuterRef(moment)
    after = Q(turned_at__gt=then)
    for precision, length in COARSE.items():
        perhaps = Q(turned_precision=precision) & Q(created_at__gt=then)
        # Last: to take a day from a moment is slow on SQLite.
        after |= perhaps & Q(turned_at__gt=then - length)
    # Said once more as a whole, which an index can answer.
    return Q(turned_at__gt=then - max(COARSE.values())) & after


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
        "last_verified_at",
        "last_verified_by",
    )
    PROSE = ("body",)

    title = models.CharField(max_length=LONG)
    slug = models.CharField(max_length=120, unique=True, validators=[validate_slug])
    summary = models.CharField(gettext_lazy("when to use it"), max_length=300, blank=True)
    body = models.TextField(gettext_lazy("what to do"), blank=True)
    body_html = models.TextField(blank=True, editable=False)
    alerts = models.TextField(
        blank=True,
        help_text=gettext_lazy(
            "The alerts that it answers, one on a line: names, or label matchers."
        ),
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
    last_verified_at = models.DateTimeField(null=True, blank=True)
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
        help_text=gettext_lazy(
            "Of what the last import wrote; where it differs, somebody has edited it here."
        ),
    )

    objects = RunbookQuerySet.as_manager()
    unverified_since: int | None = None
    """Of those `with_unverified`."""

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
            models.CheckConstraint(
                name="runbook_verified_on_a_day_and_at_a_moment",
                condition=Q(last_verified_date__isnull=True, last_verified_at__isnull=True)
                | Q(last_verified_date__isnull=False, last_verified_at__isnull=False),
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
    HELPED = "helped", gettext_lazy("helped")
    PARTLY = "partly", gettext_lazy("helped in part")
    OUTDATED = "outdated", gettext_lazy("was outdated")
    WRONG = "wrong", gettext_lazy("was wrong")
    NOT_FOUND = "not_found", gettext_lazy("was there, but not found")
    WOULD_HAVE_HELPED = "would_have_helped", gettext_lazy("would have helped (did not exist)")


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
    served = models.CharField(gettext_lazy("how it served"), max_length=20, choices=Served)
    note = models.TextField(blank=True)

    objects = RunbookUseQuerySet.as_manager()  # type: ignore[misc]  # narrower than Part's

    class Meta(Part.Meta):
        constraints = [
            one_of("served", Served),
            models.UniqueConstraint(
                fields=["incident", "runbook"],
                name="incidents_runbookuse_once",
                condition=Q(runbook__isnull=False),
                violation_error_message=gettext_lazy(
                    "This runbook is already named; say more about it there."
                ),
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
