"""What is known across incidents: factors, knobs and lessons."""

from typing import TYPE_CHECKING, Self

from django.core.validators import validate_slug
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import ApproximateTime
from incidents.lib.each_row import ExistsForEach
from incidents.models.editable import (
    LONG,
    Editable,
    Precision,
    approximate_time,
    filled,
    one_of,
    time_constraints,
)
from incidents.models.incidents import Incident, of_hidden_incident
from incidents.models.parts import Part, PartQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class FactorCategory(models.TextChoices):
    CAPACITY = "capacity", gettext_lazy("capacity")
    CONFIGURATION = "configuration", gettext_lazy("configuration")
    DESIGN = "design", gettext_lazy("design")
    CHANGE = "change", gettext_lazy("change and testing")
    DEPENDENCY = "dependency", gettext_lazy("dependency")
    DETECTION = "detection", gettext_lazy("detection")
    RESPONSE = "response", gettext_lazy("response")
    ORGANISATION = "organisation", gettext_lazy("organisation")


class FactorQuerySet(models.QuerySet["Factor"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Entries in use by nobody yet, or by a record that this person may know of.

        An entry that only restricted records use would tell what they are about.
        """
        if not user.is_authenticated:
            return self.none()
        uses = ContributingFactor.objects.filter(factor=OuterRef("pk"))
        seen = uses.filter(~of_hidden_incident(user))
        return self.filter(ExistsForEach(seen) | ~ExistsForEach(uses))


class Factor(Editable):
    """An entry of the shared vocabulary of what makes incidents possible; never a person."""

    TRACKED = ("name", "slug", "category", "description")
    PROSE = ("description",)

    name = models.CharField(max_length=LONG)
    slug = models.CharField(max_length=80, unique=True, validators=[validate_slug])
    category = models.CharField(max_length=20, choices=FactorCategory)
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True, editable=False)

    objects = FactorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [filled("name"), filled("slug"), one_of("category", FactorCategory)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("knowledge:factor", args=[self.slug])


class ContributingFactor(Part):
    """A factor at work in one incident, and how."""

    TRACKED = ("position", "factor", "how", "source")
    PROSE = ("how",)

    factor = models.ForeignKey(Factor, on_delete=models.PROTECT, related_name="uses")
    how = models.TextField(gettext_lazy("how it contributed"))
    how_html = models.TextField(blank=True, editable=False)

    class Meta(Part.Meta):
        constraints = [
            filled("how"),
            models.UniqueConstraint(
                fields=["incident", "factor"],
                name="incidents_contributingfactor_once",
                violation_error_message=gettext_lazy(
                    "This factor is already named; say more about it there."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.factor)


class KnobQuerySet(models.QuerySet["Knob"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Knobs never turned in a record, or turned in one that this person may know of,
        or that a runbook assumes (runbooks are everybody's)."""
        if not user.is_authenticated:
            return self.none()
        from incidents.models.runbooks import Runbook  # noqa: PLC0415 (they name each other)

        deltas = ConfigDelta.objects.filter(knob=OuterRef("pk"))
        seen = deltas.filter(~of_hidden_incident(user))
        assumed = Runbook.knobs.through.objects.filter(knob=OuterRef("pk"))
        return self.filter(ExistsForEach(seen) | ~ExistsForEach(deltas) | ExistsForEach(assumed))


class Knob(Editable):
    """A configuration setting: the component, the key, and its unit where it has one."""

    TRACKED = ("component", "key", "unit", "description")
    PROSE = ("description",)

    component = models.CharField(max_length=100)
    key = models.CharField(max_length=LONG)
    unit = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True, editable=False)

    objects = KnobQuerySet.as_manager()

    class Meta:
        ordering = ["component", "key", "id"]
        constraints = [
            filled("component"),
            filled("key"),
            models.UniqueConstraint(fields=["component", "key"], name="incidents_knob_once"),
            # The component is one step of the knob's address.
            models.CheckConstraint(
                name="incidents_knob_component_without_slash",
                condition=~Q(component__contains="/"),
                violation_error_message=gettext_lazy("A component's name has no slash."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} · {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:knob", args=[self.component, self.key])


class Known(models.TextChoices):
    KNOWN = "known", gettext_lazy("known")
    UNKNOWN = "unknown", gettext_lazy("unknown")
    ABSENT = "absent", gettext_lazy("not set")


class DeltaPart(models.TextChoices):
    CONTRIBUTED = "contributed", gettext_lazy("contributed")
    TRIED = "tried", gettext_lazy("tried")
    MITIGATED = "mitigated", gettext_lazy("mitigated")
    FIXED = "fixed", gettext_lazy("fixed")
    REVERTED = "reverted", gettext_lazy("reverted")


UNWRITTEN = {
    "before": gettext_lazy("Give the value before, or say that it is unknown or not set."),
    "after": gettext_lazy("Give the value after, or say that it is unknown or not set."),
}


def value_constraint(side: str) -> models.CheckConstraint:
    """A value is written exactly when it is known."""
    return models.CheckConstraint(
        name=f"incidents_configdelta_{side}_written_when_known",
        condition=(Q(**{f"{side}_known": Known.KNOWN}) & ~Q(**{side: ""}))
        | (~Q(**{f"{side}_known": Known.KNOWN}) & Q(**{side: ""})),
        violation_error_message=UNWRITTEN[side],
    )


class ConfigDelta(Part):
    """One turn of a knob in one incident; either value may be unknown, or not have been set."""

    TRACKED = (
        "position",
        "knob",
        "before",
        "before_known",
        "after",
        "after_known",
        "part",
        "place",
        "turned_at",
        "turned_precision",
        "note",
        "source",
    )

    knob = models.ForeignKey(Knob, on_delete=models.PROTECT, related_name="deltas")
    before = models.CharField(max_length=1000, blank=True)
    before_known = models.CharField(max_length=10, choices=Known, default=Known.KNOWN)
    after = models.CharField(max_length=1000, blank=True)
    after_known = models.CharField(max_length=10, choices=Known, default=Known.KNOWN)
    part = models.CharField(max_length=20, choices=DeltaPart)
    place = models.CharField(
        gettext_lazy("where"),
        max_length=LONG,
        blank=True,
        help_text=gettext_lazy("A file, a host, an environment."),
    )
    turned_at = models.DateTimeField(null=True, blank=True)
    turned_precision = models.CharField(max_length=10, choices=Precision, default=Precision.UNKNOWN)
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        # The first turn of a knob after a moment.
        indexes = [models.Index(fields=["knob", "turned_at"], name="configdelta_turns")]
        constraints = [
            one_of("part", DeltaPart),
            one_of("before_known", Known),
            one_of("after_known", Known),
            value_constraint("before"),
            value_constraint("after"),
            models.CheckConstraint(
                name="incidents_configdelta_changes_something",
                condition=~(
                    Q(before_known=Known.KNOWN, after_known=Known.KNOWN, before=F("after"))
                    | Q(before_known=Known.ABSENT, after_known=Known.ABSENT)
                ),
                violation_error_message=gettext_lazy(
                    "Before and after are the same: nothing was changed."
                ),
            ),
            *time_constraints("turned"),
        ]

    def __str__(self) -> str:
        return f"{self.knob}: {self.before_text} → {self.after_text}"

    @property
    def before_text(self) -> str:
        return self.before or str(Known(self.before_known).label)

    @property
    def after_text(self) -> str:
        return self.after or str(Known(self.after_known).label)

    @property
    def time(self) -> ApproximateTime:
        return approximate_time(self, "turned")


class LessonState(models.TextChoices):
    ACTIVE = "active", gettext_lazy("active")
    SUPERSEDED = "superseded", gettext_lazy("superseded")
    RETIRED = "retired", gettext_lazy("retired")


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Lessons of no one incident, or of one that this person may know of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        # What is hidden is little, and what is not a list as long as the archive.
        hidden = Incident.objects.hidden_from(user)
        return self.filter(~Q(learned_from__in=hidden.values("pk")))

    def hidden_from(self, user: "User | AnonymousUser") -> Self:
        """Those that are not `visible_to` this person, found by their incidents: mostly few."""
        return self.filter(learned_from__in=Incident.objects.hidden_from(user).values("pk"))


class Lesson(Editable):
    """`LES-7`: one sentence to remember, learned from an incident."""

    TRACKED = ("sentence", "explanation", "state", "superseded_by", "learned_from", "knobs")
    PROSE = ("explanation",)

    sentence = models.CharField(max_length=300)
    explanation = models.TextField(blank=True)
    explanation_html = models.TextField(blank=True, editable=False)
    state = models.CharField(max_length=20, choices=LessonState, default=LessonState.ACTIVE)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )
    learned_from = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="lessons", null=True, blank=True
    )
    knobs = models.ManyToManyField(Knob, related_name="lessons", blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            filled("sentence"),
            one_of("state", LessonState),
            models.CheckConstraint(
                name="incidents_lesson_superseded_by_another",
                condition=Q(state=LessonState.SUPERSEDED, superseded_by__isnull=False)
                | (~Q(state=LessonState.SUPERSEDED) & Q(superseded_by__isnull=True)),
                violation_error_message=gettext_lazy(
                    "A superseded lesson names the one that replaces it."
                ),
            ),
            models.CheckConstraint(
                name="incidents_lesson_not_by_itself",
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                violation_error_message=gettext_lazy("A lesson does not replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.sentence}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:lesson", args=[self.pk])

    @property
    def reference(self) -> str:
        return f"LES-{self.pk}"


class LessonRelation(models.TextChoices):
    VIOLATED = "violated", gettext_lazy("violated")
    UPHELD = "upheld", gettext_lazy("upheld")
    REFINED = "refined", gettext_lazy("refined")


class LessonLinkQuerySet(PartQuerySet["LessonLink"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Only where this person may know of the lesson, too."""
        lesson = Lesson.objects.visible_to(user).filter(pk=OuterRef("lesson_id"))
        return super().visible_to(user).filter(Exists(lesson))


class LessonLink(Part):
    """What a later incident did to a lesson."""

    TRACKED = ("position", "lesson", "relation", "note", "source")

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="links")
    relation = models.CharField(max_length=20, choices=LessonRelation)
    note = models.TextField(blank=True)

    objects = LessonLinkQuerySet.as_manager()  # type: ignore[misc]  # narrower than Part's

    class Meta(Part.Meta):
        constraints = [
            one_of("relation", LessonRelation),
            models.UniqueConstraint(
                fields=["incident", "lesson"],
                name="incidents_lessonlink_once",
                violation_error_message=gettext_lazy(
                    "This lesson is already named; say more about it there."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.lesson}"
