"""The filters of the pages, for programs: what they do not know they refuse."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from rest_framework.request import Request
from rest_framework.views import APIView


class Filters(DjangoFilterBackend):
    """The view's `filterset_class`, with what its `filterset_takes` gives it."""

    def get_filterset_kwargs(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> dict[str, Any]:
        return {
            "data": request.query_params,
            "queryset": queryset,
            **view.filterset_takes(request),
        }


class FilterParameters(DjangoFilterExtension):
    """The parameters of a list in its description, as far as they are the same for everybody."""

    target_class = "incidents.api.filtering.Filters"
    priority = 1

    def resolve_filter_field(
        self,
        auto_schema: Any,  # noqa: ARG002 (the signature is drf-spectacular's)
        model: Any,  # noqa: ARG002 (as above)
        filterset_class: Any,  # noqa: ARG002 (as above)
        field_name: str,
        filter_field: Any,
    ) -> list[dict[str, Any]]:
        parameter: dict[str, Any] = {
            "in": "query",
            "name": field_name,
            "description": str(filter_field.label or field_name.replace("_", " ").capitalize()),
            "schema": schema_of(filter_field),
        }
        if isinstance(filter_field, django_filters.MultipleChoiceFilter):
            parameter["schema"] = {"type": "array", "items": parameter["schema"]}
            parameter |= {"explode": True, "style": "form"}
        return [parameter]


def schema_of(one: Any) -> dict[str, Any]:
    if isinstance(one, django_filters.BooleanFilter):
        return {"type": "boolean"}
    if isinstance(one, django_filters.DateFilter):
        return {"type": "string", "format": "date"}
    choices = one.extra.get("choices")
    if isinstance(one, django_filters.ChoiceFilter | django_filters.MultipleChoiceFilter):
        if not isinstance(choices, list | tuple):
            choices = getattr(choices, "choices", None)
        return {"type": "string", "enum": [str(key) for key, _ in choices]} if choices else TEXT
    return TEXT


TEXT = {"type": "string"}
