"""Addresses at which programs write: a list takes new rows, a row takes changes."""

from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from incidents.access.gates import one_or_404
from incidents.api.versions import Stale, tag_of, version_named
from incidents.api.views import Records
from incidents.api.writing.bodies import JSON, body_of
from incidents.api.writing.once import once
from incidents.api.writing.refusals import as_problems, refuse_own_reach, refuse_who_may_not
from incidents.api.writing.ways import Way
from incidents.history.operations import EditConflict
from incidents.runbooks.operations import NotTheTextThatWasRead


class Writes(Records):
    """Records that are written, too, by what stands in `writes`."""

    writes: ClassVar[dict[str, Way]] = {}
    whole: Any = None
    """The serializer of one row, where a list tells less of it."""
    route = ""
    """The name of a row's address, and its keys as columns."""
    in_route: ClassVar[dict[str, str]] = {}
    is_of_incidents = False
    """Whether all that is written here belongs to one incident: else a token of own incidents only
    reads it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        way = self.writes.get(self.action or "")
        if request.method not in SAFE_METHODS and way is not None:
            refuse_who_may_not(self.user, way.scope, by_anybody=way.by_anybody)
            if not self.is_of_incidents:
                refuse_own_reach(self.user)

    @property
    def way(self) -> Way:
        return self.writes[self.action]

    def create(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        made_with = self.made_with()
        return once(request, write=lambda: self.make(made_with), answer=self.answer)

    def partial_update(self, request: Request, **wanted: Any) -> HttpResponse:
        row = self.row(wanted)
        seen = self.seen(request, row)
        with transaction.atomic():
            filled = self.filled(instance=row)
            self.carry_out(filled, row, version=seen, values=self.values(filled))
            return self.answer(row.pk)

    def destroy(self, request: Request, **wanted: Any) -> HttpResponse:
        row = self.row(wanted)
        seen = self.seen(request, row)
        with transaction.atomic():
            self.carry_out(self.filled(), row, version=seen)
        return HttpResponse(status=self.way.answers)

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:
        """One step of a row's way, with the words that it asks for."""
        row = self.row(wanted)

        def write() -> int:
            # Not before: who sends it again names the version that there was then.
            seen = {"version": self.seen(request, row)} if self.way.names_version else {}
            filled = self.filled()
            self.carry_out(filled, row, **seen, **filled.cleaned_data)
            return int(row.pk)

        return once(request, write=write, answer=self.answer)

    def make(self, made_with: dict[str, Any]) -> int:
        filled = self.filled(**made_with)
        return int(self.carry_out(filled, values=self.values(filled)).pk)

    def made_with(self) -> dict[str, Any]:
        """What the form of a new row is given; raises `Http404` for what it would belong to."""
        return {}

    def initial_of_form(self) -> dict[str, Any]:
        """What the page of a new row proposes."""
        return {}

    def filled(self, **form_takes: Any) -> Any:
        """The form with what was sent. Raises `Unprocessable` and as `body_of`."""
        if self.way.takes is None:
            return forms.Form({})
        told = body_of(self.request)
        initial = {} if "instance" in form_takes else self.initial_of_form()
        return self.way.takes.filled(told, user=self.user, initial=initial, **form_takes)

    def values(self, filled: Any) -> dict[str, Any]:
        values: dict[str, Any] = filled.values
        return values

    def carry_out(self, filled: forms.BaseForm, *row: Model, **given: Any) -> Any:
        """The operation. Raises what `as_problems` makes of its refusals, and `Stale`."""
        names = self.way.takes.names if self.way.takes else {}
        try:
            with as_problems(filled, names), transaction.atomic():
                return self.way.does(*row, **given, by=self.user, at=timezone.now())
        except (EditConflict, NotTheTextThatWasRead) as refusal:
            raise self.stale(row[0].pk) from refusal

    def rows(self) -> QuerySet[Any]:
        """Those that one may know of, without all that they are told with."""
        rows: Any = self.queryset.model._default_manager
        found: QuerySet[Any] = (
            rows.visible_to(self.user) if hasattr(rows, "visible_to") else rows.all()
        )
        return found

    def row(self, wanted: dict[str, Any]) -> Any:
        return one_or_404(self.rows(), **self.named(wanted))

    def seen(self, request: Request, row: Any) -> int:
        """The present version, which the program has seen. Raises `NameTheVersion` and `Stale`."""
        if row.version not in version_named(request):
            raise self.stale(row.pk)
        return int(row.version)

    def stale(self, key: int) -> Stale:
        tag = self.answer(key)["ETag"]
        return Stale(one_or_404(self.rows(), pk=key), tag)

    def answer(self, key: int) -> HttpResponse:
        """The row as whoever asks may see it now. Raises `Http404`."""
        row = self.found(one_or_404(self.get_queryset(), pk=key))
        if self.whole:
            self.serializer_class = self.whole
        content = JSONRenderer().render(self.get_serializer(row).data)
        answer = HttpResponse(content, content_type=JSON, status=self.way.answers)
        answer["ETag"] = tag_of(content, getattr(row, "version", None))
        if self.route and answer.status_code == 201:  # noqa: PLR2004 (it was made)
            keys = {name: getattr(row, column) for name, column in self.in_route.items()}
            answer["Location"] = reverse(f"api:{self.route}", kwargs=keys)
        return answer
