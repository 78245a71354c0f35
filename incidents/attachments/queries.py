"""The files of a record."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.models import Attachment, AttachmentContent, Incident, Runbook, User


@dataclass(frozen=True)
class Attached:
    """`there` in the order in which they came, and what was removed, the latest first."""

    record: Incident | Runbook
    there: Sequence[Attachment]
    removed: Sequence[Attachment]


def attached_to(record: Incident | Runbook, user: User) -> Attached:
    """In one query, without what is in them."""
    rows = record.attachments.visible_to(user).select_related("added_by", "removed_by")
    found = list(rows.order_by("pk"))
    there = [one for one in found if one.removed_at is None]
    gone = sorted((one.removed_at, one.pk, one) for one in found if one.removed_at)
    return Attached(record, there, removed=[one for _, _, one in reversed(gone)])


def content_of(attachment: Attachment) -> bytes:
    data = AttachmentContent.objects.values_list("data", flat=True).get(attachment=attachment)
    return bytes(data)
