"""The pages of factors, knobs and lessons."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, person, visible_or_404
from incidents.access.references import IncidentReferenceField
from incidents.history import flows
from incidents.history.queries import recent_changes
from incidents.knowledge import operations, queries
from incidents.knowledge.filters import FactorFilter, KnobFilter, LessonFilter
from incidents.knowledge.firing import firing_of, with_firing
from incidents.knowledge.forms import (
    FactorForm,
    KnobForm,
    LessonForm,
    NewFactorForm,
    NewKnobForm,
    NewLessonForm,
    SupersedeForm,
)
from incidents.knowledge.operations import CannotChangeState
from incidents.lib.lists import in_order, page_of
from incidents.lib.undo import Undo, is_as_left, say_done
from incidents.models import Factor, Incident, Knob, Lesson, User

KNOB_COLUMNS = {"component": "component", "turns": "turn_count", "turned": "last_turned_at"}
LESSON_COLUMNS = {
    "number": "pk",
    "violated": "violated_count",
    "fired": "fired_count",
    "last_fired": "last_fired_at",
}


def factors(request: HttpRequest) -> HttpResponse:
    found = FactorFilter(request.GET, queryset=queries.factors_for(person(request)))
    page = page_of(found.qs, request.GET.get("page"))
    return render(request, "knowledge/factors.html", {"filter": found, "page": page})


def factor(request: HttpRequest, slug: str) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Factor.objects, user, slug=slug)
    context = {
        "factor": found,
        "page": page_of(queries.uses_of(found, user), request.GET.get("page")),
        "recent": recent_changes(found),
    }
    return render(request, "knowledge/factor.html", context)


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
        # The form writes what it is sent into `found`, also where that is refused.
        context={"url": found.get_absolute_url(), "name": found.name},
    )


def knobs(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found = KnobFilter(request.GET, queryset=queries.knobs_for(user), user=user)
    rows = in_order(
        found.qs, request.GET.get("sort", ""), columns=KNOB_COLUMNS, otherwise="component"
    )
    page = page_of(rows, request.GET.get("page"))
    context = {"filter": found, "page": page, "rows": queries.with_last_turns(page, user)}
    return render(request, "knowledge/knobs.html", context)


def knob(request: HttpRequest, component: str, key: str) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Knob.objects, user, component=component, key=key)
    page = page_of(queries.turns_of(found, user), request.GET.get("page"))
    context = {
        "knob": found,
        "page": page,
        "turns": queries.numbered(page, queries.dated_count(found, user)),
        "chart": queries.chart_of(found, user),
        "undated": queries.undated_of(found, user),
        "lessons": queries.lessons_about(found, user),
        "guards": queries.guards_about(found, user),
        "runbooks": queries.runbooks_assuming(found, user),
        "recent": recent_changes(found),
    }
    return render(request, "knowledge/knob.html", context)


@editors_only
def new_knob(request: HttpRequest) -> HttpResponse:
    return flows.new_record(
        request,
        form=NewKnobForm(request.POST or None),
        make=operations.create_knob,
        template="knowledge/new_knob.html",
    )


@editors_only
def edit_knob(request: HttpRequest, component: str, key: str) -> HttpResponse:
    found = visible_or_404(Knob.objects, person(request), component=component, key=key)
    return flows.change_record(
        request,
        form=KnobForm(request.POST or None, instance=found),
        change=operations.change_knob,
        template="knowledge/edit_knob.html",
        context={"knob": found},
    )


def lessons(request: HttpRequest) -> HttpResponse:
    user = person(request)
    listed = with_firing(queries.lessons_for(user), user, at=timezone.now())
    found = LessonFilter(request.GET, queryset=listed, user=user)
    rows = in_order(
        found.qs, request.GET.get("sort", ""), columns=LESSON_COLUMNS, otherwise="-number"
    )
    page = page_of(rows, request.GET.get("page"))
    return render(request, "knowledge/lessons.html", {"filter": found, "page": page})


def lesson(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Lesson.objects, user, pk=number)
    around = queries.around(found, user)
    context = {
        "lesson": found,
        "around": around,
        "firing": firing_of(found, user, at=timezone.now()) if around.guard else None,
        "recent": recent_changes(found),
    }
    return render(request, "knowledge/lesson.html", context)


@editors_only
def new_lesson(request: HttpRequest) -> HttpResponse:
    user = person(request)
    incident = incident_named(request.GET.get("incident", ""), user)
    form = NewLessonForm(
        request.POST or None,
        user=user,
        initial={"learned_from": incident},
    )
    return flows.new_record(
        request,
        form=form,
        make=operations.create_lesson,
        template="knowledge/new_lesson.html",
        context={"incident": incident},
    )


def incident_named(text: str, user: User) -> Incident | None:
    """The incident from whose page one came, if this person may know of it."""
    field = IncidentReferenceField(required=False)
    field.user = user
    try:
        found: Incident | None = field.clean(text)
    except ValidationError:
        return None
    return found


@editors_only
def edit_lesson(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Lesson.objects, user, pk=number)
    return flows.change_record(
        request,
        form=LessonForm(request.POST or None, instance=found, user=user),
        change=operations.change_lesson,
        template="knowledge/edit_lesson.html",
        context={"lesson": found},
    )


@editors_only
def supersede_lesson(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Lesson.objects, user, pk=number)
    form = SupersedeForm(request.POST or None, user=user)
    if form.is_valid():
        replacement = form.cleaned_data["replacement"]
        try:
            left = operations.supersede_lesson(
                found, replacement=replacement, by=user, at=timezone.now()
            )
            say_done(request, gettext("It is superseded."), undo=way_back(left))
            return redirect(found)
        except CannotChangeState as refusal:
            form.add_error("replacement", str(refusal))
    status = flows.REFUSED if form.is_bound else 200
    context = {"lesson": found, "form": form}
    return render(request, "knowledge/supersede_lesson.html", context, status=status)


@require_POST
@editors_only
def retire_lesson(request: HttpRequest, number: int) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Lesson.objects, user, pk=number)
    try:
        left = operations.retire_lesson(found, by=user, at=timezone.now())
    except CannotChangeState as refusal:
        messages.error(request, str(refusal))
    else:
        say_done(request, gettext("It is retired."), undo=way_back(left))
    return redirect(found)


def way_back(lesson: Lesson) -> Undo:
    url = reverse("knowledge:reactivate_lesson", args=[lesson.pk])
    return Undo(url, {"version": lesson.version})


@require_POST
@editors_only
def reactivate_lesson(request: HttpRequest, number: int) -> HttpResponse:
    """By a button, or to undo the step before: then only if nobody has changed it since."""
    user = person(request)
    found = visible_or_404(Lesson.objects, user, pk=number)
    if not is_as_left(request, found.version):
        return redirect(found)
    try:
        operations.reactivate_lesson(found, by=user, at=timezone.now())
    except CannotChangeState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("It is active again."))
    return redirect(found)
