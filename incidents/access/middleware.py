"""What is done to every answer on its way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string

# What no page of ours has use for, so that nothing that gets into one has it either. Left to it are
# the clipboard, and the screen that stays on while a runbook is read.
NOT_USED = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
HEADERS = {
    # No cache between us and the reader keeps a page: what one may see, the next may not.
    "Cache-Control": "private, no-store",
    # No other site has our windows, our pictures and files, or lends us its own.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_USED),
}


class HeadersMiddleware:
    """What every answer says to browsers, also one that another middleware gives, or a plain file.

    A view that has said otherwise is left its word.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The web servers hand on what nobody has use for, such as TRACE.
        known = request.method in METHODS
        response = self.get_response(request) if known else HttpResponseNotAllowed(METHODS)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages are sent compressed to browsers that read it; a quarter of the bytes go over the air.

    Files are left alone: most are compressed already, and long ones leave while they are written.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


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
