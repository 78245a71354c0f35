"""The pages of work that is owed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from incidents.access.gates import admins_only, one_or_404, person
from incidents.jobs import operations, queries
from incidents.jobs.filters import JobFilter
from incidents.jobs.nudges import broker_failure
from incidents.lib.lists import in_order, page_of

COLUMNS = {"urgency": "urgency", "kind": "kind", "due": "due_at", "attempts": "attempts"}
CONFLICT = 409


@admins_only
def jobs(request: HttpRequest) -> HttpResponse:
    found = JobFilter(request.GET, queryset=queries.jobs())
    context = {
        "filter": found,
        "page": page_in_order(request, found.qs),
        "failed_kinds": queries.failed_kinds(),
        "unattended": queries.unattended(at=timezone.now()),
        "broker_failure": broker_failure(),
        "batches": queries.batches()[: queries.BATCHES],
        "known_kinds": queries.known_kinds(),
    }
    return render(request, "jobs/jobs.html", context)


@admins_only
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    return show(request, job_id)


@admins_only
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    found = one_or_404(queries.batches(), pk=batch_id)
    context = {"batch": found, "known_kinds": queries.known_kinds()}
    if is_for_a_piece(request):
        return render(request, "jobs/_counts.html", context)
    context["page"] = page_in_order(request, queries.jobs().filter(batch=found))
    return render(request, "jobs/batch.html", context)


@admins_only
@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    found = one_or_404(queries.jobs(), pk=job_id)
    try:
        operations.retry_job(found, by=person(request), at=timezone.now())
    except operations.NothingToRetry as refusal:
        return show(request, job_id, refusal=str(refusal))
    messages.success(request, gettext("It is owed again."))
    return redirect(found)


@admins_only
@require_POST
def retry_failed(request: HttpRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    count = operations.retry_failed(kind, by=person(request), at=timezone.now())
    if count:
        said = ngettext(
            "%(count)s of “%(kind)s” owed again.", "%(count)s of “%(kind)s” owed again.", count
        )
        messages.success(request, said % {"count": count, "kind": kind})
    else:
        said = gettext("No “%(kind)s” has failed, or somebody retried it already.")
        messages.warning(request, said % {"kind": kind})
    return redirect("jobs:jobs")


def show(request: HttpRequest, job_id: int, *, refusal: str = "") -> HttpResponse:
    found = one_or_404(queries.jobs(), pk=job_id)
    context = {
        "job": found,
        "arguments": queries.shown_arguments(found),
        "most_attempts": queries.most_attempts(found),
        "refusal": refusal,
    }
    template = "jobs/_job.html" if is_for_a_piece(request) else "jobs/job.html"
    return render(request, template, context, status=CONFLICT if refusal else 200)


def is_for_a_piece(request: HttpRequest) -> bool:
    """Of a page that looks again for itself until the work is ended."""
    return bool(request.headers.get("HX-Target"))


def page_in_order(request: HttpRequest, rows: Any) -> Any:
    wanted = request.GET.get("sort", "")
    if wanted.removeprefix("-") not in COLUMNS:
        # Among what is equally urgent, the newest.
        return page_of(rows.order_by("urgency", "-pk"), request.GET.get("page"))
    rows = in_order(rows, wanted, columns=COLUMNS, otherwise="urgency")
    return page_of(rows, request.GET.get("page"))
