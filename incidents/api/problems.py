"""Every refusal in one shape: problem details (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from incidents.health.unavailable import PROBLEM

MEDIA_TYPE = PROBLEM
PREFIX = "/api/"
SENTENCES = {
    404: "There is no such record, or it is not open to you.",
    500: "Something went wrong on our side. It is in the log.",
}


class ProblemSerializer(serializers.Serializer):
    """Why something was refused, as RFC 9457 has it."""

    type = serializers.CharField(help_text="Always `about:blank`: the status says which it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people.")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with each parameter or field, where that is known.",
    )


def problem(status: int, detail: str, errors: dict[str, Any] | None = None) -> dict[str, Any]:
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return {**told, "errors": errors} if errors else told


def refusal(status: int, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, detail), status=status, content_type=MEDIA_TYPE)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """None is what nobody foresaw: `ProblemsMiddleware` answers for it, and the log tells of it."""
    response = exception_handler(error, context)
    if response is None:
        return None
    errors = None
    if isinstance(error, ValidationError):
        errors = errors_of(error)
        detail = " ".join(f"{name}: {' '.join(told)}" for name, told in errors.items())
    elif isinstance(error, APIException):
        detail = str(error.detail)
    else:
        detail = str(error) or SENTENCES.get(response.status_code, "")
    response.data = problem(response.status_code, detail, errors)
    response.content_type = MEDIA_TYPE
    for name, value in getattr(error, "headers", {}).items():
        response[name] = value
    return response


def errors_of(error: ValidationError) -> dict[str, list[str]]:
    told = error.detail if isinstance(error.detail, dict) else {"request": error.detail}
    return {str(name): [str(one) for one in list(sentences)] for name, sentences in told.items()}


# What was said of the body that is not sent.
OF_THE_BODY = frozenset(
    {"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "ETag"}
)


class ProblemsMiddleware:
    """What is refused before a view of the interface is reached, or breaks in it, is told in the
    same shape: an address that is none, a host that is none, an error of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX) or response.status_code < 400:  # noqa: PLR2004 (the first that refuses)
            return response
        if response.get("Content-Type") == MEDIA_TYPE:
            return response
        status = response.status_code
        told = refusal(status, SENTENCES.get(status, f"{HTTPStatus(status).phrase}."))
        for name, value in response.items():
            if name not in OF_THE_BODY:
                told[name] = value
        return told
