"""The pages of services."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.access.gates import editors_only, one_or_404, person
from incidents.directory import operations, queries
from incidents.directory.filters import ServiceFilter
from incidents.directory.forms import NewServiceForm, ServiceForm
from incidents.history import flows
from incidents.history.queries import recent_changes
from incidents.lib.lists import in_order, page_of
from incidents.models import Service

COLUMNS = {"name": "name", "incidents": "incident_count", "runbooks": "runbook_count"}
SHOWN = 20


def services(request: HttpRequest) -> HttpResponse:
    found = ServiceFilter(request.GET, queryset=queries.services_for(person(request)))
    rows = in_order(found.qs, request.GET.get("sort", ""), columns=COLUMNS, otherwise="name")
    context = {"filter": found, "page": page_of(rows, request.GET.get("page"))}
    return render(request, "directory/services.html", context)


def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_or_404(Service.objects.select_related("team"), slug=slug)
    incidents = queries.incidents_of(found, person(request))
    context = {
        "service": found,
        "incidents": incidents[:SHOWN],
        "incident_count": incidents.count(),
        "runbooks": queries.runbooks_of(found),
        "recent": recent_changes(found),
    }
    return render(request, "directory/service.html", context)


@editors_only
def new_service(request: HttpRequest) -> HttpResponse:
    return flows.new_record(
        request,
        form=NewServiceForm(request.POST or None, user=person(request)),
        make=operations.create_service,
        template="directory/new_service.html",
    )


@editors_only
def edit_service(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_or_404(Service.objects.all(), slug=slug)
    return flows.change_record(
        request,
        form=ServiceForm(request.POST or None, instance=found, user=person(request)),
        change=operations.change_service,
        template="directory/edit_service.html",
        # The form writes what it is sent into `found`, also where that is refused.
        context={"url": found.get_absolute_url(), "name": found.name},
    )
