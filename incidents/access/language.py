"""In which language each is answered: that of their profile, else what their browser asks for."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from incidents.lib.words.own import OWN_LANGUAGE, language_now
from incidents.models import User

# Whoever reads an answer there compares it with what is documented.
FOR_PROGRAMS = ("/api/", "/mcp", "/metrics/", "/healthz/", "/readyz/")
# Open to who is not signed in, and asked for by who is.
ACCOUNTS = "/accounts/"


class LanguageMiddleware:
    """Stands before all that may refuse, so that a refusal is in the reader's language too.

    Only where a view asks who it is anyway is the profile looked at: a page that is shown while the
    database is away asks it nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(FOR_PROGRAMS):
            language = OWN_LANGUAGE
        else:
            language = translation.get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response.headers.setdefault("Content-Language", language_now())
                patch_vary_headers(response, ["Accept-Language"])
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
        asks_who = getattr(view, "login_required", True) or request.path_info.startswith(ACCOUNTS)
        if not asks_who or request.path_info.startswith(FOR_PROGRAMS):
            return
        user: User | AnonymousUser = request.user
        if user.is_authenticated and user.language:
            translation.activate(user.language)
