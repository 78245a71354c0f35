"""What one looked up oneself, and how well the lookup serves everybody."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import admins_only, one_or_404, person
from incidents.access.permissions import may_administer
from incidents.lib.lists import page_of
from incidents.lookup.learning import operations, queries
from incidents.lookup.learning.forms import KeptQueryForm, as_lines
from incidents.models import KeptQuery

UNREADABLE = 422


def mine(request: HttpRequest) -> HttpResponse:
    """What one looked up oneself; what was opened asks whether it helped, however late."""
    page = page_of(queries.own_lookups(person(request), at=timezone.now()), request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.with_what_was_opened(page.object_list),
        "kept_days": settings.LOOKUP_DAYS,
    }
    return render(request, "lookup/mine.html", context)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    own = queries.own_lookups(person(request), at=timezone.now())
    operations.forget(one_or_404(own, pk=request.POST.get("lookup", "")))
    messages.success(request, gettext("Forgotten."))
    return redirect("lookup:mine")


def quality(request: HttpRequest) -> HttpResponse:
    """The figures for everybody; what was asked, and by whom, for administrators."""
    periods = queries.periods()
    wanted = request.GET.get("days", "")
    days = next((days for days in periods if str(days) == wanted), max(periods, default=0))
    since = timezone.now() - timedelta(days=days)
    context: dict[str, Any] = {
        "periods": periods,
        "days": days,
        "figures": queries.figures(since=since),
        "runbooks": queries.said_of_runbooks(since=since),
    }
    if may_administer(person(request)):
        page = page_of(queries.missed(since=since), request.GET.get("page"))
        context |= {"page": page, "misses": queries.as_misses(page.object_list, since=since)}
    return render(request, "lookup/quality.html", context)


@admins_only
def kept_queries(request: HttpRequest) -> HttpResponse:
    """The test queries, which say what somebody asked."""
    page = page_of(queries.kept_queries(), request.GET.get("page"))
    return render(request, "lookup/kept_queries.html", {"page": page})


@admins_only
def keep_query(request: HttpRequest) -> HttpResponse:
    """Say which runbooks are right for a question: that of `?lookup=`, or one of one's own."""
    form = KeptQueryForm(request.POST or None, initial=asked_in(request))
    if form.is_valid():
        query = operations.keep_query(
            form.cleaned_data["text"],
            form.cleaned_data["labels"],
            relevant=form.relevant,
            by=person(request),
            at=timezone.now(),
        )
        said = (
            gettext("Kept as a test query; its runbook is found at place %(place)s now.")
            % {"place": query.best_rank}
            if query.best_rank
            else gettext("Kept as a test query; its runbook is not found now.")
        )
        messages.success(request, said)
        return redirect("lookup:kept_queries")
    status = UNREADABLE if form.is_bound else 200
    return render(request, "lookup/keep_query.html", {"form": form}, status=status)


def asked_in(request: HttpRequest) -> dict[str, str]:
    number = request.GET.get("lookup")
    if number is None:
        return {}
    lookup = one_or_404(queries.kept_lookups(timezone.now()), pk=number)
    return {"text": lookup.text, "labels": as_lines(lookup.labels)}


@require_POST
@admins_only
def remove_query(request: HttpRequest) -> HttpResponse:
    operations.remove_query(one_or_404(KeptQuery.objects.all(), pk=request.POST.get("query", "")))
    messages.success(request, gettext("Removed."))
    return redirect("lookup:kept_queries")
