"""Reading the incident records, in the shape that a page needs."""

from django.db.models import Prefetch, QuerySet

from incidents.models import Incident, Reviewer, Service, State, Tag, Team, User


def incidents_for(user: User) -> QuerySet[Incident]:
    """What the list shows of each record that this person may know of."""
    return (
        Incident.objects.visible_to(user)
        .select_related("owner")
        .prefetch_related(
            Prefetch("services", Service.objects.only("name", "slug").order_by("name")),
            Prefetch("tags", Tag.objects.order_by("name")),
        )
        .defer(*Incident.PROSE, *(f"{name}_html" for name in Incident.PROSE))
    )


def in_the_list(rows: QuerySet[Incident], *, states_chosen: bool) -> QuerySet[Incident]:
    """Withdrawn records are left out until somebody asks for them."""
    return rows if states_chosen else rows.exclude(state=State.WITHDRAWN)


def incident_pages_for(user: User) -> QuerySet[Incident]:
    """The records that this person may know of, each with what stands beside it on its page."""
    reviewers = Reviewer.objects.visible_to(user).select_related("person")
    return (
        Incident.objects.visible_to(user)
        .select_related("owner", "published_by")
        .prefetch_related(
            Prefetch("services", Service.objects.only("name", "slug").order_by("name")),
            Prefetch("teams", Team.objects.only("name", "slug").order_by("name")),
            Prefetch("tags", Tag.objects.order_by("name")),
            Prefetch("reviewers", reviewers.order_by("position", "id")),
        )
    )
