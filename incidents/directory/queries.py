"""Reading the directory, in the shape that a page needs."""

from datetime import date
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from incidents.models import (
    UNFINISHED,
    ActionItem,
    Incident,
    Runbook,
    RunbookState,
    Service,
    Team,
    User,
)

Row = TypeVar("Row", Service, Team)


def with_word(rows: QuerySet[Row], text: str) -> QuerySet[Row]:
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(description__icontains=word))
    return rows


def services_for(user: User) -> QuerySet[Service]:
    """All services, each with how many of its incidents one may see, and its runbooks in use."""
    seen = Q(incidents__in=Incident.objects.visible_to(user))
    active = Q(runbooks__state=RunbookState.ACTIVE)
    return Service.objects.select_related("team").annotate(
        incident_count=Count("incidents", filter=seen, distinct=True),
        runbook_count=Count("runbooks", filter=active, distinct=True),
    )


def teams_for(user: User) -> QuerySet[Team]:
    """All teams, each with its members who can sign in, services, and visible open action items."""
    open_items = ActionItem.objects.visible_to(user).filter(state__in=UNFINISHED)
    return Team.objects.annotate(
        member_count=Count("members", filter=Q(members__is_active=True), distinct=True),
        service_count=Count("services", distinct=True),
        action_count=Count("action_items", filter=Q(action_items__in=open_items), distinct=True),
    )


def people() -> QuerySet[User]:
    return User.objects.prefetch_related("teams")


def incidents_of(service: Service, user: User) -> QuerySet[Incident]:
    return Incident.objects.visible_to(user).filter(services=service).order_by("-id")


def runbooks_of(owner: Service | Team | User) -> QuerySet[Runbook]:
    """The runbooks in use that are about a service, or that a team or a person looks after."""
    return owner_rows(owner).filter(state=RunbookState.ACTIVE).order_by("title", "id")


def owner_rows(owner: Service | Team | User) -> QuerySet[Runbook]:
    if isinstance(owner, User):
        return Runbook.objects.filter(owner=owner)
    return owner.runbooks.all()


def open_action_items_of(owner: Team | User, *, reader: User, today: date) -> QuerySet[ActionItem]:
    """What the owner has not finished and the reader may see, the most pressing first."""
    mine = Q(owner=owner) if isinstance(owner, User) else Q(team=owner)
    late = When(due_date__lt=today, then=Value(value=True))
    return (
        ActionItem.objects.visible_to(reader)
        .filter(mine, state__in=UNFINISHED)
        .select_related("incident", "owner")
        .annotate(is_late=Case(late, default=Value(value=False), output_field=BooleanField()))
    )


def accounts_at(address: str) -> list[tuple[User, str]]:
    """Who may sign in and has this address, and how it is written down.

    Mail goes to what is written down, never to what was typed: databases take some letters of two
    alphabets for one, and the mailbox would be another's.
    """
    found = {
        person: person.email
        for person in User.objects.filter(email__iexact=address, is_active=True)
    }
    confirmed = EmailAddress.objects.filter(verified=True, user__is_active=True)
    for row in confirmed.filter(email__iexact=address).select_related("user"):
        found.setdefault(row.user, row.email)
    return sorted(found.items(), key=lambda pair: pair[0].pk)
