"""Which record a message is about, and what it names."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Lower

from incidents.models import Incident, Service, Team


def incident_of(key: str) -> Incident | None:
    """For the teller's own messages: nobody in particular asks."""
    return Incident._base_manager.filter(external_key=key).first()


def services_named(names: Iterable[str]) -> QuerySet[Service]:
    """By their names, whatever the case, or by their slugs; those that are not ours are left
    out."""
    wanted = {name.lower() for name in names if name}
    rows = Service.objects.annotate(lower=Lower("name")).order_by("pk")
    return rows.filter(lower__in=wanted) | rows.filter(slug__in=wanted)


def teams_named(names: Iterable[str]) -> QuerySet[Team]:
    wanted = {name.lower() for name in names if name}
    rows = Team.objects.annotate(lower=Lower("name")).order_by("pk")
    return rows.filter(lower__in=wanted) | rows.filter(slug__in=wanted)
