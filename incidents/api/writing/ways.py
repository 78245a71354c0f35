"""What a program may write at an address: by which form, by which operation, with which scope."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from incidents.api.writing.taken import Taken
from incidents.models import Scope


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to write. `does` is the operation: the row where there is one, `values=` or the words
    of a step, `by=`, `at=`, and `version=` where the program names it."""

    summary: str
    does: Callable[..., Any]
    takes: Taken | None = None
    about: str = ""
    scope: Scope = Scope.WRITE
    by_anybody: bool = False
    """Also by readers, who have to be asked; the token has to write all the same."""
    names_version: bool = False
    takes_key: bool = True
    """Whether an `Idempotency-Key` is heard on a POST."""
    answers: HTTPStatus = HTTPStatus.OK
    gone: str = "It is removed; history keeps it."
    """What it means that nothing is answered, where that is so."""
    json: Mapping[str, Any] | None = None
    """The schema of what is sent where no form takes it as it is."""
    form: Mapping[str, Any] | None = None
    """The schema of a form with files, where that is sent instead of JSON."""

    @property
    def is_partial(self) -> bool:
        return self.names_version and self.takes is not None


def making(summary: str, does: Callable[..., Any], takes: Taken, **more: Any) -> Way:
    return Way(summary=summary, does=does, takes=takes, answers=HTTPStatus.CREATED, **more)


def changing(summary: str, does: Callable[..., Any], takes: Taken, **more: Any) -> Way:
    return Way(summary=summary, does=does, takes=takes, names_version=True, **more)


def removing(summary: str, does: Callable[..., Any], **more: Any) -> Way:
    return Way(
        summary=summary, does=does, names_version=True, answers=HTTPStatus.NO_CONTENT, **more
    )


REFUSED: Mapping[int, str] = {
    400: "A parameter is unknown, or what was sent is no JSON.",
    403: "The scope of the token, or the role of its owner, does not suffice.",
    409: "The record is not in a state for it; or the same `Idempotency-Key` is under way.",
    413: "It is larger than the site takes at once.",
    415: "It is not `application/json`.",
    422: "A field has a value that it cannot have (`errors` says which); or the `Idempotency-Key`"
    " was used for another request.",
}
REFUSED_FORM: Mapping[int, str] = {
    400: "A parameter is unknown, or what was sent is no whole form.",
    415: "It is not `multipart/form-data`.",
}
REFUSED_VERSION: Mapping[int, str] = {
    412: "Somebody changed it since that version: `ETag` has the present one.",
    428: "`If-Match` is missing.",
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` of the version that is changed, or its number in quotes.",
)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Sent again within 24 hours with the same key, the request makes nothing twice.",
)


def told_header(name: str, about: str, *statuses: int) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description=about,
        response=list(statuses),
    )


def headers_of(method: str, way: Way) -> list[OpenApiParameter]:
    """What is sent and what is told in headers."""
    found = [told_header("ETag", "The version that there is now.", way.answers, 412)]
    if way.names_version:
        found.append(IF_MATCH)
    if method == "POST" and way.takes_key:
        found += [
            KEY,
            told_header("Idempotency-Replayed", "`true` where it was done before.", way.answers),
        ]
    if way.answers == HTTPStatus.CREATED:
        found.append(told_header("Location", "Its address.", way.answers))
    return found
