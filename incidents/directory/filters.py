"""What the lists of the directory can be narrowed by."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from incidents.directory.queries import with_word
from incidents.models import Role, Service, ServiceState, Team, User


class ServiceFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    q = django_filters.CharFilter(label=gettext_lazy("Text"), method="with_text", max_length=200)
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), queryset=Team.objects.all(), to_field_name="slug"
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=ServiceState)

    class Meta:
        model = Service
        fields: list[str] = []

    def with_text(self, rows: QuerySet[Service], _: str, text: str) -> QuerySet[Service]:
        return with_word(rows, text)


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]  # as above
    q = django_filters.CharFilter(
        label=gettext_lazy("Name or address"), method="with_text", max_length=200
    )
    role = django_filters.ChoiceFilter(label=gettext_lazy("Role"), choices=Role)
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Teams"),
        field_name="teams",
        queryset=Team.objects.all(),
        to_field_name="slug",
    )
    account = django_filters.ChoiceFilter(
        field_name="is_active",
        label=gettext_lazy("Account"),
        choices=[(True, gettext_lazy("active")), (False, gettext_lazy("deactivated"))],
    )

    class Meta:
        model = User
        fields: list[str] = []

    def with_text(self, rows: QuerySet[User], _: str, text: str) -> QuerySet[User]:
        for word in text.split():
            rows = rows.filter(
                Q(username__icontains=word)
                | Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(email__icontains=word)
            )
        return rows
