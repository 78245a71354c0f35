"""What the list of action items can be narrowed by."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from incidents.access.references import IncidentReferenceField
from incidents.action_items.queries import late_on
from incidents.models import UNFINISHED, ActionItem, ActionKind, ActionState, Team, User

ME, NOBODY = "me", "nobody"
UNFINISHED_ONLY, ANY = "unfinished", "any"


def owners(rows: QuerySet[ActionItem]) -> list[tuple[str, str]]:
    """Of these items alone: whoever only has hidden ones is not named."""
    owned = rows.order_by().values("owner")
    people = User.objects.filter(pk__in=owned).order_by("username")
    return [(ME, "me"), (NOBODY, "nobody"), *((str(one.pk), one.name) for one in people)]


class ByIncident(django_filters.Filter):  # type: ignore[misc]  # django-filter ships no types
    field_class = IncidentReferenceField


class ActionItemFilter(django_filters.FilterSet):  # type: ignore[misc]  # as above
    """Shows what is not finished unless a state is asked for, or the list is of finished ones."""

    q = django_filters.CharFilter(label=gettext_lazy("Text"), method="with_text", max_length=200)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=[
            (UNFINISHED_ONLY, gettext_lazy("not finished")),
            *ActionState.choices,
            (ANY, gettext_lazy("any")),
        ],
        empty_label=None,
        method="in_state",
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=ActionKind)
    owner = django_filters.ChoiceFilter(label=gettext_lazy("Owner"), method="owned_by")
    team = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Team"), queryset=Team.objects.all(), to_field_name="slug"
    )
    incident = ByIncident(label=gettext_lazy("Incident"))
    late = django_filters.BooleanFilter(
        label=gettext_lazy("Late only"), widget=forms.CheckboxInput, method="which_are_late"
    )

    class Meta:
        model = ActionItem
        fields: list[str] = []

    def __init__(
        self,
        data: Any,
        *,
        user: User,
        queryset: QuerySet[ActionItem],
        is_unfinished: bool = True,
    ) -> None:
        data = data.copy()
        data.setdefault("state", UNFINISHED_ONLY if is_unfinished else ANY)
        super().__init__(data, queryset=queryset)
        self.filters["owner"].extra["choices"] = owners(queryset)
        self.user = user
        self.form.fields["incident"].user = user

    def with_text(self, rows: QuerySet[ActionItem], _: str, text: str) -> QuerySet[ActionItem]:
        for word in text.split():
            rows = rows.filter(Q(title__icontains=word) | Q(body__icontains=word))
        return rows

    def in_state(self, rows: QuerySet[ActionItem], _: str, state: str) -> QuerySet[ActionItem]:
        if state == ANY:
            return rows
        return rows.filter(state__in=UNFINISHED if state == UNFINISHED_ONLY else [state])

    def owned_by(self, rows: QuerySet[ActionItem], _: str, owner: str) -> QuerySet[ActionItem]:
        if owner == NOBODY:
            return rows.filter(owner__isnull=True)
        return rows.filter(owner=self.user.pk if owner == ME else int(owner))

    def which_are_late(
        self, rows: QuerySet[ActionItem], _: str, wanted: object
    ) -> QuerySet[ActionItem]:
        return rows.filter(late_on(self.user.date_at(timezone.now()))) if wanted else rows


class BurnUpFilter(ActionItemFilter):
    """Of all states: what is finished is half of the picture."""

    q = None
    state = None
    late = None
