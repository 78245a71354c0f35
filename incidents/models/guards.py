"""The executable forms of lessons."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from incidents.models.editable import Editable, filled, one_of
from incidents.models.knowledge import Lesson


class GuardState(models.TextChoices):
    DRAFT = "draft", gettext_lazy("draft")
    ACTIVE = "active", gettext_lazy("active")


class GuardSeverity(models.TextChoices):
    ERROR = "error", gettext_lazy("error")
    WARNING = "warning", gettext_lazy("warning")


class Guard(Editable):
    """A lesson's executable form: what a configuration must satisfy.

    The expression is CEL; the two examples are configuration values, one that must fail and one
    that must pass.
    """

    TRACKED = (
        "expression",
        "precondition",
        "severity",
        "message",
        "failing_example",
        "passing_example",
        "state",
    )

    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="guard")
    expression = models.TextField(max_length=2000)
    precondition = models.TextField(max_length=2000, blank=True)
    severity = models.CharField(max_length=20, choices=GuardSeverity, default=GuardSeverity.ERROR)
    message = models.CharField(max_length=500)
    failing_example = models.JSONField(default=dict, blank=True)
    passing_example = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, choices=GuardState, default=GuardState.DRAFT)

    class Meta:
        ordering = ["id"]
        constraints = [
            filled("expression"),
            filled("message"),
            one_of("severity", GuardSeverity),
            one_of("state", GuardState),
            models.CheckConstraint(
                name="incidents_guard_active_has_examples",
                condition=~Q(state=GuardState.ACTIVE)
                | (~Q(failing_example={}) & ~Q(passing_example={})),
                violation_error_message=gettext_lazy(
                    "An active guard has two examples: one fails, one passes."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.expression

    def get_absolute_url(self) -> str:
        return f"{self.lesson.get_absolute_url()}#guard"
