"""Where nothing is chosen, a form says what that means; it shows no dashes."""

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH

from incidents.lib.choices import name_no_choice
from incidents.models import Team


def words_of(field: forms.Field) -> list[str]:
    name_no_choice(field, "no team")
    return [str(label) for _, label in field.choices]  # type: ignore[attr-defined]


def test_it_works() -> None:
    assert words_of(forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")])) == ["no team", "A"]


def test_a_choice_of_rows_says_it_too() -> None:
    field = forms.ModelChoiceField(Team.objects.none(), required=False)
    name_no_choice(field, "no team")
    assert field.empty_label == "no team"


def test_a_field_that_says_it_by_itself_keeps_its_words() -> None:
    field = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="any")
    name_no_choice(field, "no team")
    assert field.empty_label == "any"
    assert words_of(forms.ChoiceField(choices=[("", "any"), ("a", "A")])) == ["any", "A"]


def test_what_may_be_left_open_is_unknown_in_small_letters() -> None:
    field = forms.NullBooleanField()
    name_no_choice(field, "no team")
    page = str(field.widget.render("known", None))
    assert ">unknown</option>" in page
    assert "Unknown" not in page
