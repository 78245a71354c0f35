"""Numbers as people write them."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def plain_number(value: Decimal) -> str:
    """`{{ measure.value|plain_number }}`: 1234.5000 → "1,234.5"."""
    return f"{value.normalize():,f}"
