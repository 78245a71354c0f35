"""Requests of programs that may come twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models.editable import filled

LONGEST_KEY = 255


class KeyedRequest(models.Model):
    """A request that bears an `Idempotency-Key`. Sent again, it makes nothing the second time.

    `fingerprint` tells it from others under the same key: SHA-256, hexadecimal. `made` is the row
    that it made or changed; both it and `status` are null as long as it is being carried out. What
    was answered is not kept: it is told anew, to whom may see it then.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_index=True)
    made = models.BigIntegerField(null=True)
    status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="incidents_keyedrequest_once", fields=["person", "key"]),
            filled("key"),
            filled("fingerprint"),
            models.CheckConstraint(
                name="incidents_keyedrequest_answered_or_not",
                condition=Q(made=None, status=None) | Q(made__isnull=False, status__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key
