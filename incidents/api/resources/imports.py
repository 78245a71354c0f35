"""Bringing records in: asked for, looked at, applied, undone; and what an import proposes."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import FOR_EDITORS, one_or_404
from incidents.api.fields import PageField, PersonNamed, ReadSerializer
from incidents.api.views import OF_PAGES
from incidents.api.writes import Writes
from incidents.api.writing.bodies import body_of
from incidents.api.writing.files import digest_of, form_of
from incidents.api.writing.once import once
from incidents.api.writing.refusals import REQUEST, NotNow, Unprocessable, errors_of
from incidents.api.writing.taken import NOTHING
from incidents.api.writing.ways import Way
from incidents.importers.columns import FIELDS, NoTable
from incidents.importers.formats import FORMATS, UnknownFormat
from incidents.importers.intake import operations
from incidents.importers.intake.forms import ImportForm, OptionsForm
from incidents.importers.intake.queries import imports_of
from incidents.lib.zones import ZONE_NAMES
from incidents.models import Import, ImportRow, ImportState, Role, RowAction, User

FORMAT_NAMES = [each.name for each in FORMATS.values()]
MOST_HEADERS = 500


class ImportSerializer(ReadSerializer):
    """`state` says how far it is. `stopped` is true where its job came to an end without it:
    `error` says why, and `retry/` goes on from there. `counts` says how many records have each
    action; `done` counts those of the step that is under way, of `total`."""

    page = PageField()
    name = serializers.SerializerMethodField()
    owner = PersonNamed(allow_null=True)
    stopped = serializers.BooleanField(source="has_stopped")
    done = serializers.IntegerField(source="job.progress_done", default=0)
    total = serializers.IntegerField(source="job.progress_total", default=None, allow_null=True)
    error = serializers.CharField(source="job.error", default="", allow_blank=True)
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="By `make`, `change`, `leave`, `unread`."
    )

    class Meta:
        model = Import
        fields = (
            "id",
            "page",
            "name",
            "format",
            "owner",
            "state",
            "stopped",
            "done",
            "total",
            "error",
            "counts",
            "made_at",
            "expires_at",
            "applied_at",
            "undone_at",
        )

    def get_name(self, row: Import) -> str:
        name: str = row.title_for(self.context["request"].user)
        return name


class ImportColumnSerializer(serializers.Serializer):
    header = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True, help_text="Empty: it goes into the notes.")


class ImportColumnsSerializer(serializers.Serializer):
    """What each column of a table is, as it is read now, and what it can be."""

    columns = ImportColumnSerializer(many=True)
    zone = serializers.CharField(help_text="Of the times that name none.")
    fields_there_are = serializers.DictField(child=serializers.CharField())


FORM = {
    "type": "object",
    "properties": {
        "uploads": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "format": {"type": "string", "enum": FORMAT_NAMES},
        "makes_services": {"type": "string", "enum": ["on"]},
    },
    "required": ["uploads"],
    "additionalProperties": False,
}
OTHERWISE = {
    "type": "object",
    "properties": {
        "format": {"type": "string", "enum": FORMAT_NAMES},
        "makes_services": {"type": "boolean"},
        "columns": {
            "type": "object",
            "additionalProperties": {"type": "string", "enum": [*FIELDS]},
            "description": "Of a table: the field of each column, by its header.",
        },
        "zone": {
            "type": "string",
            "enum": ZONE_NAMES,
            "description": "Of a table: the zone of the times that name none.",
        },
    },
    "additionalProperties": False,
    "examples": [{"format": "csv", "columns": {"Opened at": "began"}, "zone": "Asia/Tokyo"}],
}
BRING_IN = Way(
    summary="Bring records in: have files read",
    does=operations.start_import,
    about="Files of a form: `curl -F uploads=@old.zip`. The format is told by the files where none"
    " is named. A worker reads them, and nothing is written: ask again until the `state` is"
    " `ready`, look at the rows, then apply it.",
    form=FORM,
    answers=HTTPStatus.CREATED,
)
READ_AGAIN = Way(
    summary="Read an import by another format, or with other columns",
    does=operations.read_again,
    json=OTHERWISE,
    about="What is not sent stays as it is.",
)
APPLY = Way(
    summary="Apply an import: make drafts of what was read",
    does=operations.ask_to_apply,
    takes=NOTHING,
)
UNDO = Way(
    summary="Undo an import that was applied",
    does=operations.ask_to_undo,
    takes=NOTHING,
    about="What somebody edited since stays.",
)
RETRY = Way(
    summary="Go on with an import that stopped", does=operations.ask_once_more, takes=NOTHING
)
CANCEL = Way(
    summary="Cancel an import that is being read or applied",
    does=operations.cancel_import,
    takes=NOTHING,
    about="Ask again: one that was being read is forgotten, with its files; of one that was being"
    " applied a worker takes back what was written, and then its `state` is `undone`.",
    takes_key=False,
    answers=HTTPStatus.NO_CONTENT,
    gone="It will be as if it had not been.",
)


class ForEditors(Writes):
    """As on the page, readers do not see them; a token that only reads may."""

    filter_backends: Any = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.user.role == Role.READER:
            raise PermissionDenied(FOR_EDITORS)

    def parameters(self) -> set[str] | None:
        return super().parameters() if self.filterset_class else self.of_pages()

    def of_pages(self) -> set[str]:
        return OF_PAGES if self.action == "list" else set()


class Imports(ForEditors):
    serializer_class = ImportSerializer
    route = "import"
    in_route: ClassVar[dict[str, str]] = {"imported": "pk"}
    writes: ClassVar[dict[str, Way]] = {"create": BRING_IN}

    def get_queryset(self) -> QuerySet[Import]:
        return imports_of(self.user)

    def rows(self) -> QuerySet[Import]:
        return imports_of(self.user)

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["imported"]}

    def prepare(self, rows: Any) -> None:
        counts = counts_by_import([row.pk for row in rows], self.user)
        for row in rows:
            row.counts = counts[row.pk]

    def create(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        sent = form_of(request, fields={"uploads", "format", "makes_services"})
        form = ImportForm(sent.POST, sent.FILES)
        if not form.is_valid():
            raise Unprocessable(errors_of(form, {}))

        def write() -> int:
            try:
                made = self.way.does(
                    form.cleaned_data["uploads"],
                    wanted=form.cleaned_data["format"],
                    options={"makes_services": form.cleaned_data["makes_services"]},
                    by=self.user,
                    at=timezone.now(),
                )
            except operations.TooManyImports as refusal:
                raise NotNow(str(refusal)) from refusal
            except UnknownFormat as refusal:
                raise Unprocessable({"format": [str(refusal)]}) from refusal
            return int(made.pk)

        return once(request, write=write, answer=self.answer, sent=digest_of(request))

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:
        row = self.row(wanted)

        def write() -> int:
            try:
                self.way.does(row, **self.words(row), by=self.user, at=timezone.now())
            except operations.NotInThatState as refusal:
                raise NotNow(str(refusal)) from refusal
            return int(row.pk)

        return once(request, write=write, answer=self.answer)

    def words(self, row: Import) -> dict[str, Any]:  # noqa: ARG002 (`ReadAgain` looks at it)
        self.filled()
        return {}

    @extend_schema(summary="Your imports, the latest first; to administrators everybody's")
    def list(self, request: Request, **kwargs: Any) -> Response:
        """For editors. But for those that brought in only what is not open to you now."""
        return super().list(request, **kwargs)

    @extend_schema(summary="An import, and how far it is")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


def counts_by_import(keys: list[int], user: User) -> dict[int, dict[str, int]]:
    counts = {key: dict.fromkeys(RowAction.values, 0) for key in keys}
    rows = ImportRow.objects.visible_to(user).filter(of__in=keys).order_by()
    for of, action, count in rows.values_list("of", "action").annotate(count=Count("pk")):
        counts[of][action] = count
    return counts


class Cancel(Imports):
    writes: ClassVar[dict[str, Way]] = {"take_step": CANCEL}

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        row = self.row(wanted)
        self.filled()
        try:
            self.way.does(row, by=self.user, at=timezone.now())
        except operations.NotInThatState as refusal:
            raise NotNow(str(refusal)) from refusal
        return HttpResponse(status=self.way.answers)


class ReadAgain(Imports):
    writes: ClassVar[dict[str, Way]] = {"take_step": READ_AGAIN}

    def words(self, row: Import) -> dict[str, Any]:
        told = body_of(self.request)
        form = OptionsForm(sent_of(told, row))
        if not form.is_valid():
            raise Unprocessable(errors_of(form, {"__all__": REQUEST}))
        return {"wanted": form.cleaned_data["format"], "options": form.options}


def sent_of(told: Mapping[str, Any], row: Import) -> QueryDict:
    """As the page sends it: the headers and, in their order, their fields.

    Raises `Unprocessable`.
    """
    if unknown := sorted(told.keys() - {"format", "makes_services", "columns", "zone"}):
        words = "This is no field here. There are: format, makes_services, columns, zone."
        raise Unprocessable({name[:80]: [words] for name in unknown})
    format_ = told.get("format", row.format)
    makes = told.get("makes_services", row.options.get("makes_services", False))
    reading = row.options.get("reading", {})
    columns = told.get("columns", reading.get("mapping", {}))
    zone = told.get("zone", reading.get("zone", ""))
    if not isinstance(format_, str):
        raise Unprocessable({"format": ["A text."]})
    if not isinstance(makes, bool):
        raise Unprocessable({"makes_services": ["true or false."]})
    is_object = isinstance(columns, dict) and len(columns) <= MOST_HEADERS
    if not is_object or not all(isinstance(one, str) and one in FIELDS for one in columns.values()):
        known = ", ".join(one for one in FIELDS if one)
        raise Unprocessable({"columns": [f"An object: {{header: field}}. Fields: {known}."]})
    if "zone" in told and zone not in ZONE_NAMES:
        raise Unprocessable({"zone": ["There is no such time zone: a name such as Asia/Tokyo."]})
    data = QueryDict(mutable=True)
    data["format"], data["zone"] = format_, zone
    if makes:
        data["makes_services"] = "on"
    data.setlist("header", [*columns])
    data.setlist("column", [*columns.values()])
    return data


class Columns(ForEditors):
    """Of a table that waits to be applied."""

    serializer_class = ImportSerializer
    whole = ImportColumnsSerializer

    def get_queryset(self) -> QuerySet[Import]:
        return imports_of(self.user)

    @extend_schema(summary="What the columns of a table are", responses=ImportColumnsSerializer)
    def retrieve(self, request: Request, **wanted: Any) -> Response:  # noqa: ARG002 (DRF's signature)
        """404 where it is no table, or is not waiting to be applied."""
        found = one_or_404(self.get_queryset(), pk=wanted["imported"])
        read = columns_of(found)
        reading = found.options.get("reading", {})
        said = reading.get("mapping", {})
        columns = [{"header": one.header, "field": said.get(one.header, one.field)} for one in read]
        told = {"columns": columns, "zone": reading.get("zone", "UTC")}
        return Response({**told, "fields_there_are": dict(FIELDS)})


def columns_of(found: Import) -> Any:
    """Raises `Http404`."""
    reading = FORMATS.get(found.format)
    waits = found.state == ImportState.READY and bool(found.folder)
    if not waits or reading is None or reading.columns is None:
        raise Http404("It has no columns to look at.")
    try:
        return reading.columns(operations.place_of(found))
    except NoTable as refusal:
        raise Http404(str(refusal)) from refusal
