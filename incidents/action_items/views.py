"""The pages of action items."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person, visible_or_404
from incidents.access.permissions import may_edit
from incidents.action_items import operations, queries
from incidents.action_items.burn_up import draw
from incidents.action_items.filters import ActionItemFilter, BurnUpFilter
from incidents.action_items.forms import (
    MOST_AT_ONCE,
    ActionItemForm,
    BulkForm,
    EvidenceForm,
    NewActionItemForm,
    ReasonForm,
)
from incidents.action_items.trackers.queries import in_tracker
from incidents.history import flows
from incidents.history.operations import RowGone
from incidents.history.queries import recent_changes
from incidents.lib.lists import in_order, page_of
from incidents.lib.undo import Undo, is_as_left, say_done
from incidents.models import ActionItem

COLUMNS = {
    "due": "due_date",
    "title": "title",
    "state": "state",
    "kind": "kind",
    "owner": "owner__username",
    "incident": "incident_id",
    "done": "done_at",
}
# The list whose address is not called like it.
ADDRESSES = {"verify": "to_verify"}


def action_items(request: HttpRequest, tab: str = "action_items") -> HttpResponse:
    user, at = person(request), timezone.now()
    tabs = queries.tabs_for(user, at=at)
    rows = queries.action_items_for(user, today=user.date_at(at)).filter(tabs[tab].rows)
    found = ActionItemFilter(
        request.GET, user=user, queryset=rows, is_unfinished=tabs[tab].is_unfinished
    )
    otherwise = "done" if tab == "verify" else "due"
    rows = in_order(found.qs, request.GET.get("sort", ""), columns=COLUMNS, otherwise=otherwise)
    context = {
        "filter": found,
        "page": page_of(rows, request.GET.get("page")),
        "tab": tab,
        "tabs": tabs_shown(tabs, queries.counts_of(tabs, user), chosen=tab),
        "bulk": BulkForm() if may_edit(user) else None,
        "verify_days": settings.ACTION_VERIFY_DAYS,
    }
    return render(request, "action_items/action_items.html", context)


def tabs_shown(
    tabs: Mapping[str, queries.Tab], counts: Mapping[str, int], *, chosen: str
) -> list[dict[str, Any]]:
    return [
        {
            "label": tab.label,
            "count": counts[name],
            "url": reverse(f"action_items:{ADDRESSES.get(name, name)}"),
            "is_current": name == chosen,
        }
        for name, tab in tabs.items()
    ]


@require_POST
@editors_only
def bulk_change(request: HttpRequest) -> HttpResponse:
    """Change all that are selected; those that are refused come back selected, with the reasons."""
    user, at = person(request), timezone.now()
    form = BulkForm(request.POST)
    rows = queries.action_items_for(user, today=user.date_at(at)).filter(pk__in=form.chosen)
    items = list(rows.order_by("pk")[: MOST_AT_ONCE + 1])
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("action_items:action_items")
    if not form.is_valid():
        outcomes = [operations.Outcome(item, "") for item in items]
        return bulk_page(request, form, outcomes, back=back, status=flows.REFUSED)
    wishes = [(item, form.chosen[item.pk]) for item in items]
    outcomes = operations.change_action_items(
        wishes, values=form.values, start=form.cleaned_data["start"], by=user, at=at
    )
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if changed := len(outcomes) - len(refused):
        messages.success(
            request,
            ngettext(
                "%(count)s action item has what you asked for.",
                "%(count)s action items have what you asked for.",
                changed,
            )
            % {"count": changed},
        )
    if refused or len(items) < len(form.chosen):
        return bulk_page(request, form, refused, back=back, status=flows.CONFLICT)
    return redirect(back)


def bulk_page(
    request: HttpRequest,
    form: BulkForm,
    outcomes: Sequence[operations.Outcome],
    *,
    back: str,
    status: int,
) -> HttpResponse:
    """The items in the version that they have now: sending it again is a choice made in sight."""
    user = person(request)
    today = user.date_at(timezone.now())
    keys = [outcome.item.pk for outcome in outcomes]
    now = {row.pk: row for row in queries.action_items_for(user, today=today).filter(pk__in=keys)}
    context = {
        "form": form,
        "rows": [(now[one.item.pk], one.refusal) for one in outcomes if one.item.pk in now],
        "is_conflict": status == flows.CONFLICT,
        "back": back,
    }
    return render(request, "action_items/bulk_change.html", context, status=status)


def burn_up(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = ActionItem.objects.visible_to(user)
    found = BurnUpFilter(request.GET, user=user, queryset=rows)
    figures = queries.burn_up_of(found.qs, user=user, at=timezone.now())
    context = {"filter": found, "figures": figures, "picture": draw(figures.periods)}
    return render(request, "action_items/burn_up.html", context)


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
    return step(
        request,
        number,
        operations.complete_action_item,
        said=gettext("Closed: done."),
        evidence_form=form,
    )


@require_POST
@editors_only
def decline(request: HttpRequest, number: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    return step(
        request,
        number,
        operations.decline_action_item,
        said=gettext("Closed: won't be done."),
        reason_form=form,
    )


@require_POST
@editors_only
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """By a button, or to undo the closing: then only if nobody has changed it since."""
    found = visible_or_404(ActionItem.objects, person(request), pk=number)
    if not is_as_left(request, found.version):
        return redirect(found)
    return step(request, number, operations.reopen_action_item)


@require_POST
@editors_only
def verify(request: HttpRequest, number: int) -> HttpResponse:
    return step(request, number, operations.verify_action_item)


def step(
    request: HttpRequest,
    number: int,
    take: Callable[..., ActionItem],
    *,
    said: str = "",
    **given: forms.Form,
) -> HttpResponse:
    """One step of the item's way, with the words that it asks for in a form where there is one."""
    found = visible_or_404(ActionItem.objects, person(request), pk=number)
    words: dict[str, Any] = {}
    for form in given.values():
        if not form.is_valid():
            return show(request, number, status=flows.REFUSED, **given)
        words.update(form.cleaned_data)
    try:
        closed = take(found, by=person(request), at=timezone.now(), **words)
    except (
        operations.NotInThatState,
        operations.VerifiedByTheSamePerson,
        RowGone,
    ) as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            way_back = reverse("action_items:reopen", args=[number])
            say_done(request, said, undo=Undo(way_back, {"version": closed.version}))
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
