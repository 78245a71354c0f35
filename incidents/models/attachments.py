"""Files beside incidents and runbooks."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from incidents.models.editable import LONG, filled
from incidents.models.incidents import Incident, may_know_incident
from incidents.models.runbooks import Runbook

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from incidents.models.people import User


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of incidents that this person may know of, and of runbooks, which are everybody's;
        also what was removed."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(Q(incident=None) | Q(may_know_incident(user)))

    def there(self) -> Self:
        """Those that nobody has removed."""
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file of one incident or one runbook. It never changes: another file is another one.

    `size` is in bytes, `sha256` of its content, hexadecimal. Removed, it is shown no more, and can
    be brought back.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    runbook = models.ForeignKey(
        Runbook, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    name = models.CharField(max_length=LONG)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            filled("name"),
            filled("media_type"),
            filled("sha256"),
            models.CheckConstraint(
                name="incidents_attachment_of_one_record",
                condition=Q(incident__isnull=False, runbook=None)
                | Q(incident=None, runbook__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_attachment_removed_by_somebody_at_a_time",
                condition=Q(removed_by=None) | Q(removed_at__isnull=False),
            ),
            # A form that is sent twice attaches its file once.
            models.UniqueConstraint(
                fields=["incident", "name", "sha256"],
                condition=Q(removed_at=None),
                name="incidents_attachment_once_on_an_incident",
            ),
            models.UniqueConstraint(
                fields=["runbook", "name", "sha256"],
                condition=Q(removed_at=None),
                name="incidents_attachment_once_on_a_runbook",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachments:file", args=[self.pk])

    @property
    def record(self) -> Incident | Runbook:
        found = self.incident or self.runbook
        if found is None:
            raise TypeError("An attachment belongs to a record.")
        return found

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


class AttachmentContent(models.Model):
    """The bytes, in a table of their own, so that nobody reads them who lists the files."""

    attachment = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"Content of attachment {self.attachment_id}"
