"""Work that is owed: each piece is a row, written with the change that owes it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from incidents.models.editable import LONG, filled, one_of


class Queue(models.TextChoices):
    LIGHT = "light", gettext_lazy("light")
    HEAVY = "heavy", gettext_lazy("heavy")


class JobState(models.TextChoices):
    OWED = "owed", gettext_lazy("owed")
    RUNNING = "running", gettext_lazy("running")
    DONE = "done", gettext_lazy("done")
    FAILED = "failed", gettext_lazy("failed")


ENDED = [JobState.DONE, JobState.FAILED]


class BatchQuerySet(models.QuerySet["Batch"]):
    def counted(self) -> "BatchQuerySet":
        """With how many jobs there are, and how many are done, failed and left.

        Counted from the jobs each time, so that what a page tells is what is so.
        """
        return self.annotate(
            total=Count("jobs"),
            done=Count("jobs", filter=Q(jobs__state=JobState.DONE)),
            failed=Count("jobs", filter=Q(jobs__state=JobState.FAILED)),
            left=Count("jobs", filter=Q(jobs__state__in=[JobState.OWED, JobState.RUNNING])),
        )


class Batch(models.Model):
    """Jobs that were owed together, such as one reminder for each of 400 people."""

    title = models.CharField(max_length=LONG)
    made_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager["Batch"]] = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [filled("title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:batch", kwargs={"batch_id": self.pk})


class Job(models.Model):
    """One piece of work, and what became of it.

    `key` says what it is about, where it must not be owed twice. `attempts` is counted when a
    worker takes it, so that work which kills its worker comes to an end too. While it runs, `token`
    tells whose it is, and it is theirs until `lease_until` by the database's clock.
    """

    kind = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, choices=Queue)
    state = models.CharField(max_length=20, choices=JobState, default=JobState.OWED)
    key = models.CharField(max_length=LONG, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, null=True, related_name="jobs")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    progress_done = models.PositiveBigIntegerField(default=0)
    progress_total = models.PositiveBigIntegerField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "queue", "due_at", "id"], name="job_to_be_taken"),
            models.Index(fields=["state", "queue", "lease_until"], name="job_left_behind"),
            models.Index(fields=["kind", "state"], name="job_of_a_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="job_owed_once"),
            one_of("queue", Queue),
            one_of("state", JobState),
            filled("kind"),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_running_is_somebodys",
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False) & ~Q(token="")
                | ~Q(state=JobState.RUNNING) & Q(token="", lease_until__isnull=True),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ended_has_a_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | ~Q(state__in=ENDED) & Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", kwargs={"job_id": self.pk})


class QueueSeen(models.Model):
    """When a worker last looked for work in a queue: by it people see that nobody does."""

    queue = models.CharField(max_length=20, choices=Queue, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["queue"]
        constraints = [one_of("queue", Queue)]

    def __str__(self) -> str:
        return f"{self.queue} at {self.seen_at}"
