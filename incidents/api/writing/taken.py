"""A form of the pages, as JSON fills it in. What the form refuses is refused here, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from incidents.api.writing.kinds import Kind, NotThat, kind_of
from incidents.api.writing.refusals import Unprocessable, errors_of
from incidents.history.forms import RecordForm, as_sent
from incidents.models import User

OURS = frozenset({"version", "token", "dealt_with"})
"""What a browser sends along, and a program need not."""


@dataclass(frozen=True)
class Taken:
    """What a program may say to this form.

    `called` has, for fields that JSON calls otherwise than the form, the form's names; `kinds`
    those that are told in another way; `optional` are fields that the form wants and is given
    anyway. `asks_who`: the form is made with `user=`, as each `RecordForm` is.
    """

    form: type[forms.BaseForm]
    called: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    asks_who: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def fields(self) -> dict[str, str]:
        """The form's names by those of JSON."""
        ours = {form_name: name for name, form_name in self.called.items()}
        base = self.form.base_fields  # type: ignore[attr-defined]  # every form class has it
        return {ours.get(name, name): name for name in base if name not in OURS}

    @cached_property
    def names(self) -> dict[str, str]:
        return {form_name: name for name, form_name in self.fields.items()}

    def kind(self, name: str) -> Kind:
        return self.kinds.get(name) or kind_of(self.base(name))

    def base(self, name: str) -> forms.Field:
        base: Mapping[str, forms.Field] = self.form.base_fields  # type: ignore[attr-defined]  # every form class has it
        return base[self.fields[name]]

    def is_required(self, name: str) -> bool:
        one = self.base(name)
        return one.required and one.initial is None and name not in self.optional

    def schema(self, *, partial: bool) -> dict[str, Any]:
        """What is not required may be null, which is what nothing typed is on the page."""
        shape: dict[str, Any] = {
            "type": "object",
            "properties": {name: self.property(name) for name in self.fields},
            "additionalProperties": False,
        }
        if wanted := [name for name in self.fields if self.is_required(name) and not partial]:
            shape["required"] = wanted
        if self.example:
            shape["examples"] = [dict(self.example)]
        return shape

    def property(self, name: str) -> dict[str, Any]:
        shape = dict(self.kind(name).schema)
        one = self.base(name)
        if length := getattr(one, "max_length", None):
            shape.setdefault("maxLength", length) if shape["type"] == "string" else None
        is_plain = isinstance(one, forms.BooleanField) and not isinstance(
            one, forms.NullBooleanField
        )
        if not one.required and shape["type"] != "array" and not is_plain:
            shape["type"] = [shape["type"], "null"]
            if "enum" in shape:
                shape["enum"] = [*shape["enum"], None]
        return shape

    def filled(
        self, told: Mapping[str, Any], *, user: User, initial: dict[str, Any], **made: Any
    ) -> Any:
        """The form with what the program says, and all else as the page first shows it. It is
        valid; raises `Unprocessable` otherwise."""
        if issubclass(self.form, RecordForm) or self.asks_who:
            made["user"] = user
        start = self.form(initial=initial, **made)
        data = QueryDict(mutable=True)
        for form_name in start.fields:
            data.setlist(form_name, as_sent(start[form_name].value()))
        errors: dict[str, list[str]] = {}
        for name, value in told.items():
            if name not in self.fields:
                known = ", ".join(sorted(self.fields)) or "none"
                errors[name] = [f"This is no field here. There are: {known}."]
                continue
            if (form_name := self.fields[name]) not in start.fields:
                # As the site is set up, it is not asked for.
                continue
            try:
                data.setlist(form_name, self.sent(name, value, start.fields[form_name]))
            except NotThat as refusal:
                errors[name] = [str(refusal)]
        if errors:
            raise Unprocessable(errors)
        if "token" in start.fields:
            data["token"] = str(uuid4())
        filled = self.form(data, **made)
        if not filled.is_valid():
            raise Unprocessable(errors_of(filled, self.names))
        return filled

    def sent(self, name: str, value: Any, form_field: forms.Field) -> list[str]:
        kind = self.kind(name)
        if value is None:
            if kind.schema["type"] == "array":
                raise NotThat("A list.")
            return []
        return kind.sent(value, form_field)


NOTHING = Taken(forms.Form)
"""A step that asks for no words."""
