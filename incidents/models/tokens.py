"""What programs show instead of signing in."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.models.editable import LONG, filled, one_of
from incidents.models.people import Reach, Scope


class TokenQuerySet(models.QuerySet["Token"]):
    def good(self, at: datetime) -> Self:
        """Those that open something: not over, not revoked, of an account that is."""
        return self.filter(expires_at__gt=at, revoked_at=None, owner__is_active=True)


class Token(models.Model):
    """By which a program acts for a person, who may take it back.

    The secret itself is nowhere: `sha256` is of it, hexadecimal, and `beginning` is what stands at
    its head, to tell one from another.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    name = models.CharField(max_length=LONG)
    sha256 = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=20)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.READ)
    reach = models.CharField(max_length=10, choices=Reach, default=Reach.ALL)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            filled("name"),
            filled("sha256"),
            one_of("scope", Scope),
            one_of("reach", Reach),
            models.CheckConstraint(
                name="incidents_token_expires_after_it_was_made",
                condition=Q(expires_at__gt=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
