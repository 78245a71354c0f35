"""Keeping the lists of services and teams."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from incidents.history.operations import change_record, create_record
from incidents.history.slugs import free_slug, slug_or_refusal
from incidents.lookup.operations import keep_findable
from incidents.models import Service, Team, User


@transaction.atomic
def create_service(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Service:
    """Add a system that can break; without a slug it is given one made from the name.

    Raises `incidents.history.slugs.SlugTaken` and `incidents.lib.markdown.TextTooLong`.
    """
    service = Service(**values)
    service.slug = service.slug or free_slug(Service, service.name)
    with slug_or_refusal(Service, service.slug):
        create_record(service, by=by, at=at, summary=f"Added the service “{service.name}”")
    keep_findable(service)
    return service


@transaction.atomic
def change_service(
    service: Service, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Service:
    """Raises `EditConflict`, `RowGone`, `incidents.history.slugs.SlugTaken`, and
    `incidents.lib.markdown.TextTooLong`.
    """
    name_before = Service.objects.filter(pk=service.pk).values_list("name", flat=True).first()
    with slug_or_refusal(Service, values.get("slug")):
        service = change_record(
            service, version=version, values=values, by=by, at=at, summary="Changed the service"
        )
    keep_findable(service)
    if service.name != name_before:
        # Runbooks and incidents are found by the names of their services too.
        for row in [*service.runbooks.all(), *service.incidents.all()]:
            keep_findable(row)
    return service


@transaction.atomic
def create_team(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Team:
    """Add a team; without a slug it is given one made from the name.

    Raises `incidents.history.slugs.SlugTaken` and `incidents.lib.markdown.TextTooLong`.
    """
    columns = dict(values)
    related = {"members": columns.pop("members", [])}
    team = Team(**columns)
    team.slug = team.slug or free_slug(Team, team.name)
    with slug_or_refusal(Team, team.slug):
        summary = f"Added the team “{team.name}”"
        create_record(team, by=by, at=at, summary=summary, related=related)
    keep_findable(team)
    return team


@transaction.atomic
def change_team(
    team: Team, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Team:
    """Raises `EditConflict`, `RowGone`, `incidents.history.slugs.SlugTaken`, and
    `incidents.lib.markdown.TextTooLong`.
    """
    with slug_or_refusal(Team, values.get("slug")):
        team = change_record(
            team, version=version, values=values, by=by, at=at, summary="Changed the team"
        )
    keep_findable(team)
    return team
