"""The form of a guard. Its examples are typed as TOML, one value on a line."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from incidents.guard.examples import NotAnExample, read_example, written_example
from incidents.guard.files import Given
from incidents.guard.readers.found import MEGABYTE, MOST_BYTES
from incidents.guard.runs.rows import Subject
from incidents.history.forms import NewRecordForm, RecordForm
from incidents.lib.uploads import SeveralFilesField
from incidents.models import Guard


class ExampleField(forms.CharField):
    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"rows": 3, "spellcheck": "false", "class": "mono"}

    def prepare_value(self, value: Any) -> Any:
        return written_example(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, Any]:
        try:
            return read_example(super().clean(value))
        except NotAnExample as error:
            raise forms.ValidationError(str(error)) from None


class GuardForm(RecordForm):
    failing_example = ExampleField(
        label=gettext_lazy("Example that must fail"),
        help_text=gettext_lazy("Configuration values as TOML: unicorn.timeout = 30"),
    )
    passing_example = ExampleField(label=gettext_lazy("Example that must pass"))

    class Meta:
        model = Guard
        fields = [
            "expression",
            "precondition",
            "message",
            "severity",
            "failing_example",
            "passing_example",
            "state",
        ]
        labels = {
            "precondition": gettext_lazy("Asked only where"),
            "expression": gettext_lazy("A configuration must satisfy"),
            "message": gettext_lazy("Message"),
            "severity": gettext_lazy("Severity"),
            "state": gettext_lazy("State"),
        }
        help_texts = {
            "expression": gettext_lazy(
                "In CEL: unicorn.timeout &gt;= 60 &amp;&amp; has(unicorn.preload_app)"
            ),
            "message": gettext_lazy(
                "What to say where it is false; {unicorn.timeout} becomes the value."
            ),
            "state": gettext_lazy("Drafts are not checked. An active guard has both examples."),
        }
        widgets = {
            "expression": forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "mono"}),
            "precondition": forms.Textarea(
                attrs={"rows": 2, "spellcheck": "false", "class": "mono"}
            ),
            "message": forms.Textarea(attrs={"rows": 3}),
        }


class NewGuardForm(NewRecordForm, GuardForm):
    class Meta(GuardForm.Meta):
        pass


GUARD_FORM = "guard-form"
"""The id that the form of a guard has on its page."""
MOST_TOGETHER = 20 * MEGABYTE
"""Of all files that are read in one request."""
MOST_SECONDS = 10.0
"""For reading them; the last one that is begun may take a few more."""


class GivenFilesField(SeveralFilesField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most_together=MOST_TOGETHER, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Given]:
        return [given(one) for one in super().clean(data, initial)]


def given(uploaded: UploadedFile) -> Given:
    """Of a file that is too large as much as shows that it is."""
    return Given(uploaded.name or "file", uploaded.read(MOST_BYTES + 1))


class FilesForm(forms.Form):
    """Files, or the text of one. None of it is kept."""

    uploads = GivenFilesField(
        required=False,
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("Choose them, or drop them here. What is in them is not kept."),
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Or the text of one"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
    )
    name = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Its name"),
        help_text=gettext_lazy("Such as unicorn.rb or compose.yaml: it tells what the text is."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("text", "").strip() and not cleaned.get("name", "").strip():
            self.add_error(
                "name", gettext("Say what it is called: unicorn.rb, compose.yaml, .env …")
            )
        return cleaned

    def given(self, files: str = "uploads", text: str = "text") -> list[Given]:
        """The files of one field with the text of another."""
        name = self.cleaned_data["name"].strip()
        typed = self.cleaned_data[text]
        pasted = [Given(name, typed.encode(errors="replace"))] if typed.strip() else []
        return [*self.cleaned_data[files], *pasted]


class TrialForm(FilesForm):
    """What a guard is tried on while it is written. Its controls go with the guard's form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = GUARD_FORM

    def problems(self) -> list[str]:
        return [str(problem) for problems in self.errors.values() for problem in problems]


class CheckForm(FilesForm):
    """Files, and the same as they were, where a change is to be judged."""

    component = forms.CharField(
        required=False,
        max_length=100,
        label=gettext_lazy("Component"),
        help_text=gettext_lazy("What all of it configures, where the names do not tell."),
    )
    before = GivenFilesField(
        required=False,
        label=gettext_lazy("The files as they were"),
        help_text=gettext_lazy("Then the change is put beside what incidents have turned."),
    )
    before_text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Or the text as it was"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("text", "").strip() and not cleaned.get("uploads"):
            raise forms.ValidationError(gettext("Choose a file, or put its text in."))
        return cleaned

    @property
    def subject(self) -> Subject:
        return Subject(
            files=self.given(),
            before=self.given("before", "before_text"),
            component=self.cleaned_data["component"].strip(),
        )
