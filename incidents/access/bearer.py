"""Programs that show a token instead of signing in."""

import secrets

from django.http import HttpRequest


def shows(request: HttpRequest, token: str) -> bool:
    """Whether the request shows this token as a bearer token (RFC 6750); no token is no way in."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    is_right = secrets.compare_digest(shown.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and is_right
