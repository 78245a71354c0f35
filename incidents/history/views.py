"""The pages of history. Every one comes through the gate of the record whose history it is."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person
from incidents.history import bring_back, comparing, queries
from incidents.history.bring_back import CannotBringBack
from incidents.history.documents import VISIBLE_DOCUMENTS, document_of
from incidents.history.flows import CONFLICT
from incidents.history.operations import EditConflict, RowGone
from incidents.history.stays import NEVER
from incidents.history.versions import Key
from incidents.history.words import Names, told
from incidents.lib.lists import page_of
from incidents.models import Change, Editable, User


def history(request: HttpRequest, document_type: str, document_id: int) -> HttpResponse:
    row = document_or_404(request, document_type, document_id)
    document = document_of(row)
    page = page_of(queries.changes_of(document).order_by("-id"), request.GET.get("page"))
    lines = [(change, told(document, change.parts)) for change in page]
    context = {**about(row), "page": page, "lines": lines}
    return render(request, "history/history.html", context)


def change(
    request: HttpRequest, document_type: str, document_id: int, change_id: int
) -> HttpResponse:
    row = document_or_404(request, document_type, document_id)
    line = change_or_404(row, change_id)
    return render(request, "history/change.html", one_change(request, row, line))


def version(
    request: HttpRequest, document_type: str, document_id: int, change_id: int
) -> HttpResponse:
    row = document_or_404(request, document_type, document_id)
    line = change_or_404(row, change_id)
    (state,) = queries.states_after(row, line.pk)
    last = queries.last_change(row)
    context = {
        **about(row),
        "change": line,
        "last": last,
        "rows": comparing.version(document_of(row), state, Names([state], person(request))),
        "can_take_back": line != last and document_type not in NEVER,
    }
    return render(request, "history/version.html", context)


def compare(request: HttpRequest, document_type: str, document_id: int) -> HttpResponse:
    """`?from=` and `?to=` are lines of the history; without the second, the last one."""
    row = document_or_404(request, document_type, document_id)
    last = queries.last_change(row)
    older = change_or_404(row, request.GET.get("from", ""))
    newer = change_or_404(row, request.GET.get("to") or (last.pk if last else ""))
    if older.pk > newer.pk:
        older, newer = newer, older
    before, after = queries.states_after(row, older.pk, newer.pk)
    names = Names([before, after], person(request))
    changes = comparing.compare(document_of(row), before, after, names)
    context = {**about(row), "older": older, "newer": newer, "changes": changes}
    return render(request, "history/compare.html", context)


@require_POST
@editors_only
def bring_back_field(
    request: HttpRequest, document_type: str, document_id: int, change_id: int
) -> HttpResponse:
    row = document_or_404(request, document_type, document_id)
    line = change_or_404(row, change_id)
    key = key_or_404(request)
    (before,) = queries.states_after(row, line.pk - 1)
    if key not in before:
        raise Http404(gettext("This change did not touch that."))
    try:
        bring_back.bring_back_field(
            row,
            key,
            request.POST.get("column", ""),
            before=before,
            version=number_or_404(request, "version"),
            by=person(request),
            at=timezone.now(),
        )
    except (CannotBringBack, EditConflict, RowGone) as refusal:
        return refused(request, row, line, str(refusal))
    messages.success(request, gettext("The earlier text is back."))
    return redirect("history:history", document_type, document_id)


@require_POST
@editors_only
def bring_back_part(
    request: HttpRequest, document_type: str, document_id: int, change_id: int
) -> HttpResponse:
    row = document_or_404(request, document_type, document_id)
    line = change_or_404(row, change_id)
    key = key_or_404(request)
    (before,) = queries.states_after(row, line.pk - 1)
    if key not in before:
        raise Http404(gettext("This change did not remove that."))
    try:
        bring_back.bring_back_part(row, key, before=before, by=person(request), at=timezone.now())
    except CannotBringBack as refusal:
        return refused(request, row, line, str(refusal))
    messages.success(request, gettext("It is back in its place."))
    # Who has just removed it is still at the record.
    if request.POST.get("then") == "record":
        return redirect(row.get_absolute_url())
    return redirect("history:history", document_type, document_id)


@require_POST
@editors_only
def take_back(
    request: HttpRequest, document_type: str, document_id: int, change_id: int
) -> HttpResponse:
    row = document_or_404(request, document_type, document_id)
    line = change_or_404(row, change_id)
    (state,) = queries.states_after(row, line.pk)
    try:
        done = bring_back.take_back(
            row,
            to=state,
            seen=number_or_404(request, "seen"),
            by=person(request),
            at=timezone.now(),
            version_of=f"{line.at:%Y-%m-%d %H:%M} UTC",
        )
    except CannotBringBack as refusal:
        return refused(request, row, line, str(refusal))
    messages.success(
        request,
        gettext("The record is as it was.") if done else gettext("It is like that already."),
    )
    return redirect("history:history", document_type, document_id)


def one_change(request: HttpRequest, row: Editable | User, line: Change) -> dict[str, Any]:
    """What the page of one change shows, and what can be brought back from it."""
    before, after = queries.states_after(row, line.pk - 1, line.pk)
    names = Names([before, after], person(request))
    changes = comparing.compare(document_of(row), before, after, names)
    offers = bring_back.offers(row, changes, before)
    return {
        **about(row),
        "change": line,
        "changes": [(each, offers.get((each.record, each.id))) for each in changes],
        "neighbours": queries.neighbours(row, line),
    }


def refused(request: HttpRequest, row: Editable | User, line: Change, reason: str) -> HttpResponse:
    context = {**one_change(request, row, line), "refusal": reason}
    return render(request, "history/change.html", context, status=CONFLICT)


def about(row: Editable | User) -> dict[str, Any]:
    return {"row": row, "document": document_of(row)}


def document_or_404(request: HttpRequest, document_type: str, document_id: int) -> Any:
    """The record, if this person may know of it: the one gate of all its history."""
    visible = VISIBLE_DOCUMENTS.get(document_type)
    if visible is None:
        raise Http404(gettext("There is no such kind of record."))
    return one_or_404(visible(person(request)), pk=document_id)


def change_or_404(row: Editable | User, change_id: int | str) -> Change:
    return one_or_404(queries.changes_of(document_of(row)), pk=change_id)


def key_or_404(request: HttpRequest) -> Key:
    return request.POST.get("record", ""), number_or_404(request, "id")


def number_or_404(request: HttpRequest, name: str) -> int:
    try:
        return int(request.POST.get(name, ""))
    except ValueError:
        raise Http404(f"There is no {name}.") from None
