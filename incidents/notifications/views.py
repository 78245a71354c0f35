"""What one was told, and how one wants to be."""

from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from incidents.access.gates import person, visible_or_404
from incidents.lib.lists import page_of
from incidents.lib.undo import Undo, say_done
from incidents.models import Message
from incidents.notifications import operations, queries
from incidents.notifications.forms import PreferencesForm
from incidents.notifications.sentences import line_for

REFUSED = 422


def inbox(request: HttpRequest) -> HttpResponse:
    user = person(request)
    page = page_of(queries.inbox_of(user), request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(message, line_for(message)) for message in page],
        "unread": queries.count_unread(user),
        "failed": queries.failed_mails_to(user),
    }
    return render(request, "notifications/inbox.html", context)


@require_POST
def open_message(request: HttpRequest, message: int) -> HttpResponse:
    """Go to the record, having read what was told of it."""
    user = person(request)
    found = visible_or_404(Message.objects, user, pk=message)
    operations.mark_read(found, by=user, at=timezone.now())
    return redirect(found.about.get_absolute_url())


@require_POST
def read_message(request: HttpRequest, message: int) -> HttpResponse:
    user = person(request)
    found = visible_or_404(Message.objects, user, pk=message)
    operations.mark_read(found, by=user, at=timezone.now())
    return redirect("notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    read = operations.mark_all_read(by=person(request), at=at)
    if read:
        undo = Undo(reverse("notifications:unread_again"), {"read_at": at.isoformat()})
        said = ngettext("%(count)s marked as read.", "%(count)s marked as read.", read)
        say_done(request, said % {"count": read}, undo=undo)
    return redirect("notifications:inbox")


@require_POST
def unread_again(request: HttpRequest) -> HttpResponse:
    """Take back that all were marked as read at one moment."""
    try:
        read_at = parse_datetime(request.POST.get("read_at", ""))
    except ValueError:
        read_at = None
    done = read_at is not None and is_aware(read_at)
    if done and operations.mark_unread_again(by=person(request), read_at=cast(datetime, read_at)):
        messages.success(request, gettext("They are unread again."))
    else:
        messages.warning(request, gettext("Nothing was left to undo."))
    return redirect("notifications:inbox")


def preferences(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = PreferencesForm(
        request.POST or None, table=queries.chosen_table(user), hours=queries.own_hours(user)
    )
    if request.method == "POST" and form.is_valid():
        operations.set_preferences(
            rhythms=form.rhythms, hours=form.hours, by=user, at=timezone.now()
        )
        messages.success(request, gettext("Saved."))
        return redirect("notifications:preferences")
    context = {"form": form, "sends_mail": settings.EMAIL_CONFIGURED}
    status = REFUSED if form.is_bound else 200
    return render(request, "notifications/preferences.html", context, status=status)
