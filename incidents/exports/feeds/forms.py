"""The form of a new feed."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from incidents.models import LONG, SPANS, FeedKind, FeedSpan, Service, Team

NAMED = {
    FeedSpan.TEAM: (gettext_lazy("Teams"), Team.objects.values_list("pk", "name")),
    FeedSpan.SERVICE: (gettext_lazy("Services"), Service.objects.values_list("pk", "name")),
}


class NewFeedForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONG,
        help_text=gettext_lazy(
            "What fetches it: the calendar on my phone. One feed for each, so that you can "
            "revoke one and keep the others."
        ),
    )
    of = forms.ChoiceField(label=gettext_lazy("Shows"))
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, kind: FeedKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["of"].choices = choices_of(kind)  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def values(self) -> dict[str, Any]:
        span, _, key = self.cleaned_data["of"].partition(":")
        found = {"name": self.cleaned_data["name"], "kind": self.kind, "span": FeedSpan(span)}
        return {**found, f"{span}_id": int(key)} if key else found


def choices_of(kind: FeedKind) -> list[Any]:
    """One list, so that no two choices can contradict each other."""
    plain: list[Any] = [(span.value, span.label) for span in SPANS[kind] if span not in NAMED]
    for span in SPANS[kind]:
        if span in NAMED:
            group, rows = NAMED[span]
            plain.append((group, [(f"{span.value}:{pk}", name) for pk, name in rows.all()]))
    return plain
