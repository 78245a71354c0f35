"""Where the trackers tell that an issue was closed or reopened."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from incidents.action_items.trackers import github as github_tracker
from incidents.action_items.trackers import gitlab as gitlab_tracker
from incidents.action_items.trackers import jira as jira_tracker
from incidents.action_items.trackers import operations
from incidents.action_items.trackers.messages import NotAMessage, Sent, Tracker
from incidents.models import LONGEST_DELIVERY, TrackerProvider


class Unreadable(ValueError):
    """Not even the shape of a message is there."""


STATUS: dict[type[Exception], int] = {
    Unreadable: 400,
    NotAMessage: 422,
    operations.AnotherBody: 409,
}
LARGEST = 5_000_000
"""Bytes of one message."""


@require_POST
@csrf_exempt
@login_not_required
def github(request: HttpRequest) -> HttpResponse:
    return take(request, TrackerProvider.GITHUB, github_tracker)


@require_POST
@csrf_exempt
@login_not_required
def gitlab(request: HttpRequest) -> HttpResponse:
    return take(request, TrackerProvider.GITLAB, gitlab_tracker)


@require_POST
@csrf_exempt
@login_not_required
def jira(request: HttpRequest) -> HttpResponse:
    return take(request, TrackerProvider.JIRA, jira_tracker)


def take(
    request: HttpRequest,
    provider: TrackerProvider,
    tracker: Tracker,
    receive: Callable[..., str] = operations.receive,
) -> HttpResponse:
    """The secret first, then the shape, then what it says."""
    secrets: list[str] = getattr(settings, tracker.SECRETS)
    if not secrets:
        return refusal(f"This site takes nothing from here: {tracker.SECRETS} is not set.", 403)
    sent = Sent(request.headers, request.read(LARGEST + 1))
    if len(sent.body) > LARGEST:
        return refusal(f"The message is larger than {LARGEST:,} bytes.", 413)
    if not tracker.is_authentic(sent, secrets):
        return refusal("The signature or token is missing or wrong.", 401)
    try:
        whole = parsed(sent.body)
        delivery = name_of(tracker.delivery_of(sent, whole))
        told = tracker.read(sent, whole)
        outcome = receive(
            provider=provider,
            delivery=delivery,
            sha256=sent.sha256,
            told=told,
            by=None,
            at=timezone.now(),
        )
    except (Unreadable, NotAMessage, operations.AnotherBody) as refused:
        return refusal(str(refused), STATUS[type(refused)])
    return JsonResponse({"outcome": outcome})


def name_of(delivery: str) -> str:
    if not (0 < len(delivery) <= LONGEST_DELIVERY and delivery.isprintable()):
        raise Unreadable("Nothing in the message names the delivery.")
    return delivery


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("The message is not JSON.") from None


def refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=HTTPStatus(status))
