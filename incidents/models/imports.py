"""What was brought in from elsewhere, row by row, and what it proposes."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from incidents.models.editable import LONG, filled, one_of
from incidents.models.incidents import Incident, may_know_incident
from incidents.models.jobs import Job, JobState
from incidents.models.knowledge import ConfigDelta
from incidents.models.runbooks import Runbook

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class ImportState(models.TextChoices):
    READING = "reading", gettext_lazy("being read")
    READY = "ready", gettext_lazy("read, nothing written")
    APPLYING = "applying", gettext_lazy("being applied")
    APPLIED = "applied", gettext_lazy("applied")
    UNDOING = "undoing", gettext_lazy("being undone")
    UNDONE = "undone", gettext_lazy("undone")


UNDER_WAY = (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)


class RowAction(models.TextChoices):
    MAKE = "make", pgettext_lazy("import row", "make")
    CHANGE = "change", pgettext_lazy("import row", "change")
    LEAVE = "leave", gettext_lazy("leave alone")
    UNREAD = "unread", gettext_lazy("not read")


class Import(models.Model):
    """Files that somebody brought in, or a place that a command named, and how far it is.

    `folder` is where in IMPORT_DIR the files wait; empty once they are forgotten, and for what a
    command reads where it stands.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="imports"
    )
    name = models.CharField(max_length=LONG)
    format = models.CharField(max_length=40)
    options = models.JSONField(default=dict)
    folder = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.READING)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="import_by_expiry")]
        constraints = [filled("name"), filled("format"), one_of("state", ImportState)]

    def __str__(self) -> str:
        return f"import {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("imports:import", args=[self.pk])

    def title_for(self, user: "User | AnonymousUser") -> str:
        """The name of a file may tell of a record that is hidden since: its owner knows it."""
        return (
            self.name
            if self.owner_id in {None, user.pk}
            else gettext("Import %(pk)s") % {"pk": self.pk}
        )

    @property
    def has_stopped(self) -> bool:
        """Its job came to an end without it: it has to be asked for again."""
        ended = self.job is None or self.job.state in {JobState.FAILED, JobState.DONE}
        return self.state in UNDER_WAY and ended

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY and not self.has_stopped


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Rows of no incident, or of one that this person may know of: runbooks are everybody's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(incident__isnull=True) | may_know_incident(user))


class ImportRow(models.Model):
    """One record as it was found, and what is to be done or was done with it.

    `found` is a `FoundIncident` or a `FoundRunbook` in plain values, and `sha256` of it. Once
    applied, `made` names what was written (see `importers.intake.writing` and `.runbooks`), and
    `last_change` the record's last line of history then: a later one says that somebody edited it.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=LONG, blank=True)
    where = models.CharField(max_length=500)
    title = models.CharField(max_length=LONG, blank=True)
    action = models.CharField(max_length=20, choices=RowAction)
    why = models.TextField(blank=True)
    found = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    incident = models.ForeignKey(
        Incident, on_delete=models.SET_NULL, null=True, related_name="import_rows"
    )
    runbook = models.ForeignKey(
        Runbook, on_delete=models.SET_NULL, null=True, related_name="import_rows"
    )
    before = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    made = models.JSONField(default=dict)
    last_change = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["of", "position"]
        constraints = [
            one_of("action", RowAction),
            filled("where"),
            models.UniqueConstraint(fields=["of", "position"], name="incidents_importrow_in_order"),
            models.UniqueConstraint(
                fields=["of", "key"],
                condition=~Q(action=RowAction.UNREAD),
                name="incidents_importrow_key_once",
            ),
            models.CheckConstraint(
                name="incidents_importrow_read_has_a_key",
                condition=Q(action=RowAction.UNREAD) | ~Q(key=""),
            ),
            models.CheckConstraint(
                name="incidents_importrow_unread_has_a_reason",
                condition=~Q(action=RowAction.UNREAD) | ~Q(why=""),
            ),
            models.CheckConstraint(
                name="incidents_importrow_undone_only_if_applied",
                condition=Q(undone_at__isnull=True) | Q(applied_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.where


class ProposalState(models.TextChoices):
    OPEN = "open", gettext_lazy("open")
    RECORDED = "recorded", gettext_lazy("recorded")
    DISMISSED = "dismissed", gettext_lazy("dismissed")


class ProposedDeltaQuerySet(models.QuerySet["ProposedDelta"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Of the incidents that this person may know of."""
        return self.filter(may_know_incident(user))


class ProposedDelta(models.Model):
    """A sentence of what was brought in that seems to say that a setting was turned."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="proposed_deltas")
    row = models.ForeignKey(ImportRow, on_delete=models.CASCADE, related_name="proposals")
    sentence = models.TextField()
    component = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=LONG, blank=True)
    before = models.CharField(max_length=1000, blank=True)
    after = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.OPEN)
    delta = models.ForeignKey(ConfigDelta, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = ProposedDeltaQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            filled("sentence"),
            one_of("state", ProposalState),
            models.CheckConstraint(
                name="incidents_proposeddelta_answered_has_a_time",
                condition=Q(state=ProposalState.OPEN, answered_at__isnull=True)
                | (~Q(state=ProposalState.OPEN) & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.sentence[:80]
