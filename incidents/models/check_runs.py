"""Checks of configuration as they are kept: what was checked, by which guards, what was found.

Never what stands in the files: configuration holds secrets.
"""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from incidents.models.editable import LONG, filled, one_of
from incidents.models.guards import Guard, GuardSeverity
from incidents.models.incidents import Incident
from incidents.models.knowledge import Lesson

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User

LONGEST_FILE = 300
LONGEST_WRITTEN = 200
LONGEST_FOUND = 1_000
"""Characters that are kept of a file's name, of a value, and of what a finding says."""


class CheckDoor(models.TextChoices):
    """Where somebody asked."""

    PAGE = "page", gettext_lazy("on the page")
    PROGRAM = "program", gettext_lazy("by a program")
    TERMINAL = "terminal", gettext_lazy("in a terminal")


class FoundByCheck(models.TextChoices):
    VIOLATED = "violated", gettext_lazy("a guard is violated")
    REPEATS = "repeats", gettext_lazy("a change is repeated")
    TOUCHES = "touches", gettext_lazy("a knob with a past is touched")


class GuardVersionQuerySet(models.QuerySet["GuardVersion"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of lessons that this person may know of."""
        lessons = Lesson.objects.visible_to(user).filter(pk=OuterRef("guard__lesson_id"))
        return self.filter(Exists(lessons))


class GuardVersion(models.Model):
    """A guard as it was when a run asked it."""

    guard = models.ForeignKey(
        Guard,
        on_delete=models.CASCADE,
        related_name="versions",
        # The constraint's index begins with it.
        db_index=False,
    )
    version = models.PositiveIntegerField()
    expression = models.TextField()
    precondition = models.TextField(blank=True)
    message = models.TextField()
    severity = models.CharField(max_length=20, choices=GuardSeverity)

    objects = GuardVersionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            filled("expression"),
            filled("message"),
            one_of("severity", GuardSeverity),
            models.UniqueConstraint(fields=["guard", "version"], name="guardversion_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}: {self.expression}"


class CheckRun(models.Model):
    """One check of configuration. It is everybody's; what it found is not: see `CheckFinding`.

    So nothing here says whether anything was found, nor how many guards were asked. `files` are
    names, each with a fingerprint of what was in it; of several hundred the first are kept, and
    `file_count` counts all. `held`, `unconcerned` and `not_checked` are keys of `GuardVersion`, the
    last with the names of the values that would be needed. `left_out` counts what was found beyond
    what is kept of one run, as far as it was open to everybody.
    """

    checked_at = models.DateTimeField(db_index=True)
    door = models.CharField(max_length=20, choices=CheckDoor)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=LONG, blank=True)
    revision = models.CharField(max_length=LONG, blank=True)
    component = models.CharField(max_length=LONG, blank=True)
    files = models.JSONField(default=list, blank=True)
    file_count = models.PositiveIntegerField(default=0)
    before = models.JSONField(default=list, blank=True)
    before_count = models.PositiveIntegerField(default=0)
    setting_count = models.PositiveIntegerField(default=0)
    unreadable = models.JSONField(default=list, blank=True)
    unreadable_count = models.PositiveIntegerField(default=0)
    held = models.JSONField(default=list, blank=True)
    unconcerned = models.JSONField(default=list, blank=True)
    not_checked = models.JSONField(default=dict, blank=True)
    left_out = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-checked_at", "-id"]
        indexes = [models.Index(fields=["name", "-checked_at"], name="checkrun_of_a_name")]
        constraints = [one_of("door", CheckDoor)]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("guard:run", args=[self.pk])

    @property
    def title(self) -> str:
        """What it was given as its name, or else the files."""
        if self.name:
            return self.name
        names = [one["name"] for one in self.files[:2]]
        more = self.file_count - len(names)
        return (
            gettext("%(names)s and %(more)s more") % {"names": ", ".join(names), "more": more}
            if more
            else ", ".join(names) or gettext("no file")
        )


class CheckFindingQuerySet(models.QuerySet["CheckFinding"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of which this person may know both the lesson and the incident."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        # Findings are many, and what is hidden is little.
        return self.exclude(lesson__in=Lesson.objects.hidden_from(user).values("pk")).exclude(
            incident__in=Incident.objects.hidden_from(user).values("pk")
        )


class CheckFinding(models.Model):
    """One thing that a run found. A knob that several incidents turned is as many rows, so that
    nobody counts those of which they may not know.

    `written` and `values` are the values that it is about, with what looks like a secret hidden.
    """

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=FoundByCheck)
    guard = models.ForeignKey(
        GuardVersion, on_delete=models.CASCADE, null=True, related_name="findings"
    )
    lesson = models.ForeignKey(
        Lesson,
        on_delete=models.CASCADE,
        null=True,
        related_name="findings",
        # The index of a lesson's findings begins with it.
        db_index=False,
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, null=True, related_name="findings"
    )
    name = models.CharField(max_length=LONGEST_FILE, blank=True)
    file = models.CharField(max_length=LONGEST_FILE, blank=True)
    line = models.PositiveIntegerField(null=True)
    written = models.CharField(max_length=LONGEST_WRITTEN, blank=True)
    message = models.CharField(max_length=LONGEST_FOUND, blank=True)
    values = models.JSONField(default=dict, blank=True)

    objects = CheckFindingQuerySet.as_manager()

    class Meta:
        ordering = ["run_id", "position", "id"]
        indexes = [
            models.Index(fields=["lesson", "kind", "run"], name="checkfinding_of_a_lesson"),
        ]
        constraints = [
            one_of("kind", FoundByCheck),
            models.CheckConstraint(
                name="checkfinding_of_a_guard_or_an_incident",
                condition=Q(kind=FoundByCheck.VIOLATED, guard__isnull=False, lesson__isnull=False)
                | (
                    ~Q(kind=FoundByCheck.VIOLATED)
                    & Q(guard__isnull=True, lesson__isnull=True, incident__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.message or f"{self.get_kind_display()}: {self.name}"
