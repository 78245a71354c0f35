"""Adding, changing, moving and removing the parts of a record: one set of views for all kinds."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person, visible_or_404
from incidents.access.submissions import make_once
from incidents.history import bring_back
from incidents.history.documents import document_of
from incidents.history.flows import CONFLICT
from incidents.history.operations import EditConflict, RowGone
from incidents.history.queries import changes_of, states_after
from incidents.lib.markdown import TextTooLong
from incidents.models import Change, Incident, Part
from incidents.records.parts import operations, queries
from incidents.records.parts.answers import Notice, form_page, in_place, section_again
from incidents.records.parts.fitting import DoesNotFit
from incidents.records.parts.kinds import KINDS, PartKind


def the_incident(request: HttpRequest, number: int) -> Incident:
    found: Incident = visible_or_404(Incident.objects, person(request), pk=number)
    return found


def the_part(request: HttpRequest, number: int, kind: str, pk: int) -> tuple[PartKind, Part]:
    """The part, if it belongs to this incident and the person may know of both."""
    incident = the_incident(request, number)
    part_kind = KINDS[kind]
    rows = queries.parts_of(part_kind.model, incident, user=person(request))
    part = one_or_404(rows, pk=pk)
    part.incident = incident
    return part_kind, part


def parts(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    return section_again(request, the_incident(request, number), KINDS[kind])


def part(request: HttpRequest, number: int, kind: str, pk: int) -> HttpResponse:
    part_kind, found = the_part(request, number, kind, pk)
    if not in_place(request):
        return redirect(found.get_absolute_url())
    context = {
        "incident": found.incident,
        "kind": part_kind,
        "part": found,
        "focus": found,
    }
    return render(request, part_kind.row, context)


@editors_only
def add_part(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    incident, part_kind = the_incident(request, number), KINDS[kind]
    by, at = person(request), timezone.now()
    form = part_kind.form(
        request.POST or None,
        instance=part_kind.model(incident=incident),
        user=by,
        auto_id=f"{part_kind}-new-%s",
    )
    if request.method != "POST" or not form.is_valid():
        return form_page(request, form, part_kind)
    made: list[Part] = []

    def make() -> str:
        made.append(part_kind.add(incident, values=form.values, by=by, at=at))
        return made[0].get_absolute_url()

    try:
        make_once(token=form.cleaned_data["token"], by=by, at=at, make=make)
    except (DoesNotFit, TextTooLong) as refused:
        form.add_error(None, str(refused))
        return form_page(request, form, part_kind)
    # A form that was sent twice made nothing the second time.
    return section_again(request, incident, part_kind, focus=made[0] if made else None)


@editors_only
def edit_part(request: HttpRequest, number: int, kind: str, pk: int) -> HttpResponse:
    part_kind, found = the_part(request, number, kind, pk)
    by = person(request)
    form = part_kind.form(
        request.POST or None, instance=found, user=by, auto_id=f"{part_kind}-{pk}-%s"
    )
    if request.method != "POST" or not form.is_valid():
        return form_page(request, form, part_kind)
    try:
        saved = operations.change_part(
            found, version=form.seen_version, values=form.values, by=by, at=timezone.now()
        )
    except EditConflict as conflict:
        form.show_conflict(conflict)
        return form_page(request, form, part_kind, status=CONFLICT)
    except RowGone as gone:
        form.add_error(None, str(gone))
        return form_page(request, form, part_kind, status=CONFLICT)
    except (DoesNotFit, TextTooLong) as refused:
        form.add_error(None, str(refused))
        return form_page(request, form, part_kind)
    saved.incident = found.incident
    return section_again(request, found.incident, part_kind, focus=saved)


@require_POST
@editors_only
def move_part(request: HttpRequest, number: int, kind: str, pk: int) -> HttpResponse:
    part_kind, found = the_part(request, number, kind, pk)
    direction: operations.Direction = "up" if request.POST.get("direction") == "up" else "down"
    moved = operations.move_part(found, direction=direction, by=person(request), at=timezone.now())
    return section_again(request, found.incident, part_kind, focus=moved)


@require_POST
@editors_only
def remove_part(request: HttpRequest, number: int, kind: str, pk: int) -> HttpResponse:
    part_kind, found = the_part(request, number, kind, pk)
    try:
        # Without a version there is nothing that the person can have seen.
        version = int(request.POST.get("version", "0"))
        change = operations.remove_part(
            found, version=version, by=person(request), at=timezone.now()
        )
    except (EditConflict, ValueError):
        notice = Notice(
            gettext("Somebody else changed this meanwhile: it is as they left it."), "warning"
        )
        return section_again(
            request, found.incident, part_kind, focus=found, notice=notice, status=CONFLICT
        )
    notice = Notice(f"{str(change).rstrip('.')}.", undo=change)
    return section_again(request, found.incident, part_kind, notice=notice)


@require_POST
@editors_only
def bring_back_part(request: HttpRequest, number: int, kind: str, pk: int) -> HttpResponse:
    """Undo a removal; `pk` is that of its line in the record's history."""
    incident, part_kind = the_incident(request, number), KINDS[kind]
    line = one_or_404(changes_of(document_of(incident)), pk=pk)
    key = removed_by(line, part_kind)
    (before,) = states_after(incident, line.pk - 1)
    try:
        bring_back.bring_back_part(
            incident, key, before=before, by=person(request), at=timezone.now()
        )
    except bring_back.CannotBringBack as refusal:
        notice = Notice(str(refusal), "warning")
        return section_again(request, incident, part_kind, notice=notice, status=CONFLICT)
    rows = queries.parts_of(part_kind.model, incident, user=person(request))
    return section_again(request, incident, part_kind, focus=rows.filter(pk=key[1]).first())


def removed_by(line: Change, kind: PartKind) -> tuple[str, int]:
    """The part of this kind that the line of history removed; `Http404` if it removed none."""
    for done in line.parts:
        if (done["record"], done["did"]) == (kind.model._meta.model_name, "removed"):
            return str(done["record"]), int(done["id"])
    raise Http404(gettext("This removed no such part."))
