"""What is to be brought in, and what becomes of a proposal."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from incidents.history.forms import name_field
from incidents.importers.columns import FIELDS
from incidents.importers.formats import FORMATS
from incidents.lib.words.translated import Translated
from incidents.lib.zones import ZONE_NAMES
from incidents.models import DeltaPart, ProposedDelta

MOST_FILES = 1000
MEGABYTE = 1_000_000


class UploadsField(forms.FileField):
    """As many files as somebody chooses."""

    class widget(forms.ClearableFileInput):  # noqa: N801 (as Django calls it)
        allow_multiple_selected = True

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        refuse_too_much(chosen)
        if not chosen:
            chosen = [None]
        return [super(UploadsField, self).clean(one, initial) for one in chosen]


def refuse_too_much(uploads: Iterable[UploadedFile]) -> None:
    """Raises `ValidationError`."""
    sizes = [one.size or 0 for one in uploads]
    if len(sizes) > MOST_FILES:
        raise forms.ValidationError(
            gettext(
                "These are %(sizes)s files; %(MOST_FILES)s are the most. Bring them in as a zip "
                "archive."
            )
            % {"sizes": f"{len(sizes):,}", "MOST_FILES": f"{MOST_FILES:,}"}
        )
    if (size := sum(sizes)) > settings.IMPORT_BYTES:
        raise forms.ValidationError(
            gettext(
                "The files have %(MEGABYTE)s MB together; %(MEGABYTE2)s MB are the most. Bring "
                "them in in parts."
            )
            % {
                "MEGABYTE": f"{size / MEGABYTE:,.0f}",
                "MEGABYTE2": f"{settings.IMPORT_BYTES / MEGABYTE:,.0f}",
            }
        )


def format_field(empty: Translated, **kwargs: Any) -> forms.ChoiceField:
    choices = [("", empty), *((each.name, each.title) for each in FORMATS.values())]
    words = gettext_lazy("There is no such format: choose one of the list.")
    return forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=choices if empty else choices[1:],
        error_messages={"invalid_choice": words},
        **kwargs,
    )


def zone_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False,
        label=gettext_lazy("Zone of times that name none"),
        choices=[(name, name.replace("_", " ")) for name in ZONE_NAMES],
        initial="UTC",
        help_text=gettext_lazy("A column whose name says UTC is read as UTC all the same."),
        error_messages={
            "invalid_choice": gettext_lazy("There is no such time zone: choose one of the list.")
        },
    )


class OptionsForm(forms.Form):
    """With what somebody said of the columns of a table: their names, and the field of each."""

    format = format_field("")
    makes_services = forms.BooleanField(
        required=False, label=gettext_lazy("Make the services that are not here yet")
    )
    zone = zone_field()

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        headers, fields = self.said("header"), self.said("column")
        if len(headers) != len(fields) or not set(fields) <= FIELDS.keys():
            raise forms.ValidationError(
                gettext("What the columns are did not arrive whole: choose again.")
            )
        told["mapping"] = dict(zip(headers, fields, strict=True))
        return told

    def said(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []

    @property
    def options(self) -> dict[str, Any]:
        """As an import keeps them."""
        told = self.cleaned_data
        options: dict[str, Any] = {"makes_services": told["makes_services"]}
        said = {name: told[name] for name in ("mapping", "zone") if told[name]}
        if said and FORMATS[told["format"]].columns:
            options["reading"] = said
        return options


class ColumnsForm(forms.Form):
    """What is asked beside the columns of a table."""

    zone = zone_field()


class ImportForm(forms.Form):
    uploads = UploadsField(
        label=gettext_lazy("Files"),
        error_messages={"required": gettext_lazy("Choose at least one file.")},
        help_text=gettext_lazy("One or several, or a zip archive of a folder."),
    )
    format = format_field(gettext_lazy("told by the files"), required=False)
    makes_services = forms.BooleanField(
        required=False, label=gettext_lazy("Make the services that are not here yet")
    )


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]
    part = forms.ChoiceField(label=gettext_lazy("What it did"), choices=DeltaPart.choices)

    class Meta:
        model = ProposedDelta
        fields = ("component", "key", "before", "after")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several stand on one page.
        kwargs.setdefault("prefix", f"p{kwargs['instance'].pk}")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            name_field(name, field)
        for name in ("component", "key"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("before") and told.get("before") == told.get("after"):
            self.add_error("after", gettext("Before and after are the same: nothing was changed."))
        return told
