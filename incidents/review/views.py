"""The pages of reviews."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, one_or_404, person
from incidents.access.permissions import may_edit
from incidents.action_items.forms import NewActionItemForm
from incidents.history import flows
from incidents.history.flows import CONFLICT, REFUSED
from incidents.history.operations import EditConflict, RowGone
from incidents.lib.periods import NotAPeriod, Period, read_period
from incidents.lib.undo import Undo, say_done
from incidents.lib.zones import zone_named
from incidents.models import Change, Review, ReviewDecision
from incidents.review import operations, queries
from incidents.review.figures import PARTS
from incidents.review.forms import ChangedDecisionForm, DecisionForm, NotesForm, OfForm, PeriodForm
from incidents.review.scope import Scope
from incidents.review.since import changed_since, page_of_changed


def reviews(request: HttpRequest) -> HttpResponse:
    """The quarters to choose from; a period that is typed leads to its review."""
    form = PeriodForm(request.GET if "period" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("review:review", form.cleaned_data["period"].key)
    today = timezone.now().astimezone(zone_named(settings.TIME_ZONE)).date()
    context = {
        "form": form,
        "quarters": queries.quarters(today),
        "frozen": queries.frozen_reviews()[: queries.MOST_FROZEN],
    }
    status = REFUSED if form.is_bound else 200
    return render(request, "review/reviews.html", context, status=status)


def period_or_404(key: str) -> Period:
    try:
        return read_period(key)
    except NotAPeriod as refusal:
        raise Http404(str(refusal)) from refusal


def scope_of(
    request: HttpRequest, period: Period, wanted: QueryDict
) -> tuple[OfForm, Scope | None]:
    """None where the team or service is none."""
    form = OfForm(wanted)
    if not form.is_valid():
        return form, None
    return form, Scope(period=period, user=person(request), **form.cleaned_data)


def review(request: HttpRequest, period: str) -> HttpResponse:
    """The figures of a period, of all or of a team or service: frozen, or as they are now."""
    wanted = period_or_404(period)
    if wanted.key != period:
        return redirect("review:review", wanted.key)
    form, scope = scope_of(request, wanted, request.GET)
    if scope is None:
        context = {"form": form, "period": wanted, "label": wanted.label}
        return render(request, "review/review.html", context, status=REFUSED)
    return show(request, form, scope)


def show(
    request: HttpRequest, form: OfForm, scope: Scope, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    user = person(request)
    frozen = queries.frozen(scope, user)
    counted = None if frozen else queries.counted(scope, at=timezone.now())
    figures = frozen or counted
    context = {
        "form": form,
        "period": scope.period,
        "scope": scope,
        "label": scope.label,
        "frozen": frozen,
        "counted": counted,
        "sections": figures.sections if figures else [],
        "later": counted.later if counted else {},
        "incidents": figures.incidents if figures else 0,
        "of_these": scope.address,
        "earlier": scope.period.previous(1),
        "may_edit_review": bool(frozen and may_edit(user)),
        "decisions": queries.decisions_of(frozen.review, user) if frozen else [],
        "may_freeze": bool(counted and counted.is_over and may_edit(user)),
        "refusal": refusal,
    }
    return render(request, "review/review.html", context, status=status)


def more_figures(request: HttpRequest, period: str, part: int) -> HttpResponse:
    """A part of the figures of a period with very many incidents, as the records are now."""
    _, scope = scope_of(request, period_or_404(period), request.GET)
    if scope is None or not 0 < part < len(PARTS) or queries.frozen(scope, person(request)):
        raise Http404(gettext("There are no such figures."))
    sections = queries.counted_later(scope, part, at=timezone.now())
    url = reverse("review:review", args=[scope.period.key])
    url += f"?{request.GET.urlencode()}" if request.GET else ""
    context = {"label": scope.label, "sections": sections, "url": url}
    is_piece = getattr(request, "htmx", False)
    template = "review/_sections.html" if is_piece else "review/more_figures.html"
    return render(request, template, context)


def today(request: HttpRequest, period: str) -> HttpResponse:
    """What a frozen review would say otherwise, if it were counted from the records of today."""
    form, scope = scope_of(request, period_or_404(period), request.GET)
    if scope is None:
        context = {"form": form, "period": period_or_404(period), "label": period}
        return render(request, "review/review.html", context, status=REFUSED)
    frozen = queries.frozen(scope, person(request))
    if frozen is None:
        raise Http404(gettext("This review is not frozen."))
    changed = changed_since(frozen.edition, person(request))
    page, records = page_of_changed(changed, request.GET.get("page"))
    context = {
        "label": scope.label,
        "frozen": frozen,
        "differences": frozen.differences(),
        "page": page,
        "records": records,
    }
    return render(request, "review/today.html", context)


@require_POST
@editors_only
def freeze(request: HttpRequest, period: str) -> HttpResponse:
    """Keep the figures as they are now."""
    form, scope = scope_of(request, period_or_404(period), request.POST)
    if scope is None:
        context = {"form": form, "period": period_or_404(period), "label": period}
        return render(request, "review/review.html", context, status=REFUSED)
    try:
        made = operations.freeze_review(scope, by=person(request), at=timezone.now())
    except operations.CannotFreeze as refusal:
        return show(request, form, scope, refusal=str(refusal), status=CONFLICT)
    messages.success(request, gettext("Frozen."))
    return redirect(made.get_absolute_url())


@editors_only
def edit_notes(request: HttpRequest, review: int) -> HttpResponse:
    found = one_or_404(Review.objects.select_related("team", "service"), pk=review)
    return flows.change_record(
        request,
        form=NotesForm(request.POST or None, instance=found, user=person(request)),
        change=operations.write_notes,
        template="review/edit_notes.html",
        context={"title": found.title, "url": found.get_absolute_url()},
    )


@editors_only
def new_decision(request: HttpRequest, review: int) -> HttpResponse:
    found = one_or_404(Review.objects.select_related("team", "service"), pk=review)
    return flows.new_record(
        request,
        form=DecisionForm(request.POST or None, user=person(request)),
        make=partial(operations.add_decision, found),
        template="review/new_decision.html",
        context={"title": found.title, "url": found.get_absolute_url()},
    )


@editors_only
def edit_decision(request: HttpRequest, decision: int) -> HttpResponse:
    found = decision_or_404(decision)
    return flows.change_record(
        request,
        form=ChangedDecisionForm(request.POST or None, instance=found, user=person(request)),
        change=operations.change_decision,
        template="review/edit_decision.html",
        context={"title": found.review.title, "url": found.get_absolute_url()},
    )


@require_POST
@editors_only
def remove_decision(request: HttpRequest, decision: int) -> HttpResponse:
    found = decision_or_404(decision)
    try:
        # Without a version there is nothing that the person can have seen.
        version = int(request.POST.get("version", "0"))
        line = operations.remove_decision(
            found, version=version, by=person(request), at=timezone.now()
        )
    except (EditConflict, RowGone, ValueError):
        form, scope = scope_of_frozen(request, found.review)
        refusal = gettext("Somebody else changed this decision meanwhile: it is as they left it.")
        return show(request, form, scope, refusal=refusal, status=CONFLICT)
    say_done(request, gettext("The decision is removed."), undo=way_back(line, found))
    return redirect(found.get_absolute_url())


def way_back(line: Change, removed: ReviewDecision) -> Undo:
    """By the history of the review: it is there again as it was."""
    address = [line.document_type, line.document_id, line.pk]
    fields: dict[str, str | int] = {"record": "reviewdecision", "id": removed.pk, "then": "record"}
    return Undo(reverse("history:bring_back_part", args=address), fields)


def decision_or_404(key: int) -> ReviewDecision:
    rows = ReviewDecision.objects.select_related("review__team", "review__service")
    return one_or_404(rows, pk=key)


def scope_of_frozen(request: HttpRequest, review: Review) -> tuple[OfForm, Scope]:
    team, service = review.team, review.service
    scope = Scope(period=review.period, user=person(request), team=team, service=service)
    return OfForm(initial={"team": team, "service": service}), scope


@editors_only
def act_on(request: HttpRequest, decision: int) -> HttpResponse:
    """Make a decision an action item: the form of action items, with the decision as its title."""
    found = decision_or_404(decision)
    initial = {
        "title": found.text,
        "source": gettext("Review of %(title)s") % {"title": found.review.title},
    }
    return flows.new_record(
        request,
        form=NewActionItemForm(request.POST or None, user=person(request), initial=initial),
        make=partial(operations.act_on_decision, found),
        template="review/act_on.html",
        context={"title": found.review.title, "url": found.get_absolute_url()},
    )
