"""What all answers of the interface have in common."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from incidents.access.gates import one_or_404, person
from incidents.api.authentication import BySession, ByToken, SignedIn
from incidents.api.described import Description
from incidents.api.filtering import Filters
from incidents.api.limits import count_address, count_asker, refuse_more
from incidents.api.paging import Pages
from incidents.api.versions import tag_of
from incidents.models import User

OF_PAGES = {"cursor", "limit"}


class Answer(APIView):
    """Authentication, limits, conditional answers and refused parameters: for every address."""

    authentication_classes = (ByToken, BySession)
    permission_classes = (SignedIn,)
    renderer_classes = (JSONRenderer,)
    throttle_classes = ()
    metadata_class = None
    http_method_names = ("get", "head", "post", "patch", "delete")
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
        is_read = request.method in SAFE_METHODS and answer.status_code == 200  # noqa: PLR2004 (it is told)
        if is_read and isinstance(answer, Response):
            django_request = request._request  # noqa: SLF001 (DRF's own way to Django's request)
            answer.add_post_render_callback(lambda told: unless_known(django_request, told))
        return answer

    @property
    def user(self) -> User:
        return person(self.request)


def unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse | None:
    """304 where the program has this very answer already."""
    version = answer.get("X-Version")
    del answer["X-Version"]
    tag = tag_of(answer.content, version)
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
        if of := getattr(cls.serializer_class, "Meta", None):
            cls.queryset = of.model._default_manager.none()

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
