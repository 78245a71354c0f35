"""What changed in a record, by whom and when; how it was; and the way back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import one_or_404
from incidents.api.authentication import needs_all_reach
from incidents.api.fields import PersonNamed, ReadSerializer
from incidents.api.views import OF_PAGES
from incidents.api.writes import Writes
from incidents.api.writing.once import once
from incidents.api.writing.refusals import NotNow, refuse_own_reach
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way
from incidents.history import bring_back, comparing, queries
from incidents.history.bring_back import CannotBringBack
from incidents.history.documents import VISIBLE_DOCUMENTS, document_of
from incidents.history.operations import EditConflict, RowGone
from incidents.history.stays import NEVER
from incidents.history.versions import Key
from incidents.history.words import Names, told
from incidents.models import ActionItem, Change, Incident, User


class Named(NamedTuple):
    """How the interface names the documents of a kind: by a column, behind a prefix."""

    type: str
    column: str = "pk"
    prefix: str = ""


KINDS: Mapping[str, Named] = {
    "incident": Named("incident", prefix="INC-"),
    "runbook": Named("runbook", "slug"),
    "lesson": Named("lesson", prefix="LES-"),
    "knob": Named("knob"),
    "factor": Named("factor", "slug"),
    "action": Named("actionitem", prefix="ACT-"),
    "review": Named("review"),
    "service": Named("service", "slug"),
    "team": Named("team", "slug"),
    "person": Named("user", "username"),
}
IN_PATH = (
    OpenApiParameter("kind", enum=list(KINDS), location=OpenApiParameter.PATH, required=True),
    OpenApiParameter(
        "name",
        OpenApiTypes.STR,
        OpenApiParameter.PATH,
        required=True,
        description="As its address has it: `INC-42`, a slug, the number of a knob or review.",
    ),
)


def document_named(kind: str, name: str, user: User) -> Any:
    """The record, if this person may know of it: the one gate of all its history."""
    wanted = KINDS.get(kind)
    if wanted is None or not name.startswith(wanted.prefix):
        raise Http404("There is no such record, or it is not open to you.")
    if kind == "review":
        needs_all_reach(user)
    found = VISIBLE_DOCUMENTS[wanted.type](user)
    return one_or_404(found, **{wanted.column: name.removeprefix(wanted.prefix)})


class LineSerializer(ReadSerializer):
    """One change: `what` says which rows and fields it touched. `by` is null where the site did it
    by itself."""

    by = PersonNamed(allow_null=True)
    what = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Change
        fields: tuple[str, ...] = ("id", "at", "by", "summary", "what")


class FieldSerializer(serializers.Serializer):
    """Empty is what holds nothing, or is not told because it speaks of another record."""

    name = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class RowSerializer(serializers.Serializer):
    """One row that was touched. `can_bring_back` are the fields whose earlier text is not there
    now, and can be again, from `row_version`; `is_gone` is true of a part that can be made
    again."""

    record = serializers.CharField()
    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    did = serializers.ChoiceField(choices=["created", "changed", "removed"])
    changes = FieldSerializer(many=True)
    can_bring_back = serializers.ListField(child=serializers.CharField())
    row_version = serializers.IntegerField(allow_null=True)
    is_gone = serializers.BooleanField()


class WholeLineSerializer(LineSerializer):
    """One change with what was there before it, and after it."""

    rows = RowSerializer(many=True)

    class Meta(LineSerializer.Meta):
        fields = (*LineSerializer.Meta.fields, "rows")


class TextSerializer(serializers.Serializer):
    label = serializers.CharField()
    text = serializers.CharField()


class RowThenSerializer(serializers.Serializer):
    record = serializers.CharField()
    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    texts = TextSerializer(many=True)


class VersionSerializer(LineSerializer):
    """All of the record as it was after this change, the record itself first. `can_take_back` is
    whether it is not so now, and can be again."""

    rows = RowThenSerializer(many=True)
    can_take_back = serializers.BooleanField()

    class Meta(LineSerializer.Meta):
        fields = (*LineSerializer.Meta.fields, "rows", "can_take_back")


class FieldForm(forms.Form):
    record = forms.CharField(max_length=40)
    id = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    field = forms.CharField(max_length=40)
    row_version = forms.IntegerField(min_value=1, max_value=10**9)


class PartForm(forms.Form):
    record = forms.CharField(max_length=40)
    id = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class LastForm(forms.Form):
    last_change = forms.IntegerField(min_value=1, max_value=2**63 - 1)


Wish = Mapping[str, Any]


def back_field(row: Any, line: Change, wish: Wish, *, by: User, at: datetime) -> None:
    key, before = touched(row, line, wish)
    bring_back.bring_back_field(
        row, key, wish["field"], before=before, version=wish["row_version"], by=by, at=at
    )


def back_part(row: Any, line: Change, wish: Wish, *, by: User, at: datetime) -> None:
    key, before = touched(row, line, wish)
    bring_back.bring_back_part(row, key, before=before, by=by, at=at)


def back_whole(row: Any, line: Change, wish: Wish, *, by: User, at: datetime) -> None:
    (state,) = queries.states_after(row, line.pk)
    words = f"{line.at:%Y-%m-%d %H:%M} UTC"
    bring_back.take_back(row, to=state, seen=wish["last_change"], by=by, at=at, version_of=words)


def touched(row: Any, line: Change, wish: Wish) -> tuple[Key, Any]:
    """Raises `Http404` for a row that was not there before the change."""
    key = (wish["record"], wish["id"])
    (before,) = queries.states_after(row, line.pk - 1)
    if key not in before:
        raise Http404("This change did not touch that.")
    return key, before


FIELD = Way(
    summary="Bring back the text that one field had before a change",
    does=back_field,
    takes=Taken(FieldForm),
    about="`record`, `id`, `field` and `row_version` are as the change tells them. Somebody who"
    " changed the field since is not written over: that is 409.",
)
PART = Way(
    summary="Bring back a part that a change removed",
    does=back_part,
    takes=Taken(PartForm),
    about="In its place, as far as what it stood after is still there.",
)
WHOLE = Way(
    summary="Take the whole record back to what it was after a change",
    does=back_whole,
    takes=Taken(LastForm),
    about="`last_change` is the last change that you know of: 409 where there is a later one."
    " States, who may see it and what others decided stay as they are. Where it is like that"
    " already, nothing is written.",
)


class Lines(Writes):
    """Whatever is told of a record's history comes through the gate of the record as it is now."""

    serializer_class = LineSerializer
    filter_backends = ()
    is_of_incidents = True
    in_path = IN_PATH

    @property
    def document(self) -> Any:
        if not hasattr(self, "_document"):
            self._document = document_named(self.kwargs["kind"], self.kwargs["name"], self.user)
        return self._document

    def get_queryset(self) -> QuerySet[Change]:
        return queries.changes_of(document_of(self.document))

    def rows(self) -> QuerySet[Change]:
        return self.get_queryset()

    def parameters(self) -> set[str] | None:
        return OF_PAGES if self.action == "list" else set()

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["change"]}

    def prepare(self, rows: Any) -> None:
        document = document_of(self.document)
        for line in rows:
            line.what = told(document, line.parts)

    @extend_schema(summary="What changed in a record, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        """People's history is for administrators, that of reviews not for tokens of own
        incidents."""
        return super().list(request, **kwargs)


class OneLine(Lines):
    serializer_class = WholeLineSerializer

    @extend_schema(summary="One change, with what was there before and after it")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        """What speaks of a record that is not open to you is told without its fields."""
        return super().retrieve(request, **wanted)

    def found(self, row: Any) -> Any:
        line, document = super().found(row), self.document
        before, after = queries.states_after(document, line.pk - 1, line.pk)
        names = Names([before, after], self.user)
        changes = comparing.compare(document_of(document), before, after, names)
        offers = bring_back.offers(document, changes, before)
        line.rows = [
            {
                "record": one.record,
                "id": one.id,
                "kind": one.kind,
                "title": one.title,
                "did": one.did,
                "changes": one.fields,
                **offered(offers.get((one.record, one.id))),
            }
            for one in changes
        ]
        return line


def offered(offer: bring_back.Offer | None) -> dict[str, Any]:
    return {
        "can_bring_back": sorted(offer.columns) if offer else [],
        "row_version": offer.version if offer and offer.version else None,
        "is_gone": bool(offer and offer.whole),
    }


class Version(Lines):
    serializer_class = VersionSerializer

    @extend_schema(summary="A record as it was after a change")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        """What speaks of a record that is not open to you is told without its fields."""
        return super().retrieve(request, **wanted)

    def found(self, row: Any) -> Any:
        line, document = super().found(row), self.document
        (state,) = queries.states_after(document, line.pk)
        rows = comparing.version(document_of(document), state, Names([state], self.user))
        line.rows = [
            {
                "record": one.record,
                "id": one.id,
                "kind": one.kind,
                "title": one.title,
                "texts": [{"label": label, "text": text} for label, text in one.fields],
            }
            for one in rows
        ]
        last = queries.last_change(document)
        line.can_take_back = line != last and line.document_type not in NEVER
        return line


class Back(Lines):
    """The answer is the line of history that was written, or is the last one."""

    writes: ClassVar[dict[str, Way]] = {"take_step": WHOLE}

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:
        document = self.document
        if not is_of_an_incident(document):
            refuse_own_reach(self.user)
        line = self.row(wanted)

        def write() -> int:
            wish = self.filled().cleaned_data
            try:
                self.way.does(document, line, wish, by=self.user, at=timezone.now())
            except (CannotBringBack, EditConflict, RowGone) as refusal:
                raise NotNow(str(refusal)) from refusal
            return int(queries.last_change(document).pk)  # type: ignore[union-attr]  # there is this one

        return once(request, write=write, answer=self.answer)


def is_of_an_incident(document: Any) -> bool:
    is_its_item = isinstance(document, ActionItem) and document.incident_id is not None
    return is_its_item or isinstance(document, Incident)
