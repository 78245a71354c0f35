"""The pages of teams."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from incidents.access.gates import admins_only, one_or_404, person
from incidents.directory import operations, queries
from incidents.directory.forms import NewTeamForm, TeamForm
from incidents.history import flows
from incidents.history.queries import recent_changes
from incidents.lib.lists import in_order, page_of
from incidents.models import Team

COLUMNS = {
    "name": "name",
    "members": "member_count",
    "services": "service_count",
    "actions": "action_count",
}
SHOWN = 20


def teams(request: HttpRequest) -> HttpResponse:
    rows = queries.teams_for(person(request))
    rows = in_order(rows, request.GET.get("sort", ""), columns=COLUMNS, otherwise="name")
    context = {"page": page_of(rows, request.GET.get("page"))}
    return render(request, "directory/teams.html", context)


def team(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_or_404(Team.objects.all(), slug=slug)
    user = person(request)
    today = user.date_at(timezone.now())
    items = queries.open_action_items_of(found, reader=user, today=today)
    context = {
        "team": found,
        "members": found.members.filter(is_active=True).order_by("username"),
        "services": found.services.all(),
        "runbooks": queries.runbooks_of(found),
        "action_items": items[:SHOWN],
        "action_count": items.count(),
        "recent": recent_changes(found),
    }
    return render(request, "directory/team.html", context)


# By administrators and not by editors: a member sees the restricted incidents that name the team,
# so whoever writes the list of members decides who sees them.
@admins_only
def new_team(request: HttpRequest) -> HttpResponse:
    return flows.new_record(
        request,
        form=NewTeamForm(request.POST or None, user=person(request)),
        make=operations.create_team,
        template="directory/new_team.html",
    )


@admins_only
def edit_team(request: HttpRequest, slug: str) -> HttpResponse:
    found = one_or_404(Team.objects.all(), slug=slug)
    return flows.change_record(
        request,
        form=TeamForm(request.POST or None, instance=found, user=person(request)),
        change=operations.change_team,
        template="directory/edit_team.html",
        # The form writes what it is sent into `found`, also where that is refused.
        context={"url": found.get_absolute_url(), "name": found.name},
    )
