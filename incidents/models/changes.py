"""What changed, by whom, when; and which forms have already been taken in."""

from django.conf import settings
from django.db import models


class Change(models.Model):
    """One operation on one document (a record with its parts), written in its transaction.

    `parts` lists what it did: `{"record": model name, "id": primary key, "did": "created" |
    "changed" | "removed" | "renumbered", "fields": {field: [old, new]}}`. Renumbered is a part that
    got another position in the same order, without a new version. A long text that was edited in
    place is kept as a splice: `{"field": {"at": …, "removed": …, "added": …}}`, so that the row's
    size follows the edit and not the text.
    """

    document_type = models.CharField(max_length=40)
    document_id = models.BigIntegerField()
    at = models.DateTimeField()
    # Nobody: the site itself, such as loading the demo.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes", null=True
    )
    summary = models.CharField(max_length=300)
    parts = models.JSONField()
    # The how-manieth of its document, and what shows that nobody changed it since: `history.seals`.
    # Not there on lines that a version without seals wrote.
    number = models.PositiveIntegerField(null=True)
    seal = models.CharField(max_length=64, null=True)  # noqa: DJ001 (no seal is not an empty one)
    last_seal = models.CharField(max_length=64, null=True)  # noqa: DJ001

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["document_type", "document_id", "id"], name="change_of")]

    def __str__(self) -> str:
        return self.summary


class Submission(models.Model):
    """A form that made something. Sent twice, it answers with what the first one made."""

    token = models.UUIDField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    made_url = models.CharField(max_length=500)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.token)
