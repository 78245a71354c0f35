"""Follow-up across incidents."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.models.editable import LONG, Editable, filled, one_of
from incidents.models.incidents import Incident, may_know_incident
from incidents.models.knowledge import Lesson
from incidents.models.people import Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class ActionKind(models.TextChoices):
    PREVENT = "prevent", gettext_lazy("prevent")
    DETECT = "detect", gettext_lazy("detect")
    MITIGATE = "mitigate", gettext_lazy("mitigate")
    LEARN = "learn", gettext_lazy("learn")


class ActionState(models.TextChoices):
    OPEN = "open", gettext_lazy("open")
    IN_PROGRESS = "in_progress", gettext_lazy("in progress")
    DONE = "done", gettext_lazy("done")
    WONT_DO = "wont_do", gettext_lazy("won't do")


UNFINISHED = (ActionState.OPEN, ActionState.IN_PROGRESS)
CLOSED = (ActionState.DONE, ActionState.WONT_DO)


class ActionOrigin(models.TextChoices):
    DECIDED = "decided", gettext_lazy("decided by us")
    NAMED = "named", gettext_lazy("named by the source")
    IMPLIED = "implied", gettext_lazy("implied by the source")


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Action items of no incident and no lesson, or of ones that this person may know of."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        lesson = Lesson.objects.visible_to(user).filter(pk=OuterRef("lesson_id"))
        return self.filter(
            Q(incident__isnull=True) | may_know_incident(user),
            Q(lesson__isnull=True) | Exists(lesson),
        )


class ActionItem(Editable):
    """`ACT-9`: what somebody is to do so that it does not happen again, or hurts less."""

    TRACKED = (
        "title",
        "body",
        "kind",
        "state",
        "origin",
        "incident",
        "lesson",
        "owner",
        "team",
        "due_date",
        "evidence",
        "wont_do_reason",
        "declined_at",
        "tracker_url",
        "done_at",
        "done_by",
        "verified_at",
        "verified_by",
        "reopened_for",
        "source",
    )
    PROSE = ("body",)

    title = models.CharField(max_length=LONG)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True, editable=False)
    kind = models.CharField(max_length=20, choices=ActionKind, default=ActionKind.PREVENT)
    state = models.CharField(max_length=20, choices=ActionState, default=ActionState.OPEN)
    origin = models.CharField(max_length=20, choices=ActionOrigin, default=ActionOrigin.DECIDED)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="action_items", null=True, blank=True
    )
    lesson = models.ForeignKey(
        Lesson, on_delete=models.PROTECT, related_name="action_items", null=True, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="action_items",
        null=True,
        blank=True,
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="action_items", null=True, blank=True
    )
    due_date = models.DateField(null=True, blank=True)
    evidence = models.TextField(
        blank=True, help_text=gettext_lazy("A link or a sentence that shows that it is done.")
    )
    wont_do_reason = models.TextField(gettext_lazy("why not"), blank=True)
    # Unknown for what was declined before this was kept.
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    tracker_url = models.URLField(gettext_lazy("in the tracker"), max_length=500, blank=True)
    source = models.CharField(max_length=LONG, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    # The record in which its lesson was violated again, the latest if there were several. Who may
    # see the item may not know of it.
    reopened_for = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        related_name="reopened_action_items",
        null=True,
        blank=True,
        editable=False,
    )

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = [F("due_date").asc(nulls_last=True), "id"]
        constraints = [
            filled("title"),
            one_of("kind", ActionKind),
            one_of("state", ActionState),
            one_of("origin", ActionOrigin),
            models.CheckConstraint(
                name="incidents_actionitem_done_has_evidence",
                condition=~Q(state=ActionState.DONE) | ~Q(evidence=""),
                violation_error_message=gettext_lazy(
                    "Say what shows that it is done: a link or a sentence."
                ),
            ),
            models.CheckConstraint(
                name="incidents_actionitem_wont_do_has_a_reason",
                condition=~Q(state=ActionState.WONT_DO) | ~Q(wont_do_reason=""),
                violation_error_message=gettext_lazy("Say why it will not be done."),
            ),
            models.CheckConstraint(
                name="incidents_actionitem_declined_only_when_wont_do",
                condition=Q(declined_at__isnull=True) | Q(state=ActionState.WONT_DO),
                violation_error_message=gettext_lazy("Only what will not be done was declined."),
            ),
            models.CheckConstraint(
                name="incidents_actionitem_verified_only_when_done",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False, state=ActionState.DONE),
                violation_error_message=gettext_lazy("Only what is done can be verified."),
            ),
            models.CheckConstraint(
                name="incidents_actionitem_verified_by_another",
                condition=Q(verified_by__isnull=True)
                | Q(done_by__isnull=True)
                | ~Q(verified_by=F("done_by")),
                violation_error_message=gettext_lazy("Somebody else than who did it verifies it."),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_date"], name="action_by_due_date")]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("action_items:action_item", args=[self.pk])

    @property
    def reference(self) -> str:
        return f"ACT-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in UNFINISHED
