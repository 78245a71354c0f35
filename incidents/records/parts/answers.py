"""What the addresses of parts answer: a piece to htmx, a whole page or a redirect to others."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django_htmx.http import reswap, retarget

from incidents.access.gates import person
from incidents.history.flows import REFUSED
from incidents.lib.undo import Undo, say_done
from incidents.models import Change, Incident, Part
from incidents.records.parts.forms import PartForm
from incidents.records.parts.kinds import EVENT, PartKind
from incidents.records.parts.sections import course_of_section, section_of


@dataclass(frozen=True)
class Notice:
    """What is said about a change; `undo` is the line of history that can be taken back."""

    text: str
    tone: str = "success"
    undo: Change | None = None


def in_place(request: HttpRequest) -> bool:
    """Whether htmx asks, for a piece of the page that is open."""
    return bool(getattr(request, "htmx", False))


def section_again(
    request: HttpRequest,
    incident: Incident,
    kind: PartKind,
    *,
    focus: Part | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    """The section as it is now, the focus on `focus`; without htmx, the way back to it."""
    section_url = f"{incident.get_absolute_url()}#{kind.section}"
    if not in_place(request):
        if notice is not None:
            say(request, incident, kind, notice)
        return redirect(focus.get_absolute_url() if focus is not None else section_url)
    section = section_of(incident, kind, user=person(request))
    context: dict[str, Any] = {
        "incident": incident,
        "section": section,
        "focus": focus,
        "focus_add": focus is None and notice is None,
        "notice": notice,
    }
    if kind is EVENT:
        # The picture stands elsewhere on the page, and follows the timeline.
        context |= {"course": course_of_section(incident, section), "is_course_too": True}
    answer = render(request, "records/parts/_section_again.html", context, status=status)
    return reswap(retarget(answer, f"#{section.id}"), "outerHTML")


def say(request: HttpRequest, incident: Incident, kind: PartKind, notice: Notice) -> None:
    """The notice as a message of the next page."""
    if notice.undo is None:
        level = messages.SUCCESS if notice.tone == "success" else messages.WARNING
        messages.add_message(request, level, notice.text)
        return
    address = {"number": incident.pk, "kind": kind.name, "pk": notice.undo.pk}
    undo = Undo(reverse("records:bring_back_part", kwargs=address))
    say_done(request, notice.text, undo=undo)


def form_page(
    request: HttpRequest, form: PartForm, kind: PartKind, *, status: int | None = None
) -> HttpResponse:
    """The form of a new part or of one that there is: in its place, or as a page."""
    part = form.instance
    incident = part.incident
    address = {"number": incident.pk, "kind": kind.name}
    if part.pk is None:
        root, submit = f"{kind.section}-new", str(kind.adding)
        action = reverse("records:add_part", kwargs=address)
        cancel = reverse("records:parts", kwargs=address)
        template = "records/parts/add_part.html"
    else:
        root, submit = part.anchor, gettext("Save")
        action = reverse("records:edit_part", kwargs={**address, "pk": part.pk})
        cancel = reverse("records:part", kwargs={**address, "pk": part.pk})
        template = "records/parts/edit_part.html"
    context = {
        "incident": incident,
        "kind": kind,
        "form": form,
        "root": root,
        "submit": submit,
        "action": action,
        "cancel": cancel,
        "cancel_target": f"#{kind.section}" if part.pk is None else f"#{root}",
    }
    if in_place(request):
        template = "records/parts/_form.html"
        # Inside its list an entry stays an entry.
        context["tag"] = "div" if part.pk is None else "li"
        if not form.is_bound:
            form.fields[form.ROWS[0][0]].widget.attrs["data-focus-first"] = True
    if status is None:
        status = REFUSED if form.is_bound else 200
    return render(request, template, context, status=status)
