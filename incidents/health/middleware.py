"""Each request gets a number, is measured, and may leave a line in the log."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from incidents.access import noticed
from incidents.health import measures
from incidents.health.logs import request_id

logger = logging.getLogger("incidents.requests")

HEADER = "X-Request-ID"
NUMBER = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)


class RequestMiddleware:
    """The first of all, so that what others refuse is counted too.

    A number that a proxy gave to the request is kept, so that its log and ours say the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = number_of(request)
        before = request_id.set(number)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            response[HEADER] = number
            note(request, response, took=time.perf_counter() - begun)
        finally:
            request_id.reset(before)
        return response


def number_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if NUMBER.fullmatch(given) else str(uuid.uuid4())


def note(request: HttpRequest, response: HttpResponse, *, took: float) -> None:
    match = request.resolver_match
    endpoint = (match.view_name or measures.UNNAMED) if match else measures.UNNAMED
    method, status = request.method or "", response.status_code
    if status in noticed.REFUSED:
        noticed.refused(request, status=status, method=method, endpoint=endpoint)
    if settings.METRICS_TOKEN:
        measures.count(endpoint=endpoint, method=method, status=status, took=took)
    if logger.isEnabledFor(logging.INFO):
        told = {
            "method": method,
            "endpoint": endpoint,
            "status": status,
            "milliseconds": round(1000 * took, 1),
        }
        logger.info("%(method)s %(endpoint)s %(status)s %(milliseconds)s ms", told, extra=told)
