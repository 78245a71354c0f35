"""What the description says of each address: every body, header, and status that can come."""

from collections.abc import Mapping
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from incidents.api.problems import MEDIA_TYPE, ProblemSerializer
from incidents.api.writing.bodies import JSON
from incidents.api.writing.files import FORM
from incidents.api.writing.ways import REFUSED, REFUSED_FORM, REFUSED_VERSION, Way, headers_of

WHEN = {
    400: "A parameter is unknown, or has a value that it cannot have.",
    401: "No token is shown, or it opens nothing.",
    403: "The token or its owner may not do this.",
    404: "There is no such record, or it is not open to you.",
    406: "The answer is JSON, and that is not accepted.",
    429: "Too often in this minute: `Retry-After` says for how many seconds to wait.",
    500: "An error of ours.",
}


class Description(AutoSchema):
    """Says of each answer every status that can come."""

    @property
    def way(self) -> Way | None:
        found: Way | None = getattr(self.view, "writes", {}).get(getattr(self.view, "action", ""))
        return found

    def get_summary(self) -> str | None:
        return self.way.summary if self.way else None

    def get_description(self) -> str:
        """What the method itself says: a class speaks to who reads the code."""
        if self.way:
            return self.way.about
        name = getattr(self.view, "action", self.method.lower())
        said = vars(type(self.view)).get(name)
        return getdoc(said) or "" if said else ""

    def get_override_parameters(self) -> list[OpenApiParameter | Any | type[Any]]:
        told = [*headers_of(self.method, self.way)] if self.way else []
        return [*told, *getattr(self.view, "in_path", ())]

    def get_request_serializer(self) -> Any:
        if self.way is None:
            return super().get_request_serializer()
        if self.way.form is not None:
            return {FORM: self.way.form}
        if self.way.json is not None:
            return {JSON: self.way.json}
        takes = self.way.takes
        return {JSON: takes.schema(partial=self.way.is_partial)} if takes else None

    def get_response_serializers(self) -> Any:
        if self.way is None:
            return super().get_response_serializers()
        if self.way.answers == HTTPStatus.NO_CONTENT:
            return {204: OpenApiResponse(description=self.way.gone)}
        shape = self.view.whole or self.view.serializer_class
        return {(int(self.way.answers), JSON): shape}

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, about in self.refusals().items():
            body = self._get_response_for_code(
                ProblemSerializer, str(status), [MEDIA_TYPE], direction
            )
            bodies.setdefault(str(status), {**body, "description": about})
        if self.way is None:
            bodies.setdefault("304", {"description": "It is as it was (`If-None-Match`)."})
        return bodies

    def refusals(self) -> Mapping[int, str]:
        if self.way is None:
            return WHEN
        lock = REFUSED_VERSION if self.way.names_version else {}
        form = REFUSED_FORM if self.way.form is not None else {}
        return {**WHEN, **REFUSED, **form, **lock}

    def _is_list_view(self, serializer: Any = None) -> bool:
        """What is written answers with one row."""
        return self.way is None and bool(super()._is_list_view(serializer))
