"""What is done to every answer on its way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string


class PrivatePagesMiddleware:
    """No cache between us and the reader keeps a page: what one may see, the next may not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response


class OnlyTakesMiddleware:
    """Who opens an address that only takes what is sent is told so, not shown an empty page.

    The sign-in leads there: it goes on with the address that was asked for, without what was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html")
        return response


SIGNED_OUT = "incidents.signed_out"


def signed_out(request: HttpRequest) -> None:
    """Somebody signs out by this request: the browser is to keep nothing."""
    request.META[SIGNED_OUT] = True


class SigningOutMiddleware:
    """Tells the browser of who signs out to drop all that it keeps of the site.

    That is the copy of the runbooks with its service worker, drafts and choices, and pages that the
    "back" button would bring back. Browsers obey over HTTPS; what they keep there has its scripts
    to remove it as well (static/js/offline/keep.js).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.META.get(SIGNED_OUT):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response
