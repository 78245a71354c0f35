"""What somebody brings in: asking for it, looking at what would be done, doing it, undoing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.access.gates import editors_only, one_or_404, person, visible_or_404
from incidents.importers.columns import FIELDS, NoTable
from incidents.importers.formats import FORMATS, UnknownFormat
from incidents.importers.intake import operations, queries
from incidents.importers.intake.forms import ColumnsForm, ImportForm, OptionsForm, ProposalForm
from incidents.importers.intake.plain import found_of, is_runbook, runbook_of
from incidents.importers.intake.preview import preview_of
from incidents.importers.intake.proposals import (
    AnsweredAlready,
    NotDismissed,
    dismiss_proposal,
    record_proposal,
    reopen_proposal,
)
from incidents.lib.lists import page_of
from incidents.lib.undo import Undo, say_done
from incidents.models import Import, ImportRow, ImportState, Incident, ProposedDelta
from incidents.records.parts.fitting import DoesNotFit

CONFLICT, UNPROCESSABLE = 409, 422


@editors_only
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    user = person(request)
    page = page_of(queries.imports_of(user), request.GET.get("page"))
    context = {"page": page, "titled": [(found, found.title_for(user)) for found in page]}
    return render(request, "imports/imports.html", context)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if form.is_bound and form.is_valid():
        uploads = form.cleaned_data["uploads"]
        try:
            made = operations.start_import(
                uploads,
                wanted=form.cleaned_data["format"],
                options={"makes_services": form.cleaned_data["makes_services"]},
                by=person(request),
                at=timezone.now(),
            )
        except (operations.TooManyImports, UnknownFormat) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("imports:import", made.pk)
    context = {"form": form, "formats": FORMATS.values()}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "imports/new_import.html", context, status=status)


@editors_only
@require_safe
def one_import(request: HttpRequest, imported: int) -> HttpResponse:
    """All of it, or for who looks whether it goes on what changes meanwhile."""
    return shown(request, mine_or_404(request, imported))


@editors_only
@require_safe
def row(request: HttpRequest, imported: int, row: int) -> HttpResponse:
    of = mine_or_404(request, imported)
    found = visible_or_404(ImportRow.objects, person(request), of=of, pk=row)
    context: dict[str, Any] = {"import": of, "row": found, "name": of.title_for(person(request))}
    if is_runbook(found.found):
        context["found"] = runbook_of(found.found)
        return render(request, "imports/runbook.html", context)
    if found.found:
        preview = preview_of(found_of(found.found))
        context |= {"found": preview.found, "preview": preview}
    return render(request, "imports/row.html", context)


@editors_only
@require_safe
def columns(request: HttpRequest, imported: int) -> HttpResponse:
    """What the columns of a table are, as they are read now, to be said otherwise."""
    found = mine_or_404(request, imported)
    if not has_columns(found):
        return redirect("imports:import", found.pk)
    try:
        read = FORMATS[found.format].columns(operations.place_of(found))  # type: ignore[misc]
    except NoTable as refusal:
        return shown(request, found, refusal=str(refusal), status=CONFLICT)
    reading = found.options.get("reading", {})
    said = reading.get("mapping", {})
    context = {
        "import": found,
        "name": found.title_for(person(request)),
        "columns": [(each, said.get(each.header, each.field)) for each in read],
        "fields": FIELDS.items(),
        "form": ColumnsForm(initial={"zone": reading.get("zone", "UTC")}),
    }
    return render(request, "imports/columns.html", context)


@editors_only
@require_POST
def read_again(request: HttpRequest, imported: int) -> HttpResponse:
    found = mine_or_404(request, imported)
    form = OptionsForm(request.POST)
    if not form.is_valid():
        return shown(request, found, form=form, status=UNPROCESSABLE)
    try:
        operations.read_again(
            found,
            wanted=form.cleaned_data["format"],
            options=form.options,
            by=person(request),
            at=timezone.now(),
        )
    except operations.NotInThatState as refusal:
        return shown(request, found, refusal=str(refusal), status=CONFLICT)
    return redirect("imports:import", found.pk)


@editors_only
@require_POST
def apply(request: HttpRequest, imported: int) -> HttpResponse:
    return stepped(request, imported, operations.ask_to_apply)


@editors_only
@require_POST
def undo(request: HttpRequest, imported: int) -> HttpResponse:
    return stepped(request, imported, operations.ask_to_undo)


@editors_only
@require_POST
def retry(request: HttpRequest, imported: int) -> HttpResponse:
    return stepped(request, imported, operations.ask_once_more)


@editors_only
@require_POST
def cancel(request: HttpRequest, imported: int) -> HttpResponse:
    found = mine_or_404(request, imported)
    try:
        is_there = operations.cancel_import(found, by=person(request), at=timezone.now())
    except operations.NotInThatState as refusal:
        return shown(request, found, refusal=str(refusal), status=CONFLICT)
    if is_there:
        return redirect("imports:import", found.pk)
    messages.success(
        request, gettext("It is cancelled: nothing was written, and its files are removed.")
    )
    return redirect("imports:imports")


@editors_only
@require_safe
def proposals(request: HttpRequest, number: int) -> HttpResponse:
    """A page; or, for the record's own page, only how many there are."""
    incident = visible_or_404(Incident.objects, person(request), pk=number)
    if request.headers.get("HX-Target"):
        count = queries.proposals_of(incident.pk, person(request)).count()
        return render(request, "imports/_panel.html", {"incident": incident, "count": count})
    return proposed(request, incident)


@editors_only
@require_POST
def record(request: HttpRequest, proposal: int) -> HttpResponse:
    found = visible_or_404(ProposedDelta.objects, person(request), pk=proposal)
    form = ProposalForm(request.POST, instance=found)
    status = UNPROCESSABLE
    if form.is_valid():
        values = form.cleaned_data
        try:
            record_proposal(found, values=values, by=person(request), at=timezone.now())
        except DoesNotFit as refusal:
            form.add_error(None, str(refusal))
        except AnsweredAlready as refusal:
            form.add_error(None, str(refusal))
            status = CONFLICT
        else:
            messages.success(request, gettext("It is a config delta of the record now."))
            return redirect("imports:proposals", found.incident_id)
    return proposed(request, found.incident, answered=form, status=status)


@editors_only
@require_POST
def dismiss(request: HttpRequest, proposal: int) -> HttpResponse:
    found = visible_or_404(ProposedDelta.objects, person(request), pk=proposal)
    try:
        dismiss_proposal(found, by=person(request), at=timezone.now())
    except AnsweredAlready as refusal:
        messages.warning(request, str(refusal))
    else:
        say_done(
            request,
            gettext("It is dismissed."),
            undo=Undo(reverse("imports:reopen", args=[found.pk])),
        )
    return redirect("imports:proposals", found.incident_id)


@editors_only
@require_POST
def reopen(request: HttpRequest, proposal: int) -> HttpResponse:
    """To undo the dismissing."""
    found = visible_or_404(ProposedDelta.objects, person(request), pk=proposal)
    try:
        reopen_proposal(found)
    except NotDismissed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("It is proposed again."))
    return redirect("imports:proposals", found.incident_id)


def mine_or_404(request: HttpRequest, key: int) -> Import:
    return one_or_404(queries.imports_of(person(request)), pk=key)


def has_columns(found: Import) -> bool:
    """Whether somebody can say what its columns are."""
    reading = FORMATS.get(found.format)
    waits = found.state == ImportState.READY and bool(found.folder)
    return waits and reading is not None and reading.columns is not None


def stepped(request: HttpRequest, key: int, step: Callable[..., Import]) -> HttpResponse:
    found = mine_or_404(request, key)
    try:
        step(found, by=person(request), at=timezone.now())
    except operations.NotInThatState as refusal:
        return shown(request, found, refusal=str(refusal), status=CONFLICT)
    return redirect("imports:import", found.pk)


def shown(
    request: HttpRequest,
    found: Import,
    *,
    form: OptionsForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    user, chosen = person(request), request.GET.get("show", "")
    reading = FORMATS.get(found.format)
    context = {
        "import": found,
        "name": found.title_for(user),
        "format": reading.title if reading else found.format,
        "counts": queries.counts_of(found, user, chosen=chosen),
        "chosen": chosen,
        "page": page_of(queries.rows_of(found, user, action=chosen), request.GET.get("page")),
        "form": form or OptionsForm(initial={"format": found.format, **found.options}),
        "refusal": refusal,
        "has_columns": has_columns(found),
    }
    piece = "_import" if request.headers.get("HX-Target") else "import"
    return render(request, f"imports/{piece}.html", context, status=status)


def proposed(
    request: HttpRequest,
    incident: Incident,
    *,
    answered: ProposalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = page_of(queries.proposals_of(incident.pk, person(request)), request.GET.get("page"))
    forms = [
        answered if answered and answered.instance == each else ProposalForm(instance=each)
        for each in rows
    ]
    context = {"incident": incident, "page": rows, "forms": forms, "answered": answered}
    return render(request, "imports/proposals.html", context, status=status)
