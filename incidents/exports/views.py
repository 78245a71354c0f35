"""What somebody takes out: asking for it, watching it being written, fetching it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from incidents.access.gates import one_or_404, person, visible_or_404
from incidents.exports import files, operations, queries
from incidents.exports.formats import FORMATS
from incidents.exports.forms import IncidentExportForm, ReviewExportForm, words_of
from incidents.lib.lists import page_of
from incidents.models import Export, ExportFormat, Incident

CONFLICT, UNPROCESSABLE = 409, 422


@require_POST
def export_incident(request: HttpRequest, number: int) -> HttpResponse:
    reader = person(request)
    incident = visible_or_404(Incident.objects, reader, pk=number)
    form = IncidentExportForm(request.POST)
    if not form.is_valid():
        return refused(request, words_of(form), UNPROCESSABLE)
    wanted = ExportFormat(form.cleaned_data["format"])
    try:
        made = operations.export_incident(incident, wanted=wanted, by=reader, at=timezone.now())
    except operations.TooManyExports as refusal:
        return refused(request, str(refusal), CONFLICT)
    return redirect(made)


@require_POST
def export_review(request: HttpRequest) -> HttpResponse:
    """The pack of the period, for all or for the team or service, that is sent."""
    form = ReviewExportForm(request.POST)
    if not form.is_valid():
        return refused(request, words_of(form), UNPROCESSABLE)
    wish = form.cleaned_data
    try:
        made = operations.export_review(
            wish["period"],
            wanted=ExportFormat(wish["format"]),
            team=wish["team"],
            service=wish["service"],
            by=person(request),
            at=timezone.now(),
        )
    except operations.TooManyExports as refusal:
        return refused(request, str(refusal), CONFLICT)
    return redirect(made)


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    return listed(request)


@require_safe
def export(request: HttpRequest, export: int) -> HttpResponse:
    found = mine_or_404(request, export)
    if not request.headers.get("HX-Target"):
        return render(request, "exports/export.html", {"export": found})
    if found.is_under_way:
        return render(request, "exports/_progress.html", {"export": found})
    # It ended while somebody looked: the whole piece is another now.
    ended = render(request, "exports/_export.html", {"export": found, "is_again": True})
    return retarget(reswap(ended, "outerHTML"), "#export")


@require_safe
def file(request: HttpRequest, export: int) -> HttpResponseBase:
    found = mine_or_404(request, export)
    if not queries.may_still_see(found, person(request)):
        raise Http404(gettext("Something in it is not open to you any more."))
    try:
        content = files.kept(found.file).open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise Http404(gettext("There is no such file.")) from None
    name = f"{found.title}.{found.ending}"
    media_type = FORMATS[ExportFormat(found.format)].media_type
    # The response closes it.
    return FileResponse(content, as_attachment=True, filename=name, content_type=media_type)


@require_POST
def cancel(request: HttpRequest, export: int) -> HttpResponse:
    found = mine_or_404(request, export)
    try:
        operations.cancel_export(found, at=timezone.now())
    except operations.NothingToCancel as refusal:
        return refused(request, str(refusal), CONFLICT)
    messages.success(request, gettext("It will not be written."))
    return redirect("exports:exports")


def mine_or_404(request: HttpRequest, key: int) -> Export:
    found = one_or_404(queries.exports_of(person(request)), pk=key)
    if found.is_over(timezone.now()):
        raise Http404(gettext("It was kept for long enough."))
    return found


def refused(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return listed(request, refusal=words, status=status)


def listed(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    rows = queries.exports_of(person(request)).filter(expires_at__gt=timezone.now())
    context = {"page": page_of(rows, request.GET.get("page")), "refusal": refusal}
    return render(request, "exports/exports.html", context, status=status)
