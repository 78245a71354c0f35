"""Many action items at once: each is changed by itself, or told why it is not."""

from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from incidents.action_items.forms import MOST_AT_ONCE, NOBODY, BulkForm
from incidents.action_items.operations import change_action_items
from incidents.action_items.queries import action_items_for
from incidents.api.resources.action_items import ActionItems
from incidents.api.versions import tag_of
from incidents.api.writing.bodies import JSON, body_of
from incidents.api.writing.refusals import OF_OWN, Unprocessable, errors_of
from incidents.api.writing.ways import Way
from incidents.models import ActionItem, Reach, Team, User

PREFIX = "ACT-"
NOT_THERE = "There is no such action item, or it is not open to you."
HIGHEST = 10**9


class ChangedSerializer(serializers.Serializer):
    reference = serializers.CharField()
    version = serializers.IntegerField(help_text="That there is now.")


class RefusedSerializer(serializers.Serializer):
    reference = serializers.CharField()
    why = serializers.CharField()


class OutcomesSerializer(serializers.Serializer):
    """Each that was named is in one of the two."""

    changed = ChangedSerializer(many=True)
    refused = RefusedSerializer(many=True)


FIELDS = ("items", "owner", "team", "due_date", "start")
ITEM = {
    "type": "object",
    "properties": {
        "reference": {"type": "string", "description": "`ACT-9`."},
        "version": {"type": "integer", "minimum": 1, "description": "That was read."},
    },
    "required": ["reference", "version"],
    "additionalProperties": False,
}
WISH = {
    "type": "object",
    "properties": {
        "items": {"type": "array", "minItems": 1, "maxItems": MOST_AT_ONCE, "items": ITEM},
        "owner": {"type": ["string", "null"], "description": "A `username`; null is nobody."},
        "team": {"type": ["string", "null"], "description": "A `slug`; null is none."},
        "due_date": {"type": ["string", "null"], "format": "date", "description": "Null is none."},
        "start": {"type": "boolean", "description": "Start those that are open."},
    },
    "required": ["items"],
    "additionalProperties": False,
    "examples": [{"items": [{"reference": "ACT-9", "version": 3}], "owner": "ada", "start": True}],
}
SEVERAL = Way(
    summary="Change the owner, the team or the due date of many action items, or start them",
    does=change_action_items,
    about="What is not sent stays as it is. One that is refused is told with the reason, and keeps"
    " none of the others from being changed. Sent again it changes nothing, and needs no"
    " `Idempotency-Key`.",
    json=WISH,
    takes_key=False,
)


class SeveralActionItems(ActionItems):
    whole = OutcomesSerializer
    writes: ClassVar[dict[str, Way]] = {"take_step": SEVERAL}

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        told = body_of(request)
        named = items_in(told)
        form = BulkForm(sent_of(told, named))
        if not form.is_valid():
            raise Unprocessable(errors_of(form, {"no_due_date": "due_date"}))
        at = timezone.now()
        rows = action_items_for(self.user, today=self.user.date_at(at)).filter(pk__in=named)
        found = {row.pk: row for row in rows}
        refused = dict.fromkeys(named.keys() - found.keys(), NOT_THERE)
        if self.user.reach == Reach.OWN:
            refused |= {key: OF_OWN for key, row in found.items() if row.incident_id is None}
        wishes = [(found[key], named[key]) for key in sorted(found) if key not in refused]
        outcomes = self.way.does(
            wishes, values=form.values, start=form.cleaned_data["start"], by=self.user, at=at
        )
        refused |= {one.item.pk: one.refusal for one in outcomes if one.refusal}
        return outcome_of([one.item for one in outcomes if not one.refusal], refused)


def outcome_of(changed: list[ActionItem], refused: dict[int, str]) -> HttpResponse:
    told = {
        "changed": [{"reference": one.reference, "version": one.version} for one in changed],
        "refused": [
            {"reference": f"{PREFIX}{key}", "why": refused[key]} for key in sorted(refused)
        ],
    }
    content = JSONRenderer().render(told)
    answer = HttpResponse(content, content_type=JSON)
    answer["ETag"] = tag_of(content, None)
    return answer


def items_in(told: dict[str, Any]) -> dict[int, int]:
    """The keys with the versions that were read. Raises `Unprocessable`."""
    if unknown := sorted(told.keys() - set(FIELDS)):
        known = ", ".join(FIELDS)
        raise Unprocessable(
            {name[:80]: [f"This is no field here. There are: {known}."] for name in unknown}
        )
    items = told.get("items")
    if not isinstance(items, list) or not 0 < len(items) <= MOST_AT_ONCE:
        raise Unprocessable({"items": [f"A list of 1 to {MOST_AT_ONCE} {{reference, version}}."]})
    named: dict[int, int] = {}
    for item in items:
        if not isinstance(item, dict) or item.keys() != {"reference", "version"}:
            raise Unprocessable({"items": ["Each is an object: {reference, version}."]})
        reference, version = item["reference"], item["version"]
        key = key_of(reference)
        if key is None:
            raise Unprocessable({"items": [f"Write each reference like {PREFIX}42."]})
        is_number = isinstance(version, int) and not isinstance(version, bool)
        if not is_number or not 0 < version < HIGHEST:
            raise Unprocessable({"items": ["Each version is a whole number from 1 on."]})
        if named.setdefault(key, version) != version:
            raise Unprocessable({"items": [f"{PREFIX}{key} is named twice."]})
    return named


def key_of(reference: Any) -> int | None:
    """Right: "ACT-9". Wrong: "9", "ACT-09"."""
    number = reference.removeprefix(PREFIX) if isinstance(reference, str) else ""
    is_key = number.isascii() and number.isdecimal() and number[0] != "0" and len(number) <= 18  # noqa: PLR2004 (as many as a key has)
    return int(number) if is_key and reference != number else None


def sent_of(told: dict[str, Any], named: dict[int, int]) -> QueryDict:
    """As the page sends it: there is a word for nobody, and a box for no date.

    Raises `Unprocessable`.
    """
    data = QueryDict(mutable=True)
    data.setlist("item", [f"{key}.{version}" for key, version in named.items()])
    if "owner" in told:
        data["owner"] = choice("owner", told["owner"], User.objects.filter(is_active=True))
    if "team" in told:
        data["team"] = choice("team", told["team"], Team.objects.all())
    if "due_date" in told and told["due_date"] is None:
        data["no_due_date"] = "on"
    elif "due_date" in told:
        if not isinstance(told["due_date"], str):
            raise Unprocessable({"due_date": ["A day, such as 2026-03-14."]})
        data["due_date"] = told["due_date"]
    if not isinstance(told.get("start", False), bool):
        raise Unprocessable({"start": ["true or false."]})
    if told.get("start"):
        data["start"] = "on"
    return data


def choice(name: str, value: Any, rows: Any) -> str:
    if value is None:
        return NOBODY
    column = "username" if name == "owner" else "slug"
    key = None
    if isinstance(value, str):
        key = rows.filter(**{column: value}).values_list("pk", flat=True).first()
    if key is None:
        raise Unprocessable({name: [f"There is none with this {column}."]})
    return str(key)
