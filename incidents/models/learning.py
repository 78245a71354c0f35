"""How the lookup was used: what was asked, offered and opened, and whether it helped.

All of it is about runbooks, which are everybody's: no row here names an incident. What people typed
may name anything, so texts are for those who typed them and for administrators.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from incidents.models.editable import filled, one_of
from incidents.models.runbooks import Runbook

LONGEST_GIST = 200


class Way(models.TextChoices):
    """How somebody asked."""

    ADDRESS = "address", gettext_lazy("by an address")
    TYPED = "typed", gettext_lazy("in the box")
    PROGRAM = "program", gettext_lazy("by a program")
    TERMINAL = "terminal", gettext_lazy("in a terminal")


class AnsweredBy(models.TextChoices):
    """By what the first runbook that was offered was found."""

    EXACT = "exact", gettext_lazy("exact alert match")
    PATTERN = "pattern", gettext_lazy("alert pattern")
    WORDS = "words", gettext_lazy("words")
    LABELS = "labels", gettext_lazy("other labels")
    NOTHING = "nothing", gettext_lazy("nothing offered")


class Said(models.TextChoices):
    """What somebody says of a runbook that they used."""

    HELPED = "helped", gettext_lazy("It helped")
    WRONG = "wrong", gettext_lazy("It is wrong")
    OUTDATED = "outdated", gettext_lazy("It is outdated")
    MISSING_STEP = "missing_step", gettext_lazy("A step is missing")


FAULTS = (Said.WRONG, Said.OUTDATED, Said.MISSING_STEP)
"""What somebody has to put right."""
LONGEST_NOTE = 2_000


class Lookup(models.Model):
    """A question as it was asked, and the keys of the runbooks that were offered, best first.

    `text` and `labels` are cut at what the settings keep. `gist` is what alike questions are
    grouped by. `typing` tells on which page it was typed: what is typed on goes into the same row.
    `asked_again` says that its person opened nothing and soon asked something else.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="lookups",
        # The index of both columns serves.
        db_index=False,
    )
    asked_at = models.DateTimeField(db_index=True)
    way = models.CharField(max_length=20, choices=Way)
    typing = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    labels = models.JSONField(default=dict)
    gist = models.CharField(max_length=LONGEST_GIST)
    answered_by = models.CharField(max_length=20, choices=AnsweredBy)
    offered = models.JSONField(default=list)
    asked_again = models.BooleanField(default=False)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="lookup_of_a_person"),
            models.Index(fields=["gist", "-asked_at"], name="lookup_by_gist"),
        ]
        constraints = [one_of("way", Way), one_of("answered_by", AnsweredBy), filled("gist")]

    def __str__(self) -> str:
        return self.gist


class Opening(models.Model):
    """A runbook was opened from what a lookup offered; `place` is where it stood, from 1."""

    lookup = models.ForeignKey(Lookup, on_delete=models.CASCADE, related_name="openings")
    runbook = models.ForeignKey(Runbook, on_delete=models.CASCADE, related_name="openings")
    place = models.PositiveIntegerField()
    opened_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["lookup", "runbook"], name="opening_once"),
            models.CheckConstraint(
                name="opening_place_counts_from_one", condition=models.Q(place__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.runbook}, opened at place {self.place}"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def open_faults(self) -> Self:
        return self.filter(said__in=FAULTS, dealt_with_at__isnull=True)

    def standing(self) -> Self:
        """What still holds: a fault that was dealt with is one of the runbook as it was."""
        return self.filter(dealt_with_at__isnull=True)


class Verdict(models.Model):
    """Whether a runbook helped, after a lookup or without one. It outlives its lookup.

    A fault is dealt with when somebody says so, or verifies the runbook after it.
    """

    runbook = models.ForeignKey(
        Runbook,
        on_delete=models.CASCADE,
        related_name="verdicts",
        # The index that begins with it serves.
        db_index=False,
    )
    lookup = models.ForeignKey(
        Lookup, on_delete=models.SET_NULL, null=True, related_name="verdicts"
    )
    said = models.CharField(max_length=20, choices=Said)
    said_at = models.DateTimeField(db_index=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.TextField(blank=True, max_length=LONGEST_NOTE)
    dealt_with_at = models.DateTimeField(null=True, blank=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["said_at", "id"]
        # With every lookup they are counted, from the index alone.
        indexes = [
            models.Index(
                fields=["runbook", "said_at", "said", "dealt_with_at"], name="verdict_of_a_runbook"
            )
        ]
        constraints = [
            one_of("said", Said),
            models.UniqueConstraint(fields=["lookup", "runbook"], name="verdict_once"),
            models.CheckConstraint(
                name="verdict_dealt_with_at_some_time",
                condition=models.Q(dealt_with_by__isnull=True)
                | models.Q(dealt_with_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.runbook}: {self.get_said_display()}"

    @property
    def is_fault(self) -> bool:
        return self.said in FAULTS


class KeptQuery(models.Model):
    """A question whose right runbooks somebody named: `evaluate_lookup` asks it again.

    `best_rank` is the highest place, counted from 1, at which one of them ever stood; null where
    none was among those that are looked at.
    """

    text = models.TextField(blank=True)
    labels = models.JSONField(default=dict)
    gist = models.CharField(max_length=LONGEST_GIST)
    sha256 = models.CharField(max_length=64, unique=True)
    relevant = models.ManyToManyField(Runbook, related_name="kept_queries")
    best_rank = models.PositiveIntegerField(null=True)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-kept_at", "-id"]
        indexes = [models.Index(fields=["gist"], name="keptquery_by_gist")]
        constraints = [filled("gist")]

    def __str__(self) -> str:
        return self.gist
