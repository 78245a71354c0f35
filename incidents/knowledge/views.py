"""The pages of factors, knobs and lessons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from incidents.access.gates import editors_only, person, visible_or_404
from incidents.history import flows
from incidents.knowledge import operations, queries
from incidents.knowledge.forms import FactorForm, NewFactorForm
from incidents.models import Factor


def factors(request: HttpRequest) -> HttpResponse:
    found = queries.factors_for(person(request))
    return render(request, "knowledge/factors.html", {"factors": found})


def factor(request: HttpRequest, slug: str) -> HttpResponse:
    found = visible_or_404(Factor.objects, person(request), slug=slug)
    return render(request, "knowledge/factor.html", {"factor": found})


@editors_only
def new_factor(request: HttpRequest) -> HttpResponse:
    return flows.new_record(
        request,
        form=NewFactorForm(request.POST or None),
        make=operations.create_factor,
        template="knowledge/new_factor.html",
    )


@editors_only
def edit_factor(request: HttpRequest, slug: str) -> HttpResponse:
    found = visible_or_404(Factor.objects, person(request), slug=slug)
    return flows.change_record(
        request,
        form=FactorForm(request.POST or None, instance=found),
        change=operations.change_factor,
        template="knowledge/edit_factor.html",
        context={"factor": found},
    )
