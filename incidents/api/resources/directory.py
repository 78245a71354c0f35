"""Services, teams and people. Of people there are the names, and nothing else."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import PageField, PersonNamed, ReadSerializer, TeamNamed
from incidents.api.views import Records
from incidents.api.writes import Writes
from incidents.api.writing.kinds import AS_LINKS
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.directory.filters import ServiceFilter
from incidents.directory.forms import NewServiceForm, NewTeamForm, ServiceForm, TeamForm
from incidents.directory.operations import (
    change_service,
    change_team,
    create_service,
    create_team,
)
from incidents.directory.queries import services_for, teams_for, with_word
from incidents.models import Scope, Service, Team, User


class LinkSerializer(serializers.Serializer):
    label = serializers.CharField()
    address = serializers.CharField()


class ServiceSerializer(ReadSerializer):
    """A system that can break. `links` say where to look when it does."""

    page = PageField()
    team = TeamNamed(allow_null=True)
    links = LinkSerializer(source="link_list", many=True)

    class Meta:
        model = Service
        fields = (
            "slug",
            "page",
            "name",
            "description",
            "links",
            "team",
            "state",
            "version",
            "created_at",
            "changed_at",
        )


class TeamSerializer(ReadSerializer):
    page = PageField()
    members = PersonNamed(many=True)

    class Meta:
        model = Team
        fields = (
            "slug",
            "page",
            "name",
            "description",
            "members",
            "version",
            "created_at",
            "changed_at",
        )


class TeamFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Text", method="with_text", max_length=200)

    def with_text(self, rows: QuerySet[Team], _: str, text: str) -> QuerySet[Team]:
        return with_word(rows, text)


class NameFilter(django_filters.FilterSet):
    """Not by address: who asks whether an address is somebody's is told it by the answer."""

    q = django_filters.CharFilter(label="Name", method="with_text", max_length=200)

    def with_text(self, rows: QuerySet[User], _: str, text: str) -> QuerySet[User]:
        for word in text.split():
            rows = rows.filter(
                Q(username__icontains=word)
                | Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
            )
        return rows


LINKED = {"links": AS_LINKS}
BY_NAME = "Its name makes the `slug` where none is given."


class Services(Writes):
    serializer_class = ServiceSerializer
    route = "service"
    in_route: ClassVar[dict[str, str]] = {"slug": "slug"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Add a service",
            create_service,
            Taken(NewServiceForm, kinds=LINKED, optional=("slug",), example={"name": "Orders"}),
            about=BY_NAME,
        ),
        "partial_update": changing(
            "Change a service", change_service, Taken(ServiceForm, kinds=LINKED)
        ),
    }
    filterset_class = ServiceFilter

    def get_queryset(self) -> QuerySet[Service]:
        return services_for(self.user)

    @extend_schema(summary="Services, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A service")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


class Teams(Writes):
    """By administrators: a member sees the restricted incidents that name the team."""

    serializer_class = TeamSerializer
    route = "team"
    in_route: ClassVar[dict[str, str]] = {"slug": "slug"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Add a team",
            create_team,
            Taken(NewTeamForm, optional=("slug",), example={"name": "Shop", "members": ["ada"]}),
            about=f"For administrators. {BY_NAME}",
            scope=Scope.ADMIN,
        ),
        "partial_update": changing(
            "Change a team",
            change_team,
            Taken(TeamForm),
            about="For administrators.",
            scope=Scope.ADMIN,
        ),
    }
    filterset_class = TeamFilter

    def get_queryset(self) -> QuerySet[Team]:
        return teams_for(self.user).prefetch_related("members")

    @extend_schema(summary="Teams, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A team")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


class People(Records):
    serializer_class = PersonNamed
    filterset_class = NameFilter

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.all()

    @extend_schema(summary="The names of people, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="The name of a person")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)

    def told(self, row: Any) -> Response:
        # The version of an account counts changes that are not told.
        return Response(self.get_serializer(row).data)
