"""The incident record."""

from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import ApproximateTime
from incidents.lib.periods import Period
from incidents.models.editable import (
    LONG,
    Editable,
    Precision,
    approximate_time,
    filled,
    not_before,
    one_of,
    time_constraints,
)
from incidents.models.happened import (
    DayThere,
    happened_at,
    happened_in,
    happened_perhaps_in,
    happened_precision,
)
from incidents.models.people import Reach, Service, Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class Kind(models.TextChoices):
    OWN = "own", gettext_lazy("own incident")
    NEAR_MISS = "near_miss", gettext_lazy("near miss")
    EXTERNAL = "external", gettext_lazy("somebody else's story")


class State(models.TextChoices):
    DRAFT = "draft", gettext_lazy("draft")
    IN_REVIEW = "in_review", gettext_lazy("in review")
    PUBLISHED = "published", gettext_lazy("published")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


class Severity(models.TextChoices):
    SEV1 = "sev1", gettext_lazy("SEV1 critical")
    SEV2 = "sev2", gettext_lazy("SEV2 major")
    SEV3 = "sev3", gettext_lazy("SEV3 moderate")
    SEV4 = "sev4", gettext_lazy("SEV4 minor")
    SEV5 = "sev5", gettext_lazy("SEV5 cosmetic")
    UNKNOWN = "unknown", gettext_lazy("unknown")


class Detection(models.TextChoices):
    MONITORING = "monitoring", gettext_lazy("monitoring or an alert")
    CUSTOMER = "customer", gettext_lazy("a customer or user")
    STAFF = "staff", gettext_lazy("somebody of ours noticed")
    PARTNER = "partner", gettext_lazy("a partner or provider")
    AUDIT = "audit", gettext_lazy("an audit or a report")
    UNKNOWN = "unknown", gettext_lazy("unknown")


class Visibility(models.TextChoices):
    EVERYONE = "everyone", gettext_lazy("everybody who signs in")
    RESTRICTED = "restricted", gettext_lazy("only the people and teams named")


class TagQuerySet(models.QuerySet["Tag"]):
    def on_visible_records(self, user: "User | AnonymousUser") -> Self:
        """Those on a record that this person may know of."""
        hidden = of_hidden_incident(user)
        uses = Incident.tags.through.objects.all()
        used = Exists(uses.filter(tag=OuterRef("pk")))
        seen = Exists(uses.filter(~hidden, tag=OuterRef("pk")))
        # Few are on what is hidden, and only these are looked for elsewhere.
        return self.filter(used & ~Q(pk__in=uses.filter(hidden).values("tag")) | seen)


class Tag(models.Model):
    """A word to find records by."""

    name = models.CharField(max_length=60, unique=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [filled("name")]

    def __str__(self) -> str:
        return self.name


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What this person may know of: open records, and restricted ones that name them.

        No role opens a restricted record: an administrator who is not named sees nothing.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        seen = self.filter(Q(visibility=Visibility.EVERYONE) | naming(user.pk))
        # A token of little reach: no more than its owner may see, and of that their own.
        return seen.filter(owner=user.pk) if user.reach == Reach.OWN else seen

    def hidden_from(self, user: "User | AnonymousUser") -> Self:
        """Those that are not `visible_to` this person: the restricted ones, few and soon found, and
        to a token of little reach all that its owner does not own."""
        restricted = self.filter(visibility=Visibility.RESTRICTED)
        if not user.is_authenticated or not user.is_active:
            return restricted
        if user.reach == Reach.OWN:
            return self.exclude(pk__in=Incident.objects.visible_to(user).values("pk"))
        return restricted.exclude(naming(user.pk))

    def with_happened(self) -> Self:
        """Each with when it happened, as far as that is known: see `incidents.models.happened`."""
        rows = self.annotate(happened_at=happened_at(), happened_precision=happened_precision())
        return rows.annotate(happened_day=DayThere("happened_at", "time_zone"))

    def happened_in(self, period: Period, zone: ZoneInfo) -> Self:
        return self.with_happened().filter(happened_in(period, zone))

    def happened_perhaps_in(self, period: Period, zone: ZoneInfo) -> Self:
        """Not among `happened_in`, and known too coarsely to say that they are not."""
        return self.with_happened().filter(happened_perhaps_in(period, zone))

    def undated(self) -> Self:
        """Of which no time at all is known."""
        return self.filter(**{f"{phase}_at__isnull": True for phase in Incident.PHASES})


def naming(person: int) -> Q:
    """The records on which the person of this key is named, or one of their teams."""
    people = Incident.allowed_people.through.objects.filter(user_id=person)
    teams = Incident.allowed_teams.through.objects.filter(team__members=person)
    return Q(pk__in=people.values("incident_id")) | Q(pk__in=teams.values("incident_id"))


def may_know_incident(user: "User | AnonymousUser", *, field: str = "incident") -> Exists:
    """That the row's incident is one that this person may know of.

    Asked of each row: to be among all that they may know of is a list as long as the archive.
    """
    return Exists(Incident.objects.visible_to(user).filter(pk=OuterRef(f"{field}_id")))


def of_hidden_incident(user: "User | AnonymousUser") -> Q:
    """That the row's incident is one that this person may not know of: asked of many rows, since
    those are few."""
    return Q(incident__in=Incident.objects.hidden_from(user).values("pk"))


class Incident(Editable):
    """One record, `INC-42`; the number is the primary key, counted by the database."""

    TRACKED = (
        "title",
        "kind",
        "state",
        "severity",
        "detection",
        "time_zone",
        "began_at",
        "began_precision",
        "detected_at",
        "detected_precision",
        "mitigated_at",
        "mitigated_precision",
        "resolved_at",
        "resolved_precision",
        "summary",
        "background",
        "impact",
        "response",
        "went_well",
        "made_harder",
        "got_lucky",
        "notes",
        "owner",
        "services",
        "teams",
        "tags",
        "visibility",
        "allowed_people",
        "allowed_teams",
        "source_title",
        "source_url",
        "external_key",
        "published_at",
        "published_by",
        "withdrawn_reason",
    )
    PROSE = (
        "summary",
        "background",
        "impact",
        "response",
        "went_well",
        "made_harder",
        "got_lucky",
        "notes",
    )
    PHASES = ("began", "detected", "mitigated", "resolved")

    title = models.CharField(max_length=LONG)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OWN)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    severity = models.CharField(max_length=20, choices=Severity, default=Severity.UNKNOWN)
    detection = models.CharField(
        gettext_lazy("detected by"), max_length=20, choices=Detection, default=Detection.UNKNOWN
    )
    time_zone = models.CharField(max_length=64, default="UTC")

    began_at = models.DateTimeField(null=True, blank=True)
    began_precision = models.CharField(max_length=10, choices=Precision, default=Precision.UNKNOWN)
    detected_at = models.DateTimeField(null=True, blank=True)
    detected_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN
    )
    mitigated_at = models.DateTimeField(null=True, blank=True)
    mitigated_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.UNKNOWN
    )

    summary = models.TextField(blank=True)
    summary_html = models.TextField(blank=True, editable=False)
    background = models.TextField(blank=True)
    background_html = models.TextField(blank=True, editable=False)
    impact = models.TextField(blank=True)
    impact_html = models.TextField(blank=True, editable=False)
    response = models.TextField(blank=True)
    response_html = models.TextField(blank=True, editable=False)
    went_well = models.TextField(gettext_lazy("what went well"), blank=True)
    went_well_html = models.TextField(blank=True, editable=False)
    made_harder = models.TextField(gettext_lazy("what made it harder"), blank=True)
    made_harder_html = models.TextField(blank=True, editable=False)
    got_lucky = models.TextField(gettext_lazy("where we were lucky"), blank=True)
    got_lucky_html = models.TextField(blank=True, editable=False)
    notes = models.TextField(blank=True)
    notes_html = models.TextField(blank=True, editable=False)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="owned_incidents",
        null=True,
        blank=True,
    )
    services = models.ManyToManyField(Service, related_name="incidents", blank=True)
    teams = models.ManyToManyField(Team, related_name="incidents", blank=True)
    tags = models.ManyToManyField(Tag, related_name="incidents", blank=True)

    visibility = models.CharField(max_length=20, choices=Visibility, default=Visibility.EVERYONE)
    allowed_people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="restricted_incidents", blank=True
    )
    allowed_teams = models.ManyToManyField(Team, related_name="restricted_incidents", blank=True)

    source_title = models.CharField(max_length=LONG, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    # Where the record came from, so that bringing it in twice makes one.
    external_key = models.CharField(max_length=LONG, null=True, blank=True, unique=True)

    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    withdrawn_reason = models.TextField(blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            filled("title"),
            one_of("kind", Kind),
            one_of("state", State),
            one_of("severity", Severity),
            one_of("detection", Detection),
            one_of("visibility", Visibility),
            *time_constraints("began"),
            *time_constraints("detected"),
            *time_constraints("mitigated"),
            *time_constraints("resolved"),
            not_before("began", "detected"),
            not_before("began", "mitigated"),
            not_before("began", "resolved"),
            models.CheckConstraint(
                name="incidents_incident_external_key_filled_or_null",
                condition=Q(external_key__isnull=True) | ~Q(external_key=""),
            ),
            models.CheckConstraint(
                name="incidents_incident_published_has_a_time",
                condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_incident_withdrawn_has_a_reason",
                condition=~Q(state=State.WITHDRAWN) | ~Q(withdrawn_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="incident_by_state"),
            models.Index(fields=["severity", "-id"], name="incident_by_severity"),
            models.Index(fields=["-began_at", "-id"], name="incident_by_beginning"),
            models.Index(happened_at(), name="incident_by_happening"),
            # The few that are restricted, and how many there are to be seen, without the rows.
            models.Index(fields=["visibility", "state", "id"], name="incident_by_visibility"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("records:incident", args=[self.pk])

    @property
    def reference(self) -> str:
        return f"INC-{self.pk}"

    @property
    def is_restricted(self) -> bool:
        return self.visibility == Visibility.RESTRICTED

    @property
    def began(self) -> ApproximateTime:
        return approximate_time(self, "began")

    @property
    def detected(self) -> ApproximateTime:
        return approximate_time(self, "detected")

    @property
    def mitigated(self) -> ApproximateTime:
        return approximate_time(self, "mitigated")

    @property
    def resolved(self) -> ApproximateTime:
        return approximate_time(self, "resolved")
