"""Hostile texts in every column that shows what people wrote."""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from django.apps import apps
from django.db import models, transaction

from incidents.lookup.operations import keep_findable
from incidents.lookup.words import KINDS
from incidents.models import Editable
from tests.hostile.payloads import Payload

Making = Callable[[str], str]
# What is compared, looked up by, or read by a program, and not what somebody wrote.
NAMES = frozenset(
    # ruff: noqa: SIM905 -- names of columns are read as words.
    "beginning document_type expression external_key file fingerprint folder format key kind"
    " made_url media_type nonce once password period precondition queue secret sha256 slug"
    " time_zone token typing url username way".split()
)
# Derived from the others, or never shown.
NOT_WRITTEN = frozenset(
    {"AlertMatcher", "AttachmentContent", "QueueSeen", "ReviewEdition", "RunbookWords",
     "SearchEntry", "Submission", "TrackerDelivery", "TrackerIssue", "HookedIncident", "Pause",
     "KeyedRequest"}
)  # fmt: skip
# … whose addresses are made of these.
IN_ADDRESSES = {"Knob": {"component", "key"}}
TEXTS_OF_PROSE = 6


class Planting:
    """Goes on with the next text where the last was planted, so that each is somewhere."""

    def __init__(self, some: list[Payload], made: Making) -> None:
        self.texts = cycle(each.text.replace("\x00", "") for each in some)
        self.made = made
        self.planted = 0

    def next(self, longest: int | None) -> str:
        self.planted += 1
        return next(text for text in self.texts if longest is None or len(text) <= longest)

    def name(self, field: "models.Field[Any, Any]") -> str:
        """One that no other row has."""
        room = (field.max_length or 200) - 8
        return f"{self.next(room)} {self.planted}"

    def prose(self) -> str:
        return "\n\n".join(self.next(None) for _ in range(TEXTS_OF_PROSE))

    def plant(self) -> int:
        """How many texts stand in the site now."""
        with transaction.atomic():
            for table in apps.get_app_config("incidents").get_models():
                if table.__name__ not in NOT_WRITTEN:
                    for row in table._base_manager.order_by("pk"):
                        values = dict(self.values_of(row))
                        table._base_manager.filter(pk=row.pk).update(**values)
            for table in KINDS:
                keep_findable(*table._base_manager.all())
        return self.planted

    def values_of(self, row: models.Model) -> Iterator[tuple[str, Any]]:
        prose = row.PROSE if isinstance(row, Editable) else ()
        for name in prose:
            text = self.prose()
            yield name, text
            yield f"{name}_html", self.made(text)
        kept = NAMES | IN_ADDRESSES.get(type(row).__name__, set()) | set(prose)
        for field in row._meta.concrete_fields:
            if field.name in kept or field.name.endswith("_html") or field.choices:
                continue
            value = getattr(row, field.name)
            if isinstance(field, models.JSONField):
                yield field.name, self.inside(value)
            elif isinstance(field, models.URLField):
                if value:
                    yield field.name, f"https://example.org/{self.next(field.max_length - 20)}"
            elif isinstance(field, models.CharField | models.TextField) and value != "":
                yield field.name, self.name(field) if field.unique else self.next(field.max_length)

    def inside(self, value: Any) -> Any:
        """What has a space in it is a text; all else may be a name that programs know."""
        if isinstance(value, dict):
            return {key: self.inside(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.inside(each) for each in value]
        if isinstance(value, str) and " " in value:
            return self.next(None)
        return value
