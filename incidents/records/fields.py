"""What people type into the forms of a record: approximate times, and names that are known."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from incidents.lib.approximate_time import ApproximateTime, NotATime, parse, write

UTC_ZONE = ZoneInfo("UTC")


class ApproximateTimeField(forms.CharField):
    """One text box; what is typed is the precision. Empty is `approximate_time.UNKNOWN`.

    `zone` is the record's: set it before the form is validated.
    """

    zone: ZoneInfo = UTC_ZONE

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "placeholder": "2026-03-14 22:30"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse(str(text), self.zone)
        except NotATime as error:
            raise ValidationError(str(error), code="not_a_time") from error

    def prepare_value(self, value: Any) -> Any:
        return write(value, self.zone) if isinstance(value, ApproximateTime) else value


class SuggestedInput(forms.TextInput):
    """A text box with suggestions, which one need not take."""

    template_name = "components/suggested_input.html"
    suggestions: Iterable[tuple[str, str]] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}-suggestions"
        context["widget"]["attrs"] |= {"list": list_id, "autocomplete": "off"}
        context["widget"] |= {"list_id": list_id, "suggestions": list(self.suggestions)}
        return context
