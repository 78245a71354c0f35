"""What the pages of lists need: page numbers, the sorting, the filters in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.core.validators import EMPTY_VALUES
from django.forms import ChoiceField, Field, Form, ModelChoiceField
from django.forms.models import ModelMultipleChoiceField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django_filters import FilterSet

register = template.Library()


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The numbers to show under a list: both ends, the neighbours, and "…" between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def sorted_by(context: Context, name: str) -> str:
    """`ascending` or `descending` if the list is sorted by this column, else an empty text."""
    directions = {name: "ascending", f"-{name}": "descending"}
    return directions.get(context["request"].GET.get("sort", ""), "")


@dataclass(frozen=True, kw_only=True)
class ActiveFacet:
    label: str
    value: str
    # The same list without this one.
    url_without: str


@register.simple_tag(takes_context=True)
def active_facets(context: Context, filter_set: FilterSet) -> list[ActiveFacet]:
    """What the list is filtered by: one entry for each value in force."""
    request: HttpRequest = context["request"]
    form: Form = filter_set.form
    if not form.is_valid():
        # The panel shows what is wrong; nothing is in force.
        return []
    return [
        ActiveFacet(
            label=str(form[name].label),
            value=_words(field, form.cleaned_data[name], raw),
            url_without=_url_without(request, parameter, raw),
        )
        for name, field in form.fields.items()
        if form.cleaned_data.get(name) not in EMPTY_VALUES
        for parameter in _parameters(form, name)
        for raw in request.GET.getlist(parameter)
        if raw
    ]


def _parameters(form: Form, name: str) -> list[str]:
    """The names under which a field is sent: one, or one for each box of a range."""
    sent_as = form.add_prefix(name)
    suffixes: Iterable[str] = getattr(form.fields[name].widget, "suffixes", [])
    return [f"{sent_as}_{suffix}" for suffix in suffixes] or [sent_as]


def _words(field: Field, cleaned: Any, raw: str) -> str:
    """The value as people know it: `draft` → "Draft", `17` → "payments-api"."""
    if isinstance(field, ModelChoiceField):
        # From what the form has fetched already: `field.choices` would ask the database again.
        chosen = cleaned if isinstance(field, ModelMultipleChoiceField) else [cleaned]
        labels = {str(field.prepare_value(one)): str(one) for one in chosen}
    elif isinstance(field, ChoiceField):
        labels = {str(value): str(label) for value, label in field.widget.choices}
    else:
        labels = {}
    return labels.get(raw, raw)


def _url_without(request: HttpRequest, parameter: str, raw: str) -> str:
    rest: QueryDict = request.GET.copy()
    rest.setlist(parameter, [value for value in rest.getlist(parameter) if value != raw])
    # Another selection has other pages.
    rest.pop("page", None)
    query = rest.urlencode()
    return f"{request.path}?{query}" if query else request.path
