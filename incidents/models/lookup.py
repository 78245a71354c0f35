"""What can be found: one row for each record, beside which each engine keeps its own index."""

from django.db import models


class FoundKind(models.TextChoices):
    INCIDENT = "incident", "incident"
    RUNBOOK = "runbook", "runbook"
    LESSON = "lesson", "lesson"
    KNOB = "knob", "knob"
    FACTOR = "factor", "factor"
    ACTION_ITEM = "action_item", "action item"
    SERVICE = "service", "service"
    TEAM = "team", "team"

    @property
    def plural(self) -> str:
        return f"{self.label}s"


class SearchEntry(models.Model):
    """The words of one record: its head (title, names, alerts) apart from its body."""

    kind = models.CharField(max_length=20, choices=FoundKind)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    names = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="searchentry_once"),
            models.CheckConstraint(
                name="searchentry_kind_is_a_choice",
                condition=models.Q(kind__in=FoundKind.values),
            ),
        ]

    def __str__(self) -> str:
        return self.title
