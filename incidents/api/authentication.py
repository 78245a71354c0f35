"""Who asks: a program by its token, or a person by the cookie of their session."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from incidents.access.bearer import shown_by
from incidents.access.tokens import NoSuchToken, good_token
from incidents.lib.sparing import note_moment
from incidents.models import Reach, Token, User


class ByToken(authentication.BaseAuthentication):
    """A token that is shown and opens nothing is refused, whatever cookies come with it."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        secret = shown_by(request._request)  # noqa: SLF001 (DRF's own way to Django's request)
        if secret is None:
            return None
        at = timezone.now()
        try:
            token = good_token(secret, at=at)
        except NoSuchToken as refusal:
            raise AuthenticationFailed(str(refusal)) from refusal
        note_moment(token, "last_used_at", at=at)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 (DRF's signature)
        return 'Bearer realm="postmortems"'


class BySession(authentication.SessionAuthentication):
    """As on the pages; what changes something needs the CSRF token, too."""


class ByTokenScheme(OpenApiAuthenticationExtension):
    target_class = ByToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 (as above)
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token: made at /me/tokens/.",
        }


class BySessionScheme(OpenApiAuthenticationExtension):
    target_class = BySession
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 (as above)
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class SignedIn(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 (as above)
        return isinstance(request.user, User) and request.user.is_active


def needs_all_reach(user: User) -> None:
    """For figures over many incidents, which cannot be narrowed to one's own."""
    if user.reach == Reach.OWN:
        raise PermissionDenied("This counts over all incidents: a token of own incidents is none.")
