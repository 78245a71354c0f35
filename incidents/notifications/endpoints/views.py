"""The channels of the site and of teams: for administrators, since what is open to everybody who
signs in leaves the site by them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.access.gates import admins_only, one_or_404, person
from incidents.access.submissions import make_once
from incidents.models import Endpoint
from incidents.notifications import queries
from incidents.notifications.endpoints import operations
from incidents.notifications.endpoints.forms import NewEndpointForm
from incidents.notifications.pauses import EMAIL, paused_until

REFUSED = 422


@admins_only
def endpoints(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    context = {
        "endpoints": queries.with_pauses(queries.endpoints(), at=at),
        "mail_paused_until": paused_until(EMAIL, at=at),
    }
    return render(request, "notifications/endpoints.html", context)


@admins_only
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """The answer to the form shows the secret, this once."""
    form = NewEndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, at = person(request), timezone.now()
        made: list[Endpoint] = []

        def make_it() -> str:
            made.append(operations.add_endpoint(values=form.values, by=by, at=at))
            return reverse("notifications:endpoints")

        address = make_once(token=form.cleaned_data["token"], by=by, at=at, make=make_it)
        if made and made[0].secret:
            return render(request, "notifications/endpoint_secret.html", {"endpoint": made[0]})
        return redirect(address)
    status = REFUSED if form.is_bound else 200
    return render(request, "notifications/new_endpoint.html", {"form": form}, status=status)


@admins_only
def endpoint_test(request: HttpRequest, endpoint: int) -> HttpResponse:
    """What came of the last test; by POST, another one. By itself it leads to the page."""
    if request.method == "POST":
        by, at = person(request), timezone.now()
        return change(request, endpoint, lambda found: operations.send_test(found, by=by, at=at))
    found = one_or_404(queries.endpoints(), pk=endpoint)
    if not getattr(request, "htmx", False):
        return redirect("notifications:endpoints")
    return render(request, "notifications/_test.html", {"endpoint": found})


@require_POST
@admins_only
def switch_on(request: HttpRequest, endpoint: int) -> HttpResponse:
    return switch(request, endpoint, on=True)


@require_POST
@admins_only
def switch_off(request: HttpRequest, endpoint: int) -> HttpResponse:
    return switch(request, endpoint, on=False)


def switch(request: HttpRequest, key: int, *, on: bool) -> HttpResponse:
    by, at = person(request), timezone.now()
    return change(
        request, key, lambda found: operations.switch_endpoint(found, on=on, by=by, at=at)
    )


@require_POST
@admins_only
def remove(request: HttpRequest, endpoint: int) -> HttpResponse:
    return change(
        request,
        endpoint,
        lambda found: operations.remove_endpoint(found, by=person(request), at=timezone.now()),
    )


def change(request: HttpRequest, key: int, take: Callable[[Endpoint], None]) -> HttpResponse:
    found = one_or_404(queries.endpoints(), pk=key)
    try:
        take(found)
    except operations.NoSuchEndpoint as refusal:
        messages.error(request, str(refusal))
    return redirect("notifications:endpoints")
