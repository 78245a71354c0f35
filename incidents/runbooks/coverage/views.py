"""Which alerts lead to a runbook, by service."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.lib.lists import page_of
from incidents.runbooks.coverage import queries


def coverage(request: HttpRequest) -> HttpResponse:
    """All services in figures, and the alerts of one or of all, what leads nowhere first."""
    judged = queries.judged(queries.kept_rules())
    service = request.GET.get("service")
    shown = [one for one in judged if service is None or queries.service_of(one) == service]
    context = {
        "services": queries.by_service(judged),
        "service": service,
        "page": page_of(queries.wrong_first(shown), request.GET.get("page")),
        "read_at": queries.last_read_at(),
    }
    return render(request, "runbooks/coverage.html", context)
