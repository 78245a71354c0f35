"""Reading what is known across incidents, in the shape that a page needs."""

from django.db.models import Count, Q, QuerySet

from incidents.models import Factor, Incident, User


def factors_for(user: User) -> QuerySet[Factor]:
    """The vocabulary with, for each entry, in how many records it is at work that one may see."""
    seen = Q(uses__incident__in=Incident.objects.visible_to(user))
    return (
        Factor.objects.visible_to(user)
        .annotate(use_count=Count("uses", filter=seen, distinct=True))
        .order_by("name", "id")
    )
