"""Where Alertmanager sends its alerts, and the page that shows them."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from incidents.access.bearer import shows
from incidents.access.gates import person
from incidents.lib.lists import page_of
from incidents.lookup.alerts import operations, queries
from incidents.lookup.alerts.payload import NotAPayload, read_payload


@require_POST
@csrf_exempt
@login_not_required
def alertmanager(request: HttpRequest) -> HttpResponse:
    """The webhook: a bearer token instead of a session."""
    if not settings.ALERTMANAGER_TOKEN:
        return refusal("This site takes no alerts: ALERTMANAGER_TOKEN is not set.", 403)
    if not shows(request, settings.ALERTMANAGER_TOKEN):
        answer = refusal("The bearer token is missing or wrong.", 401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    try:
        received = read_payload(request.body)
    except NotAPayload as refused:
        return refusal(str(refused), 400)
    operations.receive(received, at=timezone.now())
    return JsonResponse({"alerts": len(received)})


def refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=HTTPStatus(status))


def alerts(request: HttpRequest) -> HttpResponse:
    """What fires, or with `?all=1` also what is over."""
    show_all = bool(request.GET.get("all"))
    page = page_of(queries.alerts(firing_only=not show_all), request.GET.get("page"))
    offered = queries.offered_for(page.object_list)
    similar = queries.similar_to(page.object_list, user=person(request))
    context = {
        "page": page,
        "rows": [
            (alert, queries.address_of(alert), offered[alert.pk], similar[alert.pk])
            for alert in page.object_list
        ],
        "show_all": show_all,
        "firing": queries.count_firing(),
        "takes_alerts": bool(settings.ALERTMANAGER_TOKEN),
    }
    return render(request, "lookup/alerts.html", context)
