"""The pages of runbooks."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person
from incidents.access.permissions import may_edit
from incidents.attachments.queries import attached_to
from incidents.history import flows
from incidents.history.operations import EditConflict, RowGone
from incidents.history.queries import recent_changes
from incidents.lib.lists import in_order, page_of
from incidents.lib.undo import Undo, is_as_left, say_done
from incidents.lookup.learning import queries as learning
from incidents.lookup.learning.keeping import note_opening_after, opened_from
from incidents.models import Runbook, RunbookState
from incidents.runbooks import operations, queries
from incidents.runbooks.feedback.queries import open_faults, what_people_said
from incidents.runbooks.filters import RunbookFilter
from incidents.runbooks.forms import NewRunbookForm, RunbookForm

COLUMNS = {
    "title": "title",
    "verified": "last_verified_date",
    "helped": "helped_count",
    "failed": "failed_count",
}


def runbooks(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found = RunbookFilter(request.GET, queryset=queries.runbooks_for(user), user=user)
    rows = in_order(found.qs, request.GET.get("sort", ""), columns=COLUMNS, otherwise="title")
    context = {
        "filter": found,
        "page": page_of(rows, request.GET.get("page")),
        "today": today(request),
    }
    return render(request, "runbooks/runbooks.html", context)


def runbook(request: HttpRequest, slug: str) -> HttpResponse:
    user, at = person(request), timezone.now()
    found = one_or_404(queries.runbooks_for(user).select_related("last_verified_by"), slug=slug)
    lookup = opened_from(request, found, user=user, at=at)
    asked = learning.asking(found, user=user, at=at, lookup=lookup)
    context = {
        "runbook": found,
        "knobs": found.knobs.all(),
        "uses": queries.uses_for(user, found),
        "lessons": queries.lessons_beside(user, found),
        "today": today(request),
        "verify_days": settings.RUNBOOK_VERIFY_DAYS,
        "attached": attached_to(found, user),
        "recent": recent_changes(found),
        "asking": asked if found.state == RunbookState.ACTIVE else None,
        "said": learning.said_of(found),
        "people_said": what_people_said(found) if may_edit(user) else None,
    }
    page = render(request, "runbooks/runbook.html", context)
    return note_opening_after(page, lookup, found, at=at)


def read(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps alone, for who does them now. The labels of the lookup that led here are its
    asker's own."""
    user, at = person(request), timezone.now()
    rows = Runbook.objects.with_unverified(user).prefetch_related("services")
    found = one_or_404(rows, slug=slug)
    lookup = opened_from(request, found, user=user, at=at)
    asked = learning.asking(found, user=user, at=at, lookup=lookup)
    context = {
        "runbook": found,
        "labels": json.dumps(asked.lookup.labels if asked.lookup else {}),
        "today": today(request),
        "links": queries.links_of(found),
        "open_faults": open_faults(found),
        "asking": asked if found.state == RunbookState.ACTIVE else None,
    }
    page = render(request, "runbooks/read.html", context)
    return note_opening_after(page, lookup, found, at=at)


@editors_only
def new_runbook(request: HttpRequest) -> HttpResponse:
    start = {name: request.GET.get(name, "") for name in ("title", "alerts", "body")}
    return flows.new_record(
        request,
        form=NewRunbookForm(request.POST or None, initial=start, user=person(request)),
        make=operations.create_runbook,
        template="runbooks/new_runbook.html",
    )


@editors_only
def edit_runbook(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_or_404(Runbook.objects.all(), slug=slug)
    state = found.state

    def change(runbook: Runbook, **given: Any) -> Runbook:
        saved = operations.change_runbook(runbook, **given)
        if saved.state == RunbookState.RETIRED != state:
            way_back = Undo(
                reverse("runbooks:reactivate", args=[saved.slug]), {"version": saved.version}
            )
            say_done(request, gettext("It is retired."), undo=way_back)
        return saved

    return flows.change_record(
        request,
        form=RunbookForm(request.POST or None, instance=found, user=person(request)),
        change=change,
        template="runbooks/edit_runbook.html",
        # The form writes what it is sent into `found`, also where that is refused.
        context={"url": found.get_absolute_url(), "title": found.title},
    )


@require_POST
@editors_only
def reactivate(request: HttpRequest, slug: str) -> HttpResponse:
    """To undo the retiring: only if nobody has changed it since."""
    found = one_or_404(Runbook.objects.all(), slug=slug)
    if is_as_left(request, found.version):
        values = {"state": RunbookState.ACTIVE}
        by, at = person(request), timezone.now()
        try:
            operations.change_runbook(found, version=found.version, values=values, by=by, at=at)
        except (EditConflict, RowGone) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("It is active again."))
    return redirect(found)


@require_POST
@editors_only
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_or_404(Runbook.objects.all(), slug=slug)
    seen = request.POST.get("version", "")
    try:
        operations.verify_runbook(
            found,
            version=int(seen) if seen.isdecimal() else 0,
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, gettext("Noted: you went through it today and it is right."))
    except (operations.NotTheTextThatWasRead, operations.RetiredRunbook, RowGone) as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def today(request: HttpRequest) -> date:
    return person(request).date_at(timezone.now())
