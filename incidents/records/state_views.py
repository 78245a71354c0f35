"""The steps of a record, and who may see it: small forms, each with its own address."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from incidents.access.gates import editors_only, person, visible_or_404
from incidents.history import flows
from incidents.lib.undo import Undo, is_as_left, say_done
from incidents.models import Incident
from incidents.records import operations, states
from incidents.records.forms import (
    AccessForm,
    AnswerForm,
    PublishForm,
    ReviewersForm,
    WithdrawForm,
)


@require_POST
@editors_only
def send_to_review(request: HttpRequest, number: int) -> HttpResponse:
    return take_step(request, number, ReviewersForm(request.POST), states.send_to_review, "review")


@require_POST
def answer_review(request: HttpRequest, number: int) -> HttpResponse:
    return take_step(request, number, AnswerForm(request.POST), states.answer_review, "answered")


@require_POST
@editors_only
def publish(request: HttpRequest, number: int) -> HttpResponse:
    return take_step(request, number, PublishForm(request.POST), states.publish, "published")


@require_POST
@editors_only
def return_to_draft(request: HttpRequest, number: int) -> HttpResponse:
    return take_step(request, number, forms.Form(request.POST), states.return_to_draft, "draft")


@require_POST
@editors_only
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return take_step(request, number, WithdrawForm(request.POST), states.withdraw, "withdrawn")


@require_POST
@editors_only
def undo_withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    found = visible_or_404(Incident.objects, person(request), pk=number)
    if not is_as_left(request, found.version):
        return redirect(found.get_absolute_url())
    return take_step(request, number, forms.Form(request.POST), states.undo_withdrawal, "back")


@editors_only
def access(request: HttpRequest, number: int) -> HttpResponse:
    found = visible_or_404(Incident.objects, person(request), pk=number)
    return flows.change_record(
        request,
        form=AccessForm(request.POST or None, instance=found, user=person(request)),
        change=change_access,
        template="records/access.html",
        context={"incident": found},
    )


def change_access(incident: Any, *, values: dict[str, Any], **who_and_when: Any) -> Incident:
    names = {"people": values["allowed_people"], "teams": values["allowed_teams"]}
    return operations.change_access(
        incident, visibility=values["visibility"], **names, **who_and_when
    )


DONE = {
    "review": gettext_lazy("Sent to review."),
    "answered": gettext_lazy("Your answer is kept."),
    "published": gettext_lazy("Published."),
    "draft": gettext_lazy("Back in draft."),
    "withdrawn": gettext_lazy("Withdrawn. Its history is kept, and it can be brought back."),
    "back": gettext_lazy("It is as it was before."),
}
WAYS_BACK = {"withdrawn": "records:undo_withdrawal"}


def take_step(
    request: HttpRequest, number: int, form: forms.Form, operation: Callable[..., Any], done: str
) -> HttpResponse:
    """One step: its form, the operation, and back to the record; refused, with what was typed."""
    found = visible_or_404(Incident.objects, person(request), pk=number)
    if form.is_valid():
        try:
            taken = operation(found, **form.cleaned_data, by=person(request), at=timezone.now())
        except states.CannotStep as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, done, taken)
            return redirect(found.get_absolute_url())
    context = {"incident": found, "form": form}
    return render(request, "records/refused_step.html", context, status=flows.REFUSED)


def say(request: HttpRequest, done: str, taken: Incident) -> None:
    """What was done, and where there is one the way back."""
    if done not in WAYS_BACK:
        messages.success(request, DONE[done])
        return
    url = reverse(WAYS_BACK[done], args=[taken.pk])
    say_done(request, str(DONE[done]), undo=Undo(url, {"version": taken.version}))
