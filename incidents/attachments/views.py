"""The files of a record: its page of them, one of them, and what is done with them."""

from collections.abc import Callable

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from incidents.access.gates import (
    editors_only,
    one_or_404,
    person,
    require_editor,
    visible_or_404,
)
from incidents.attachments import operations, queries
from incidents.attachments.forms import AttachForm
from incidents.attachments.media_types import SHOWN
from incidents.history.flows import REFUSED
from incidents.lib.undo import Undo, say_done
from incidents.models import Attachment, Incident, Runbook

PAGE = "attachments/attachments.html"


def of_incident(request: HttpRequest, number: int) -> HttpResponse:
    return attachments(request, visible_or_404(Incident.objects, person(request), pk=number))


def of_runbook(request: HttpRequest, slug: str) -> HttpResponse:
    return attachments(request, one_or_404(Runbook.objects.all(), slug=slug))


def attachments(request: HttpRequest, record: Incident | Runbook) -> HttpResponse:
    """The files of a record; what is sent is attached."""
    user = person(request)
    is_asked = request.method == "POST"
    if is_asked:
        require_editor(user)
    form = AttachForm(request.POST, request.FILES) if is_asked else AttachForm()
    if is_asked and form.is_valid():
        try:
            made = operations.attach(record, form.chosen, by=user, at=timezone.now())
        except operations.CannotAttach as refusal:
            form.add_error("uploads", str(refusal))
        else:
            messages.success(
                request,
                gettext("Attached %(names)s.") % {"names": ", ".join(one.name for one in made)},
            )
            return redirect(f"{record.get_absolute_url()}#attachments")
    status = REFUSED if is_asked else 200
    context = {"record": record, "form": form, "attached": queries.attached_to(record, user)}
    return render(request, PAGE, context, status=status)


SANDBOX = {"default-src": [NONE], "img-src": [SELF], "sandbox": True}


@require_safe
@csp(SANDBOX)  # type: ignore[arg-type]  # its type knows no parts of an address
def file(request: HttpRequest, attachment: int) -> HttpResponse:
    """What is in one: a picture or a text as it is, all else to be saved; nothing of it is run."""
    rows = Attachment.objects.visible_to(person(request)).there()
    found = one_or_404(rows, pk=attachment)
    etag = quote_etag(found.sha256)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        content = queries.content_of(found)
        answer = HttpResponse(content, content_type=found.media_type)
        is_saved = found.media_type not in SHOWN
        name = content_disposition_header(is_saved, found.name)
        answer["Content-Disposition"] = name or "inline"
    answer["ETag"] = etag
    return answer


@editors_only
@require_POST
def remove(request: HttpRequest, attachment: int) -> HttpResponse:
    way_back = Undo(reverse("attachments:bring_back", args=[attachment]))
    return done(
        request,
        attachment,
        operations.remove_attachment,
        gettext("Removed %(name)s."),
        undo=way_back,
    )


@editors_only
@require_POST
def bring_back(request: HttpRequest, attachment: int) -> HttpResponse:
    way_back = Undo(reverse("attachments:remove", args=[attachment]))
    operation = operations.bring_back_attachment
    return done(request, attachment, operation, gettext("Brought back %(name)s."), undo=way_back)


def done(
    request: HttpRequest,
    attachment: int,
    operation: Callable[..., None],
    words: str,
    *,
    undo: Undo,
) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Attachment.objects, user, pk=attachment)
    try:
        operation(found, by=user, at=timezone.now())
    except operations.NothingToDo as refusal:
        messages.warning(request, str(refusal))
    else:
        say_done(request, words % {"name": found.name}, undo=undo)
    return redirect(f"{found.record.get_absolute_url()}#attachments")
