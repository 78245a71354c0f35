"""Long lists, a page at a time: each page leads to the next, and none is told twice."""

from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

LIMIT, MOST = 50, 100
LONGEST_KEY = 18


class Pages(CursorPagination):
    """By the key, the latest first: what is added meanwhile moves nothing."""

    ordering = "-id"
    page_size = LIMIT
    max_page_size = MOST
    page_size_query_param = "limit"
    page_size_query_description = f"How many at once: 1 to {MOST}."
    cursor_query_description = "Where to go on: taken from `next` or `previous`."
    template = None

    def get_page_size(self, request: Request) -> int:
        return limit_of(request, usual=LIMIT, most=MOST)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            cursor = Cursor(0, False, "?")  # noqa: FBT003 (a tuple of DRF's)
        position = cursor.position if cursor else None
        if position is not None and not is_key(position):
            raise ValidationError({"cursor": ["Take it from `next` or `previous` of an answer."]})
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        shape: dict[str, Any] = super().get_paginated_response_schema(schema)
        shape["required"] = ["next", "previous", "results"]
        for name in ("next", "previous"):
            shape["properties"][name] = {"type": ["string", "null"], "format": "uri"}
        return shape


def limit_of(request: Request, *, usual: int, most: int) -> int:
    """How many are wanted at once. Raises DRF's `ValidationError`."""
    text = request.query_params.get("limit", str(usual))
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    if not is_number or not 1 <= int(text) <= most:
        raise ValidationError({"limit": [f"A whole number from 1 to {most}."]})
    return int(text)


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
