"""The JSON that a program sends: read strictly, so that nothing is guessed."""

import json
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.request import Request

JSON = "application/json"
DEEPEST = 12
"""Levels of lists and objects: the example of a guard has ten."""


class TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "This is larger than the site takes at once."


def body_of(request: Request) -> dict[str, Any]:
    """An empty body is an empty object. Raises `ParseError`, `UnsupportedMediaType`, `TooLarge`."""
    sent = raw(request)
    if not sent:
        return {}
    try:
        told = json.loads(
            sent.decode(),
            parse_float=Decimal,
            parse_constant=refuse_constant,
            object_pairs_hook=without_doubles,
        )
    except UnicodeDecodeError as error:
        raise ParseError("This is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ParseError(
            f"This is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise ParseError(f"At most {DEEPEST} levels of lists and objects.") from error
    except ValueError as error:
        # A number of thousands of digits.
        raise ParseError("A number in it is too long.") from error
    if not isinstance(told, dict):
        raise ParseError("Send an object: {…}.")
    refuse_unkeepable(told)
    return told


def raw(request: Request) -> bytes:
    """The bytes that came. Raises as `body_of`."""
    django_request: HttpRequest = request._request  # noqa: SLF001 (DRF's own way to Django's request)
    length = django_request.META.get("CONTENT_LENGTH") or "0"
    if length != "0" and django_request.content_type != JSON:
        raise UnsupportedMediaType(django_request.content_type, detail=f"Send JSON, as {JSON}.")
    try:
        return b"" if length == "0" else django_request.body
    except RequestDataTooBig as error:
        raise TooLarge from error


def refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is no number in JSON.")


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"“{twice[:80]}” stands twice in one object.")
    return told


def refuse_unkeepable(value: Any, depth: int = 0) -> None:
    """What no database keeps: a NUL, and half of a character."""
    if depth > DEEPEST:
        raise ParseError(f"At most {DEEPEST} levels of lists and objects.")
    if isinstance(value, str):
        if "\0" in value:
            raise ParseError("A text has a NUL (\\u0000) in it, which cannot be kept.")
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ParseError("A text has half of a character in it (\\ud800 to \\udfff).")
    elif isinstance(value, dict):
        for name, one in value.items():
            refuse_unkeepable(name, depth + 1)
            refuse_unkeepable(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            refuse_unkeepable(one, depth + 1)
