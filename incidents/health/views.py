"""What a balancer, a supervisor and a Prometheus ask. No session is looked at."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django.views.defaults import server_error
from prometheus_client import CONTENT_TYPE_LATEST

from incidents.access.bearer import shows
from incidents.health.measures import told
from incidents.health.queries import Readiness, health, work
from incidents.health.unavailable import Unavailable, leave_connections
from incidents.lib.database_trouble import trouble_of


@require_safe
@login_not_required
def alive(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked: who restarts it mends no database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def ready(_request: HttpRequest) -> HttpResponse:
    """Whether requests should be sent here: 503 where not."""
    found = health()
    serves = found.readiness != Readiness.NOT_READY
    answer = {
        "status": found.readiness,
        "checks": {check.name: check.problem or "ok" for check in found.checks},
    }
    return JsonResponse(answer, status=HTTPStatus.OK if serves else HTTPStatus.SERVICE_UNAVAILABLE)


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """The measures, by a bearer token."""
    if not settings.METRICS_TOKEN:
        return refusal("This site measures nothing: METRICS_TOKEN is not set.", 403)
    if not shows(request, settings.METRICS_TOKEN):
        answer = refusal("The bearer token is missing or wrong.", 401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    try:
        return HttpResponse(told(work()), content_type=CONTENT_TYPE_LATEST)
    except Error:
        return refusal("The database does not answer.", 503)


def refusal(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


def failed(request: HttpRequest) -> HttpResponse:
    """For whatever nobody caught. 503 where the same request may be answered in a while."""
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is None:
        return server_error(request)
    leave_connections()
    session = getattr(request, "session", None)
    if session is not None:
        # Of a request that failed nothing is kept, and nothing else is waited for.
        session.modified = False
    return Unavailable(request, trouble.value)
