"""Naming the right runbooks of a question."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from incidents.lookup.evaluation import DEPTH
from incidents.lookup.learning.queries import active_runbooks_named
from incidents.lookup.learning.row import gist_of
from incidents.lookup.matchers import ALERTNAME
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import kept_labels, read_question
from incidents.models import Runbook

LONGEST_TEXT = 20_000


class KeptQueryForm(forms.Form):
    """The question, and the runbooks that answer it: among those that are found now, or others."""

    text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "As it was asked. Take out what is secret: this is kept until it is removed."
        ),
    )
    labels = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("Labels"),
        help_text=gettext_lazy("Of the alert, where it is one: name=value, one on a line."),
    )
    found = forms.ModelMultipleChoiceField(
        queryset=Runbook.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Right, of those that are found now"),
    )
    others = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_lazy("Other right ones"),
        help_text=gettext_lazy("What stands in their addresses, one on a line, such as disk-full."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ModelMultipleChoiceField[Runbook]", self.fields["found"])
        # All of them may be sent; those that are found now are shown.
        choice.queryset = Runbook.objects.active()
        text, labels = str(self["text"].value() or ""), str(self["labels"].value() or "")
        question = read_question(text, labels_in(labels))
        choice.choices = [
            (runbook.pk, runbook.title) for runbook in best_runbooks(question, limit=DEPTH)
        ]
        if not choice.choices:
            choice.widget = choice.hidden_widget()

    def clean_labels(self) -> dict[str, str]:
        lines = [line for line in self.cleaned_data["labels"].splitlines() if line.strip()]
        if wrong := next((line for line in lines if not line.partition("=")[0].strip()), None):
            raise ValidationError(gettext("“%(wrong)s” is not name=value.") % {"wrong": wrong})
        if wrong := next((line for line in lines if "=" not in line), None):
            raise ValidationError(gettext("“%(wrong)s” is not name=value.") % {"wrong": wrong})
        return labels_in("\n".join(lines))

    def clean_others(self) -> list[Runbook]:
        slugs = self.cleaned_data["others"].split()
        named = {runbook.slug: runbook for runbook in active_runbooks_named(slugs)}
        if missing := [slug for slug in dict.fromkeys(slugs) if slug not in named]:
            raise ValidationError(
                [
                    gettext("No active runbook has “%(slug)s” in its address.") % {"slug": slug}
                    for slug in missing
                ]
            )
        return list(named.values())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"text", "labels"} <= cleaned.keys() and not gist_of(cleaned["text"], cleaned["labels"]):
            self.add_error("text", gettext("Nothing is asked: write a text, or labels."))
        if {"found", "others"} <= cleaned.keys() and not self.relevant:
            self.add_error("others", gettext("Name at least one runbook that is right."))
        return cleaned

    @property
    def relevant(self) -> list[Runbook]:
        chosen = [*self.cleaned_data["found"], *self.cleaned_data["others"]]
        return list(dict.fromkeys(chosen))


def labels_in(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.splitlines())
    return kept_labels((name.strip(), value.strip()) for name, sign, value in pairs if sign)


def as_lines(labels: dict[str, str]) -> str:
    """One line for each, the alert's name first; a value of several lines is put on one."""
    # PostgreSQL keeps them in no order.
    names = sorted(labels, key=lambda name: (name != ALERTNAME, name))
    return "\n".join(f"{name}={' '.join(labels[name].splitlines())}" for name in names)
