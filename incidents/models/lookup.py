"""What can be found: one row for each record, beside which each engine keeps its own index."""

from django.db import models
from django.utils.translation import gettext_lazy

from incidents.lib.words.translated import Translated
from incidents.models.editable import filled, one_of
from incidents.models.runbooks import Runbook

LONGEST_INDEXED_NAME = 200
"""Characters; a database does not index texts of any length."""


class FoundKind(models.TextChoices):
    INCIDENT = "incident", gettext_lazy("incident")
    RUNBOOK = "runbook", gettext_lazy("runbook")
    LESSON = "lesson", gettext_lazy("lesson")
    KNOB = "knob", gettext_lazy("knob")
    FACTOR = "factor", gettext_lazy("factor")
    ACTION_ITEM = "action_item", gettext_lazy("action item")
    SERVICE = "service", gettext_lazy("service")
    TEAM = "team", gettext_lazy("team")

    @property
    def plural(self) -> str:
        return str(PLURALS[self])


PLURALS: dict[str, Translated] = {
    FoundKind.INCIDENT: gettext_lazy("incidents"),
    FoundKind.RUNBOOK: gettext_lazy("runbooks"),
    FoundKind.LESSON: gettext_lazy("lessons"),
    FoundKind.KNOB: gettext_lazy("knobs"),
    FoundKind.FACTOR: gettext_lazy("factors"),
    FoundKind.ACTION_ITEM: gettext_lazy("action items"),
    FoundKind.SERVICE: gettext_lazy("services"),
    FoundKind.TEAM: gettext_lazy("teams"),
}


class SearchEntry(models.Model):
    """The words of one record: its head (title, names, alerts) apart from its body.

    `written` numbers its writes, so that an index outside the database knows what it has not read.
    """

    kind = models.CharField(max_length=20, choices=FoundKind)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    names = models.TextField(blank=True)
    body = models.TextField(blank=True)
    written = models.BigIntegerField(default=0, db_index=True)

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


class AlertMatcher(models.Model):
    """A line of an active runbook's `alerts` that can be read, kept for the lookup.

    `alertname` is the one name that an alert must have for the line; null where it may have
    several, or where the name is too long for the index. So the lines that an alert can match are
    found without reading the others.
    """

    runbook = models.ForeignKey(Runbook, on_delete=models.CASCADE, related_name="alert_matchers")
    position = models.PositiveIntegerField()
    line = models.TextField()
    alertname = models.CharField(max_length=LONGEST_INDEXED_NAME, null=True, db_index=True)  # noqa: DJ001 (empty is a name to match)

    class Meta:
        ordering = ["runbook_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["runbook", "position"], name="alertmatcher_in_place"),
        ]

    def __str__(self) -> str:
        return self.line


class RunbookWords(models.Model):
    """What is worked out of a runbook's texts when they are written, for the copies that devices
    keep: to do it for all of them takes longer than who asks for a copy can wait.

    `title`, `head`, `body` and `names` are terms in their order, with spaces between them; `stems`
    has a line for each word that is not its own stem, with both. `version` counts the writes.
    """

    runbook = models.OneToOneField(
        Runbook, on_delete=models.CASCADE, primary_key=True, related_name="copied_words"
    )
    version = models.PositiveIntegerField(default=1)
    title = models.TextField(blank=True)
    head = models.TextField(blank=True)
    body = models.TextField(blank=True)
    names = models.TextField(blank=True)
    stems = models.TextField(blank=True)
    steps_html = models.TextField(blank=True)
    more_steps = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["runbook_id"]

    def __str__(self) -> str:
        return self.title


class AlertStatus(models.TextChoices):
    FIRING = "firing", gettext_lazy("firing")
    RESOLVED = "resolved", gettext_lazy("resolved")


class Alert(models.Model):
    """An alert that Alertmanager told of, as it was when it was told of last.

    `runbook` is the one with a line that matches it; `offered` are the keys of those that its words
    find, best first, where none does. `similar` are the keys of the incidents like it, among those
    that were everybody's then.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=20, choices=AlertStatus)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    runbook = models.ForeignKey(
        Runbook, on_delete=models.SET_NULL, null=True, related_name="received_alerts"
    )
    offered = models.JSONField(default=list)
    similar = models.JSONField(default=list)
    first_received_at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        constraints = [one_of("status", AlertStatus), filled("fingerprint")]

    def __str__(self) -> str:
        return str(self.labels.get("alertname") or self.fingerprint)
