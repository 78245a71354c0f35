"""The pages of the checks that are kept."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.access.gates import person
from incidents.guard.runs import queries
from incidents.guard.runs.filters import CheckRunFilter
from incidents.lib.lists import page_of


def runs(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = queries.runs_for(user, at=timezone.now())
    found = CheckRunFilter(request.GET, queryset=rows, user=user)
    context = {
        "filter": found,
        "page": page_of(found.qs, request.GET.get("page")),
        "kept_days": settings.GUARD_RUN_DAYS,
    }
    return render(request, "guard/runs.html", context)


def run(request: HttpRequest, run: int) -> HttpResponse:
    user = person(request)
    kept = queries.kept_runs(timezone.now()).filter(pk=run).select_related("by").first()
    if kept is None:
        raise Http404
    context = {"run": kept, "found": queries.found_by(kept, user)}
    return render(request, "guard/run.html", context)
