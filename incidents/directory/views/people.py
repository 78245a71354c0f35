"""The pages of people, and one's own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from incidents.access import gates
from incidents.access.gates import admins_only, one_or_404
from incidents.access.submissions import made_before, make_once
from incidents.directory import operations, queries
from incidents.directory.filters import PersonFilter
from incidents.directory.forms import NewPersonForm, PersonForm, ProfileForm
from incidents.history import flows
from incidents.history.queries import recent_changes
from incidents.lib.lists import in_order, page_of
from incidents.models import User
from incidents.notifications.operations import gets_mail

COLUMNS = {"name": "username", "role": "role", "seen": "last_login"}
SHOWN = 20


@admins_only
def people(request: HttpRequest) -> HttpResponse:
    found = PersonFilter(request.GET, queryset=queries.people())
    rows = in_order(found.qs, request.GET.get("sort", ""), columns=COLUMNS, otherwise="name")
    context = {"filter": found, "page": page_of(rows, request.GET.get("page"))}
    return render(request, "directory/people.html", context)


def person(request: HttpRequest, username: str) -> HttpResponse:
    found = one_or_404(User.objects.all(), username=username)
    reader = gates.person(request)
    today = reader.date_at(timezone.now())
    items = queries.open_action_items_of(found, reader=reader, today=today)
    context = {
        "shown": found,
        "teams": found.teams.all(),
        "runbooks": queries.runbooks_of(found),
        "action_items": items[:SHOWN],
        "action_count": items.count(),
        "recent": recent_changes(found),
    }
    return render(request, "directory/person.html", context)


@admins_only
def new_person(request: HttpRequest) -> HttpResponse:
    """The answer to the form is the link itself: it is shown once and kept nowhere."""
    by, at = gates.person(request), timezone.now()
    form = NewPersonForm(request.POST or None, user=by)
    if request.method == "POST" and form.is_valid():

        def make_it() -> str:
            return operations.create_person(values=form.values, by=by, at=at).get_absolute_url()

        try:
            make_once(token=form.cleaned_data["token"], by=by, at=at, make=make_it)
        except (operations.NameTaken, operations.AddressTaken) as refusal:
            form.add_error(None, refusal)
        else:
            return show_link(request, form.cleaned_data["username"])
    token = form.cleaned_data.get("token") if form.is_bound else None
    if made := made_before(token=token, by=by):
        return redirect(made)
    status = flows.REFUSED if form.is_bound else 200
    return render(request, "directory/new_person.html", {"form": form}, status=status)


@admins_only
def edit_person(request: HttpRequest, username: str) -> HttpResponse:
    found = one_or_404(User.objects.all(), username=username)
    return flows.change_record(
        request,
        form=PersonForm(request.POST or None, instance=found, user=gates.person(request)),
        change=operations.change_person,
        template="directory/edit_person.html",
        # The form writes what it is sent into `found`, also where that is refused.
        context={"url": found.get_absolute_url(), "name": found.name},
    )


@require_POST
@admins_only
def deactivate(request: HttpRequest, username: str) -> HttpResponse:
    found = one_or_404(User.objects.all(), username=username)
    try:
        operations.deactivate_person(found, by=gates.person(request), at=timezone.now())
    except operations.LastAdministrator as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(found)


@require_POST
@admins_only
def reactivate(request: HttpRequest, username: str) -> HttpResponse:
    found = one_or_404(User.objects.all(), username=username)
    operations.reactivate_person(found, by=gates.person(request), at=timezone.now())
    return redirect(found)


@require_POST
@admins_only
def password_link(request: HttpRequest, username: str) -> HttpResponse:
    return show_link(request, username)


def show_link(request: HttpRequest, username: str) -> HttpResponse:
    found = one_or_404(User.objects.all(), username=username)
    try:
        link = operations.give_password_link(found, by=gates.person(request), at=timezone.now())
    except operations.AccountClosed as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    context = {"shown": found, "link": link, "is_mailed": gets_mail(found)}
    return render(request, "directory/password_link.html", context)


def me(request: HttpRequest) -> HttpResponse:
    """One's own name and time zone."""
    # A row of its own: the form writes what it is sent into it, also where that is refused.
    mine = User.objects.get(pk=gates.person(request).pk)
    return flows.change_record(
        request,
        form=ProfileForm(request.POST or None, instance=mine, user=mine),
        change=operations.change_profile,
        template="directory/me.html",
        context={"url": mine.get_absolute_url()},
    )
