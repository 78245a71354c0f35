"""The parts of an incident record: what happened, why, what was turned, whom it touched."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import ApproximateTime
from incidents.models.editable import (
    LONG,
    Editable,
    Precision,
    approximate_time,
    filled,
    one_of,
    time_constraints,
)
from incidents.models.incidents import Incident, Visibility, may_know_incident

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


PartRow_co = TypeVar("PartRow_co", bound="Part", covariant=True)


class PartQuerySet(models.QuerySet[PartRow_co]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Parts of the incidents that this person may know of."""
        return self.filter(may_know_incident(user))

    def of_everybodys_incidents(self) -> Self:
        """Parts of the incidents that everybody who signs in may read: where nobody in particular
        asks, and what is answered is handed to all."""
        return self.filter(incident__visibility=Visibility.EVERYONE)


class Part(Editable):
    """A row of an incident record, in its place in the order, with where it is known from."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField(default=0, editable=False)
    source = models.CharField(
        max_length=LONG,
        blank=True,
        help_text=gettext_lazy("Where this is known from: a log, a person, a place in the story."),
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def get_absolute_url(self) -> str:
        return f"{self.incident.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The id of its row on the record's page."""
        return f"{self._meta.model_name}-{self.pk}"


class EventKind(models.TextChoices):
    CONTEXT = "context", gettext_lazy("context")
    CHANGE = "change", gettext_lazy("change")
    SYMPTOM = "symptom", gettext_lazy("symptom")
    DETECTION = "detection", gettext_lazy("detection")
    DIAGNOSIS = "diagnosis", gettext_lazy("diagnosis")
    DECISION = "decision", gettext_lazy("decision")
    ACTION = "action", gettext_lazy("action")
    COMMUNICATION = "communication", gettext_lazy("communication")
    RECOVERY = "recovery", gettext_lazy("recovery")
    AFTERMATH = "aftermath", gettext_lazy("aftermath")


class TimelineEvent(Part):
    """What was known or done at a moment."""

    TRACKED = (
        "position",
        "event_at",
        "event_precision",
        "time_note",
        "kind",
        "text",
        "actor",
        "known_then",
        "source",
    )
    PROSE = ("text",)

    event_at = models.DateTimeField(null=True, blank=True)
    event_precision = models.CharField(max_length=10, choices=Precision, default=Precision.UNKNOWN)
    time_note = models.CharField(
        max_length=LONG,
        blank=True,
        help_text=gettext_lazy(
            "The time in the source's words, such as “about half an hour later”."
        ),
    )
    kind = models.CharField(max_length=20, choices=EventKind, default=EventKind.SYMPTOM)
    text = models.TextField()
    text_html = models.TextField(blank=True, editable=False)
    actor = models.CharField(gettext_lazy("who"), max_length=LONG, blank=True)
    known_then = models.BooleanField(
        gettext_lazy("known at the time"),
        null=True,
        blank=True,
        help_text=gettext_lazy("Or found out only afterwards."),
    )

    class Meta(Part.Meta):
        constraints = [filled("text"), one_of("kind", EventKind), *time_constraints("event")]
        indexes = [models.Index(fields=["incident", "position", "id"], name="event_in_order")]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def time(self) -> ApproximateTime:
        return approximate_time(self, "event")


class ImpactMeasure(Part):
    """A number that says how much it hurt; unknown where nobody counted."""

    TRACKED = ("position", "name", "value", "out_of", "unit", "is_approximate", "note", "source")

    name = models.CharField(gettext_lazy("what was affected"), max_length=LONG)
    value = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=gettext_lazy("Empty: unknown."),
    )
    out_of = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    is_approximate = models.BooleanField(gettext_lazy("approximate"), default=False)
    note = models.CharField(max_length=LONG, blank=True)

    class Meta(Part.Meta):
        constraints = [
            filled("name"),
            models.CheckConstraint(
                name="incidents_impactmeasure_value_not_negative",
                condition=Q(value__isnull=True) | Q(value__gte=0),
                violation_error_message=gettext_lazy("A measure is not negative."),
            ),
            models.CheckConstraint(
                name="incidents_impactmeasure_out_of_more_than_none",
                condition=Q(out_of__isnull=True) | Q(out_of__gt=0),
                violation_error_message=gettext_lazy("The whole is more than none."),
            ),
            models.CheckConstraint(
                name="incidents_impactmeasure_value_within_whole",
                condition=Q(value__isnull=True)
                | Q(out_of__isnull=True)
                | Q(value__lte=F("out_of")),
                violation_error_message=gettext_lazy("The part is not larger than the whole."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipantRole(models.TextChoices):
    COMMANDER = "commander", gettext_lazy("incident commander")
    COMMUNICATIONS = "communications", gettext_lazy("communications")
    SCRIBE = "scribe", gettext_lazy("scribe")
    RESPONDER = "responder", gettext_lazy("responder")
    EXPERT = "expert", gettext_lazy("subject expert")
    REPORTER = "reporter", gettext_lazy("reporter")
    AFFECTED = "affected", gettext_lazy("affected")
    OTHER = "other", gettext_lazy("other")


class Participant(Part):
    """Who took part, in which role, and what it cost them. Never a cause."""

    TRACKED = (
        "position",
        "person",
        "name",
        "role",
        "note",
        "hours",
        "hours_outside_work",
        "longest_stretch_hours",
        "source",
    )

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="participations",
        null=True,
        blank=True,
    )
    name = models.CharField(
        max_length=LONG, blank=True, help_text=gettext_lazy("For somebody who has no account here.")
    )
    role = models.CharField(
        max_length=20, choices=ParticipantRole, default=ParticipantRole.RESPONDER
    )
    note = models.CharField(max_length=LONG, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    hours_outside_work = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    longest_stretch_hours = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, blank=True
    )

    class Meta(Part.Meta):
        constraints = [
            one_of("role", ParticipantRole),
            models.CheckConstraint(
                name="incidents_participant_is_somebody",
                condition=Q(person__isnull=False) | ~Q(name=""),
                violation_error_message=gettext_lazy("Name the person, or choose one."),
            ),
            models.CheckConstraint(
                name="incidents_participant_hours_not_negative",
                condition=(Q(hours__isnull=True) | Q(hours__gte=0))
                & (Q(hours_outside_work__isnull=True) | Q(hours_outside_work__gte=0))
                & (Q(longest_stretch_hours__isnull=True) | Q(longest_stretch_hours__gte=0)),
                violation_error_message=gettext_lazy("Hours are not negative."),
            ),
            models.CheckConstraint(
                name="incidents_participant_hours_within_whole",
                condition=Q(hours__isnull=True)
                | (
                    (Q(hours_outside_work__isnull=True) | Q(hours_outside_work__lte=F("hours")))
                    & (
                        Q(longest_stretch_hours__isnull=True)
                        | Q(longest_stretch_hours__lte=F("hours"))
                    )
                ),
                violation_error_message=gettext_lazy(
                    "A part of the hours is not more than all of them."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name if self.person else self.name


class Relation(models.TextChoices):
    SIMILAR = "similar", gettext_lazy("is similar to")
    FOLLOWS = "follows", gettext_lazy("follows from")
    SAME_CHANGE = "same_change", gettext_lazy("came with the same change as")
    DUPLICATE = "duplicate", gettext_lazy("is the same as")


class RelatedIncidentQuerySet(PartQuerySet["RelatedIncident"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Only where this person may know of both records."""
        return super().visible_to(user).filter(may_know_incident(user, field="other"))


class RelatedIncident(Part):
    """This incident has to do with another one."""

    TRACKED = ("position", "other", "relation", "note", "source")

    other = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="related_from")
    relation = models.CharField(max_length=20, choices=Relation, default=Relation.SIMILAR)
    note = models.CharField(max_length=LONG, blank=True)

    objects = RelatedIncidentQuerySet.as_manager()  # type: ignore[misc]  # narrower than Part's

    class Meta(Part.Meta):
        constraints = [
            one_of("relation", Relation),
            models.UniqueConstraint(
                fields=["incident", "other"],
                name="incidents_relatedincident_once",
                violation_error_message=gettext_lazy(
                    "This record is already named; say more about it there."
                ),
            ),
            models.CheckConstraint(
                name="incidents_relatedincident_not_itself",
                condition=~Q(incident=F("other")),
                violation_error_message=gettext_lazy("A record is not related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} INC-{self.other_id}"


class ReviewAnswer(models.TextChoices):
    ASKED = "asked", gettext_lazy("asked")
    APPROVED = "approved", gettext_lazy("approved")
    CHANGES_WANTED = "changes_wanted", gettext_lazy("changes wanted")


class Reviewer(Part):
    """Somebody asked to review the record, and what they answered."""

    TRACKED = ("position", "person", "answer", "note", "answered_at")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews_asked"
    )
    answer = models.CharField(max_length=20, choices=ReviewAnswer, default=ReviewAnswer.ASKED)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Part.Meta):
        constraints = [
            one_of("answer", ReviewAnswer),
            models.UniqueConstraint(fields=["incident", "person"], name="incidents_reviewer_once"),
            models.CheckConstraint(
                name="incidents_reviewer_answer_has_a_time",
                condition=Q(answer=ReviewAnswer.ASKED, answered_at__isnull=True)
                | (~Q(answer=ReviewAnswer.ASKED) & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name
