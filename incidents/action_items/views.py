"""The pages of action items."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person, visible_or_404
from incidents.action_items import operations, queries
from incidents.action_items.filters import ActionItemFilter
from incidents.action_items.forms import (
    ActionItemForm,
    EvidenceForm,
    NewActionItemForm,
    ReasonForm,
)
from incidents.action_items.trackers.queries import in_tracker
from incidents.history import flows
from incidents.history.operations import RowGone
from incidents.history.queries import recent_changes
from incidents.lib.lists import in_order, page_of
from incidents.models import ActionItem

COLUMNS = {"due": "due_date", "title": "title", "state": "state"}


def action_items(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = queries.action_items_for(user, today=user.date_at(timezone.now()))
    found = ActionItemFilter(request.GET, user=user, queryset=rows)
    rows = in_order(found.qs, request.GET.get("sort", ""), columns=COLUMNS, otherwise="due")
    context = {"filter": found, "page": page_of(rows, request.GET.get("page"))}
    return render(request, "action_items/action_items.html", context)


def action_item(request: HttpRequest, number: int) -> HttpResponse:
    return show(request, number)


@editors_only
def new_action_item(request: HttpRequest) -> HttpResponse:
    user = person(request)
    incident = request.GET.get("incident", "")
    initial = {
        "incident": incident,
        "lesson": request.GET.get("lesson", ""),
        "due_date": queries.proposed_due_date(incident, user, at=timezone.now()),
    }
    return flows.new_record(
        request,
        form=NewActionItemForm(request.POST or None, user=user, initial=initial),
        make=operations.create_action_item,
        template="action_items/new_action_item.html",
    )


@editors_only
def edit_action_item(request: HttpRequest, number: int) -> HttpResponse:
    found = visible_or_404(ActionItem.objects, person(request), pk=number)
    return flows.change_record(
        request,
        form=ActionItemForm(request.POST or None, instance=found, user=person(request)),
        change=operations.change_action_item,
        template="action_items/edit_action_item.html",
        # The form writes what it is sent into `found`, also where that is refused.
        context={"url": found.get_absolute_url(), "reference": found.reference},
    )


@require_POST
@editors_only
def start(request: HttpRequest, number: int) -> HttpResponse:
    return step(request, number, operations.start_action_item)


@require_POST
@editors_only
def complete(request: HttpRequest, number: int) -> HttpResponse:
    form = EvidenceForm(request.POST)
    return step(request, number, operations.complete_action_item, evidence_form=form)


@require_POST
@editors_only
def decline(request: HttpRequest, number: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    return step(request, number, operations.decline_action_item, reason_form=form)


@require_POST
@editors_only
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    return step(request, number, operations.reopen_action_item)


@require_POST
@editors_only
def verify(request: HttpRequest, number: int) -> HttpResponse:
    return step(request, number, operations.verify_action_item)


def step(
    request: HttpRequest, number: int, take: Callable[..., ActionItem], **given: forms.Form
) -> HttpResponse:
    """One step of the item's way, with the words that it asks for in a form where there is one."""
    found = visible_or_404(ActionItem.objects, person(request), pk=number)
    words: dict[str, Any] = {}
    for form in given.values():
        if not form.is_valid():
            return show(request, number, status=flows.REFUSED, **given)
        words.update(form.cleaned_data)
    try:
        take(found, by=person(request), at=timezone.now(), **words)
    except (
        operations.NotInThatState,
        operations.VerifiedByTheSamePerson,
        RowGone,
    ) as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def show(
    request: HttpRequest, number: int, *, status: int = 200, **given: forms.Form
) -> HttpResponse:
    user = person(request)
    rows = queries.action_items_for(user, today=user.date_at(timezone.now()))
    found = one_or_404(rows.select_related("done_by", "verified_by"), pk=number)
    context = {
        "item": found,
        "evidence_form": EvidenceForm(),
        "reason_form": ReasonForm(),
        "may_verify": found.done_by != user,
        "tracker": in_tracker(found),
        "reopening": queries.reopening_of(found, user),
        "recent": recent_changes(found),
        **given,
    }
    return render(request, "action_items/action_item.html", context, status=status)
