"""The pages of guards."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, person, visible_or_404
from incidents.guard import operations, queries, trying
from incidents.guard.findings import Report
from incidents.guard.forms import MOST_SECONDS, CheckForm, GuardForm, NewGuardForm, TrialForm
from incidents.guard.reports.text import quoted, summary
from incidents.guard.runs.operations import with_run
from incidents.guard.runs.rows import Subject
from incidents.history import flows
from incidents.models import CheckDoor, Guard, Lesson, User

EDIT = "guard/edit_guard.html"


def check(request: HttpRequest) -> HttpResponse:
    """Configuration files against every guard that one may know of. What is found is kept, and
    never what is in them."""
    user = person(request)
    is_asked = request.method == "POST"
    form = CheckForm(request.POST, request.FILES) if is_asked else CheckForm()
    context: dict[str, Any] = {
        "form": form,
        "guards": queries.active_guards(user),
        "kept_days": settings.GUARD_RUN_DAYS,
    }
    status = 200
    if form.is_bound and form.is_valid():
        report = checked(form.subject, user)
        context |= {"report": report, "summary": summary(report), "quoted": quoted(report)}
    elif form.is_bound:
        status = flows.REFUSED
    return render(request, "guard/check.html", context, status=status)


def checked(subject: Subject, user: User) -> Report:
    report = queries.check_files(
        subject.files,
        user,
        before=subject.before or None,
        component=subject.component or None,
        seconds=MOST_SECONDS,
    )
    return with_run(report, subject, door=CheckDoor.PAGE, by=user, at=timezone.now())


@editors_only
def edit_guard(request: HttpRequest, number: int) -> HttpResponse:
    lesson = visible_or_404(Lesson.objects, person(request), pk=number)
    guard = queries.guard_of(lesson)
    context = {"lesson": lesson, "guard": guard, "trial": TrialForm()}
    if guard is None:
        return flows.new_record(
            request,
            form=NewGuardForm(request.POST or None, instance=Guard(lesson=lesson)),
            make=partial(operations.add_guard, lesson),
            template=EDIT,
            context=context,
        )
    return flows.change_record(
        request,
        form=GuardForm(request.POST or None, instance=guard),
        change=operations.change_guard,
        template=EDIT,
        context=context,
    )


@editors_only
@require_POST
def try_guard(request: HttpRequest, number: int) -> HttpResponse:
    """What the guard as it is typed says, also of files; nothing is kept."""
    user = person(request)
    lesson = visible_or_404(Lesson.objects, user, pk=number)
    form = GuardForm(request.POST, instance=Guard(lesson=lesson))
    trial = TrialForm(request.POST, request.FILES)
    context = {"lesson": lesson, "tried": trying.tried(form, trial, user)}
    is_piece = "HX-Request" in request.headers
    template = "guard/_tried.html" if is_piece else "guard/try_guard.html"
    return render(request, template, context, status=200 if trial.is_valid() else flows.REFUSED)
