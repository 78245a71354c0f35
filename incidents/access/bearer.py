"""Programs that show a token instead of signing in."""

import secrets

from django.http import HttpRequest


def shown_by(request: HttpRequest) -> str | None:
    """The bearer token of a request (RFC 6750), or None where it shows none."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else None


def shows(request: HttpRequest, token: str) -> bool:
    """Whether the request shows this very token; no token is no way in."""
    shown = shown_by(request) or ""
    return bool(token) and secrets.compare_digest(shown.encode(), token.encode())
