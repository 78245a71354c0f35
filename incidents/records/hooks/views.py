"""Where pagers and other programs tell of incidents."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from incidents.action_items.trackers.views import take
from incidents.models import TrackerProvider
from incidents.records.hooks import operations
from incidents.records.hooks import pagerduty as pagerduty_pager
from incidents.records.hooks import programs as other_programs


@require_POST
@csrf_exempt
@login_not_required
def pagerduty(request: HttpRequest) -> HttpResponse:
    return take(request, TrackerProvider.PAGERDUTY, pagerduty_pager, operations.receive)


@require_POST
@csrf_exempt
@login_not_required
def programs(request: HttpRequest) -> HttpResponse:
    return take(request, TrackerProvider.PROGRAM, other_programs, operations.receive)
