"""The pages of reviews."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from incidents.access.gates import person
from incidents.history.flows import REFUSED
from incidents.lib.periods import NotAPeriod, read_period
from incidents.lib.zones import zone_named
from incidents.review import queries
from incidents.review.forms import OfForm, PeriodForm
from incidents.review.scope import Scope


def reviews(request: HttpRequest) -> HttpResponse:
    """The quarters to choose from; a period that is typed leads to its review."""
    form = PeriodForm(request.GET if "period" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("review:review", form.cleaned_data["period"].key)
    today = timezone.now().astimezone(zone_named(settings.TIME_ZONE)).date()
    context = {"form": form, "quarters": queries.quarters(today)}
    status = REFUSED if form.is_bound else 200
    return render(request, "review/reviews.html", context, status=status)


def review(request: HttpRequest, period: str) -> HttpResponse:
    """The figures of a period, of all or of a team or service."""
    try:
        wanted = read_period(period)
    except NotAPeriod as refusal:
        raise Http404(str(refusal)) from refusal
    if wanted.key != period:
        return redirect("review:review", wanted.key)
    form = OfForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "period": wanted, "label": wanted.label}
        return render(request, "review/review.html", context, status=REFUSED)
    scope = Scope(period=wanted, user=person(request), **form.cleaned_data)
    context = {
        "form": form,
        "period": wanted,
        "scope": scope,
        "label": scope.label,
        "counted": queries.counted(scope, at=timezone.now()),
        "earlier": wanted.previous(1),
        "list_url": reverse("review:reviews"),
    }
    return render(request, "review/review.html", context)
