"""A field of a form says to everybody, also to a screen reader, what it wants and what is wrong."""

from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory


class ExampleForm(forms.Form):
    title = forms.CharField(label="Title", help_text="One line.", max_length=5)
    kind = forms.ChoiceField(
        label="Kind", choices=[("own", "own"), ("external", "external")], widget=forms.RadioSelect
    )
    restricted = forms.BooleanField(label="Restricted", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def form_page(data: dict[str, Any] | None = None, **context: Any) -> str:
    form = ExampleForm(data, initial={"version": 3})
    return render_to_string(
        "components/_form.html",
        {"form": form, "submit": "Save", **context},
        request=RequestFactory().get("/edit/"),
    )


def test_it_works() -> None:
    page = form_page()
    assert '<label class="field-label" for="id_title">' in page
    assert 'aria-describedby="id_title_helptext"' in page
    assert 'id="id_title_helptext"' in page


def test_an_error_stands_beside_its_field_and_what_was_typed_stays() -> None:
    page = form_page({"title": "far too long", "kind": "own", "version": 3})
    assert 'aria-describedby="id_title_helptext id_title_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_title_error"' in page
    assert 'value="far too long"' in page


def test_the_errors_on_top_lead_to_the_fields() -> None:
    page = form_page({"kind": "own", "version": 3})
    assert 'role="alert"' in page
    assert '<a href="#id_title">Title</a>' in page


def test_the_error_of_a_hidden_field_is_not_swallowed() -> None:
    page = form_page({"title": "pool", "kind": "own", "version": "?"})
    assert "Version: Enter a whole number." in page


def test_a_group_is_a_fieldset_with_its_name() -> None:
    page = form_page()
    assert "<fieldset" in page
    assert '<legend class="field-label">Kind' in page


def test_what_people_typed_is_escaped() -> None:
    page = form_page({"title": '"><script>alert(1)</script>', "version": 3})
    assert "<script>" not in page


def test_djangos_own_rendering_is_the_same() -> None:
    assert '<label class="field-label" for="id_title">' in str(ExampleForm())


@pytest.mark.parametrize(("piece", "sent"), [("#timeline", True), ("", False)])
def test_a_piece_is_sent_by_htmx(piece: str, *, sent: bool) -> None:
    assert ('hx-post="/edit/" hx-target="#timeline"' in form_page(piece=piece)) is sent
