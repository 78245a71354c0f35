"""What the interface takes and answers: as OpenAPI 3.1, and as a page for people."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.views import Answer
from incidents.api.writing.bodies import JSON
from incidents.api.writing.files import FORM

OPENAPI = "application/vnd.oai.openapi+json"


@cache
def schema() -> dict[str, Any]:
    """The same for everybody, and as long as the process runs."""
    told: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return told


class Schema(Answer):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:  # noqa: ARG002 (DRF's signature)
        return Response(schema())


class Field(NamedTuple):
    name: str
    kind: str
    about: str


class Operation(NamedTuple):
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    sent: list[Field]
    answer: str
    """The shape of what it answers with; nothing where that is empty."""


class Shape(NamedTuple):
    name: str
    about: str
    fields: list[Field]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    told = schema()
    context = {"operations": operations_of(told), "shapes": shapes_of(told)}
    return render(request, "api/docs.html", context)


def operations_of(told: Mapping[str, Any]) -> list[Operation]:
    return [
        Operation(
            method.upper(),
            path,
            one.get("summary", ""),
            plain(one),
            [
                Field(each["name"], kind_of(each["schema"]), plain(each))
                for each in one.get("parameters", [])
            ],
            fields_of(sent_to(one)),
            answer_of(one),
        )
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    ]


def sent_to(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """As JSON, or as a form with files."""
    kinds: Mapping[str, Any] = one.get("requestBody", {}).get("content", {})
    found: Mapping[str, Any] = kinds.get(JSON) or kinds.get(FORM) or {}
    shape: Mapping[str, Any] = found.get("schema", {})
    return shape


def answer_of(one: Mapping[str, Any]) -> str:
    """Of the status that says that it went well."""
    good = next(told for status, told in sorted(one["responses"].items()) if status < "300")
    content = good.get("content", {})
    if JSON in content:
        return kind_of(content[JSON]["schema"])
    return "a file" if content else ""


def fields_of(shape: Mapping[str, Any]) -> list[Field]:
    required = shape.get("required", [])
    return [
        Field(name, kind_of(kind), f"Required. {plain(kind)}" if name in required else plain(kind))
        for name, kind in shape.get("properties", {}).items()
    ]


def shapes_of(told: Mapping[str, Any]) -> list[Shape]:
    return [
        Shape(
            name,
            plain(shape),
            [
                Field(field, kind_of(kind), plain(kind))
                for field, kind in shape["properties"].items()
            ],
        )
        for name, shape in told["components"]["schemas"].items()
        if "properties" in shape
    ]


def plain(told: Mapping[str, Any]) -> str:
    """What it says of itself, without the marks of Markdown."""
    return str(told.get("description", "")).replace("`", "")


def kind_of(kind: Mapping[str, Any]) -> str:
    """Right: "string", "list of Event", "integer or null", "one of sev1, sev2", "file",
    "list of {reference, version}"."""
    if "$ref" in kind:
        return str(kind["$ref"].rpartition("/")[2])
    for name in ("allOf", "oneOf", "anyOf"):
        if name in kind:
            return " or ".join(kind_of(one) for one in kind[name])
    if "enum" in kind:
        return f"one of {', '.join(str(one) for one in kind['enum'] if one is not None)}"
    if kind.get("type") == "array":
        return f"list of {kind_of(kind['items'])}"
    if properties := kind.get("properties"):
        return f"{{{', '.join(properties)}}}"
    types = "file" if kind.get("format") == "binary" else kind.get("type", "anything")
    return " or ".join(types) if isinstance(types, list) else str(types)
