"""The incident record: the list, the page, and the forms of the record itself."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.access.gates import editors_only, one_or_404, person, visible_or_404
from incidents.attachments.queries import attached_to
from incidents.history import flows
from incidents.lib.lists import in_order, page_of
from incidents.models import Incident
from incidents.records import operations, queries
from incidents.records.filters import IncidentFilter
from incidents.records.forms import (
    AnswerForm,
    IncidentForm,
    NewIncidentForm,
    PublishForm,
    ReviewersForm,
    WithdrawForm,
)
from incidents.records.parts.sections import course_of, sections_of
from incidents.records.states import STEPS, next_for
from incidents.records.times import TimesOutOfOrder
from incidents.records.zone_change import NotInThatZone

SORTED_BY = {
    "number": "pk",
    "title": "title",
    "state": "state",
    "severity": "severity",
    "began": "began_at",
    "changed": "changed_at",
}


def incidents(request: HttpRequest) -> HttpResponse:
    reader = person(request)
    found = IncidentFilter(request.GET, queries.incidents_for(reader), request=request)
    rows = queries.in_the_list(found.qs, states_chosen=bool(request.GET.get("state")))
    ordered = in_order(rows, request.GET.get("sort", ""), columns=SORTED_BY, otherwise="-number")
    page = page_of(ordered, request.GET.get("page"))
    return render(request, "records/incidents.html", {"filter": found, "page": page})


def incident(request: HttpRequest, number: int) -> HttpResponse:
    reader = person(request)
    found = one_or_404(queries.incident_pages_for(reader), pk=number)
    sections = sections_of(found, user=reader)
    context = {
        "incident": found,
        "sections": sections,
        "course": course_of(found, sections),
        "attached": attached_to(found, reader),
        "steps": STEPS[found.state],
        "next_step": next_for(found, reader),
        "is_asked": any(row.person_id == reader.pk for row in found.reviewers.all()),
        "reviewers_form": ReviewersForm(),
        "answer_form": AnswerForm(),
        "publish_form": PublishForm(),
        "withdraw_form": WithdrawForm(),
    }
    return render(request, "records/incident.html", context)


@editors_only
def new_incident(request: HttpRequest) -> HttpResponse:
    maker = person(request)
    start = {
        "time_zone": maker.time_zone,
        "owner": maker.pk,
        "title": request.GET.get("title", ""),
        "summary": request.GET.get("summary", ""),
    }
    return flows.new_record(
        request,
        form=NewIncidentForm(request.POST or None, initial=start, user=maker),
        make=operations.create_incident,
        template="records/new_incident.html",
    )


@editors_only
def edit_incident(request: HttpRequest, number: int) -> HttpResponse:
    found = visible_or_404(Incident.objects, person(request), pk=number)
    return flows.change_record(
        request,
        form=IncidentForm(request.POST or None, instance=found, user=person(request)),
        change=changed_incident,
        template="records/edit_incident.html",
        context={"incident": found},
    )


def changed_incident(incident: Incident, **wanted: Any) -> Incident:
    """`operations.change_incident`, with what it refuses beside the field that can mend it."""
    try:
        return operations.change_incident(incident, **wanted)
    except (TimesOutOfOrder, NotInThatZone) as refusal:
        raise ValidationError({refusal.field: str(refusal)}) from refusal
