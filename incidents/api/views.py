"""What all answers of the interface have in common."""

from collections.abc import Iterable
from hashlib import sha256
from inspect import getdoc
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from incidents.access.gates import one_or_404, person
from incidents.api.authentication import BySession, ByToken, SignedIn
from incidents.api.filtering import Filters
from incidents.api.limits import count_address, count_asker, refuse_more
from incidents.api.paging import Pages
from incidents.api.problems import MEDIA_TYPE, ProblemSerializer
from incidents.models import User

LETTERS_OF_HASH = 32
OF_PAGES = {"cursor", "limit"}


class Description(AutoSchema):
    """Says of each answer every status that can come."""

    def get_description(self) -> str:
        """What the method itself says: a class speaks to who reads the code."""
        name = getattr(self.view, "action", self.method.lower())
        said = vars(type(self.view)).get(name)
        return getdoc(said) or "" if said else ""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in (400, 401, 403, 404, 406, 429, 500):
            body = self._get_response_for_code(
                ProblemSerializer, str(status), [MEDIA_TYPE], direction
            )
            bodies.setdefault(str(status), {**body, "description": WHEN[status]})
        bodies.setdefault("304", {"description": "It is as it was (`If-None-Match`)."})
        return bodies


WHEN = {
    400: "A parameter is unknown, or has a value that it cannot have.",
    401: "No token is shown, or it opens nothing.",
    403: "The token or its owner may not do this.",
    404: "There is no such record, or it is not open to you.",
    406: "The answer is JSON, and that is not accepted.",
    429: "Too often in this minute: `Retry-After` says for how many seconds to wait.",
    500: "An error of ours.",
}


class Answer(APIView):
    """Authentication, limits, conditional answers and refused parameters: for every address."""

    authentication_classes = (ByToken, BySession)
    permission_classes = (SignedIn,)
    renderer_classes = (JSONRenderer,)
    throttle_classes = ()
    metadata_class = None
    http_method_names = ("get", "head")
    schema = Description()
    takes: ClassVar[set[str] | None] = set()
    """The parameters that are understood; None takes any."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.left = count_address(request)
        refuse_more(self.left)
        super().initial(request, *args, **kwargs)
        self.left = count_asker(request)
        refuse_more(self.left)
        self.refuse_unknown(request)

    def refuse_unknown(self, request: Request) -> None:
        known = self.parameters()
        if known is not None and (unknown := set(request.query_params) - known):
            told = f"This is no parameter here. There are: {', '.join(sorted(known)) or 'none'}."
            raise ValidationError({name: [told] for name in sorted(unknown)})

    def parameters(self) -> set[str] | None:
        return self.takes

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        answer: HttpResponse = super().finalize_response(request, response, *args, **kwargs)
        if left := getattr(self, "left", None):
            answer["RateLimit-Limit"] = str(left.most)
            answer["RateLimit-Remaining"] = str(left.remaining)
            answer["RateLimit-Reset"] = str(left.seconds)
        patch_vary_headers(answer, ("Authorization", "Cookie"))
        if isinstance(answer, Response) and answer.status_code == 200:  # noqa: PLR2004 (what was read)
            django_request = request._request  # noqa: SLF001 (DRF's own way to Django's request)
            answer.add_post_render_callback(lambda told: unless_known(django_request, told))
        return answer

    @property
    def user(self) -> User:
        return person(self.request)


def unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse | None:
    """304 where the program has this very answer already.

    The tag is the version of the row and a hash of all that is told of it: parts change without the
    row, and two people may be told different parts of one row.
    """
    version = answer.get("X-Version", "")
    del answer["X-Version"]
    tag = sha256(answer.content).hexdigest()[:LETTERS_OF_HASH]
    tag = f'"{version}.{tag}"' if version else f'"{tag}"'
    answer["ETag"] = tag
    known = get_conditional_response(request, etag=tag, response=answer)
    if known is None or known is answer:
        return None
    for name in (name for name in answer.headers if name.startswith("RateLimit-")):
        known[name] = answer[name]
    return known


class Records(Answer, GenericViewSet):
    """A list and its rows, each as far as whoever asks may see it."""

    pagination_class = Pages
    filter_backends: tuple[type[Filters], ...] = (Filters,)
    filterset_class: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """The description asks for the table, without anybody who could see its rows."""
        super().__init_subclass__(**kwargs)
        cls.queryset = cls.serializer_class.Meta.model._default_manager.none()

    def get_queryset(self) -> QuerySet[Any]:
        raise NotImplementedError

    def filterset_takes(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 (others look at it)
        return {}

    def parameters(self) -> set[str] | None:
        if self.action != "list":
            return set()
        filters = self.filterset_class.base_filters if self.filterset_class else {}
        return OF_PAGES | {*filters}

    def listed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What the list leaves out until it is asked for."""
        return rows

    def list(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002 (routes name rows)
        rows = self.listed(self.filter_queryset(self.get_queryset()))
        return self.page_of(rows, self.get_serializer)

    def page_of(self, rows: QuerySet[Any], serializer: Any) -> Response:
        page = self.paginator.paginate_queryset(rows, self.request, view=self)
        self.prepare(page)
        told: Response = self.paginator.get_paginated_response(serializer(page, many=True).data)
        return told

    def prepare(self, rows: Iterable[Model]) -> None:
        """Fetch at once what the rows are told with."""

    def retrieve(self, request: Request, **wanted: Any) -> Response:  # noqa: ARG002 (DRF's signature)
        row = self.found(one_or_404(self.get_queryset(), **self.named(wanted)))
        return self.told(row)

    def told(self, row: Model) -> Response:
        version = getattr(row, "version", None)
        headers = {"X-Version": str(version)} if version is not None else {}
        return Response(self.get_serializer(row).data, headers=headers)

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """What stands in the address, as columns."""
        return wanted

    def found(self, row: Any) -> Any:
        self.prepare([row])
        return row
