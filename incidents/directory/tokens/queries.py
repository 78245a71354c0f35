"""One's own tokens."""

from django.db.models import QuerySet

from incidents.models import Token, User


def tokens_of(user: User) -> QuerySet[Token]:
    """Those that are not revoked: the latest first."""
    return Token.objects.filter(owner=user, revoked_at=None).order_by("-id")
