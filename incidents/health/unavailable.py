"""The one answer of 503: when to come again, and why. A page for people, a problem for programs, a
line for what is neither."""

import json
import logging
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from incidents.access.middleware import HEADERS
from incidents.health.logs import request_id
from incidents.health.middleware import HEADER, note, number_of
from incidents.lib.database_trouble import Words
from incidents.lib.words.own import OWN_LANGUAGE, in_own_words, language_now

logger = logging.getLogger("incidents.unavailable")

PAGE = "text/html"
PROBLEM = "application/problem+json"
LINE = "text/plain"
JSON = "application/json"
OF_PROGRAMS = ("/api/", "/hooks/", "/mcp")
# As every answer says it, for those that none of Django's middleware sees.
SAID_TO_BROWSERS = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Unavailable(HttpResponse):
    """It leaves one line in the log: why is known, and a traceback would only say where."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, request: HttpRequest, words: Words) -> None:
        kind = kind_for(request)
        language = language_now() if kind == PAGE else OWN_LANGUAGE
        super().__init__(body_of(words, kind, language), content_type=with_letters(kind))
        self["Content-Language"] = language
        self["Retry-After"] = str(words.again_after)
        self["Cache-Control"] = HEADERS["Cache-Control"]
        # Django's own mark: it would add the traceback.
        self._has_been_logged = True
        match = request.resolver_match
        told = {"method": request.method, "endpoint": match.view_name if match else "none"}
        with in_own_words():
            told["reason"] = str(words.heading)
        logger.warning("%(method)s %(endpoint)s 503: %(reason)s", told, extra=told)


def kind_for(request: HttpRequest) -> str:
    """What is sent to programs is theirs, whatever they say that they take."""
    if request.path_info.startswith(OF_PROGRAMS):
        return PROBLEM
    preferred = request.get_preferred_type([PAGE, PROBLEM, JSON])
    return PROBLEM if preferred == JSON else preferred or LINE


def with_letters(kind: str) -> str:
    return kind if kind == PROBLEM else f"{kind}; charset=utf-8"


@lru_cache(maxsize=32)
def body_of(words: Words, kind: str, language: str) -> bytes:
    """Made once of each: who is sent away takes next to nothing."""
    with translation.override(language):
        return written(words, kind)


def written(words: Words, kind: str) -> bytes:
    sentence = f"{words.heading}. {words.sentence}"
    if kind == PAGE:
        told = {"heading": words.heading, "sentence": words.sentence}
        return render_to_string("503.html", told).encode()
    if kind == LINE:
        return f"{sentence}\n".encode()
    status = HTTPStatus.SERVICE_UNAVAILABLE
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return json.dumps({**problem, "detail": sentence}).encode()


def refuse(
    environ: WSGIEnvironment, start_response: StartResponse, words: Words
) -> Iterable[bytes]:
    """The same before all of Django, with what its middleware would have said."""
    request = WSGIRequest(environ)
    number = number_of(request)
    before = request_id.set(number)
    try:
        with translation.override(translation.get_language_from_request(request)):
            answer = Unavailable(request, words)
        note(request, answer, took=0.0)
    finally:
        request_id.reset(before)
    headers = {**SAID_TO_BROWSERS, **dict(answer.items())}
    headers |= {"Content-Length": str(len(answer.content)), HEADER: number}
    start_response(f"{answer.status_code:d} {answer.reason_phrase}", list(headers.items()))
    return [] if request.method == "HEAD" else [answer.content]


def leave_connections() -> None:
    """The next request begins with one of its own: this one may be of a server that is gone, or of
    a file that is another by now."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
