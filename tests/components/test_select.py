"""A list to choose from, as Django's own template draws it."""

from django import forms
from django.forms.renderers import DjangoTemplates

SOME = [
    ("", "–"),
    ("Of a team", [("1", "<pool>"), ("2", "two & three")]),
    ("3", 'a "quoted" one'),
]


class Barred(forms.Select):
    """One option cannot be chosen."""

    def create_option(self, name: str, value: object, *args: object, **more: object) -> object:  # type: ignore[override]
        option = super().create_option(name, value, *args, **more)  # type: ignore[arg-type]
        option["attrs"] |= {"disabled": value == "3", "data-key": f"<{value}>"}
        return option


class ChoosingForm(forms.Form):
    one = forms.ChoiceField(choices=SOME, initial="2", required=False)
    several = forms.MultipleChoiceField(
        choices=SOME, initial=["1", "3"], widget=forms.SelectMultiple
    )
    barred = forms.ChoiceField(choices=SOME, widget=Barred(attrs={"size": 4}))


def test_it_works() -> None:
    ours, theirs = ChoosingForm(), ChoosingForm(renderer=DjangoTemplates())
    for name in ours.fields:
        assert "".join(str(ours[name]).split()) == "".join(str(theirs[name]).split())
