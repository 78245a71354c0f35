"""Boxes to tick: few stand as they are, many in a list that scrolls, none says so."""

import re
from typing import Any

from django import forms

MANY = [(str(number), f"Service {number}") for number in range(13)]


def shown(choices: list[tuple[str, str]], chosen: list[str] | None = None) -> str:
    class ExampleForm(forms.Form):
        services = forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, required=False
        )

    initial: dict[str, Any] = {"services": chosen or []}
    return str(ExampleForm(initial=initial)["services"].as_field_group())


def values(page: str) -> list[str]:
    return re.findall(r'value="(\w+)"', page)


def test_it_works() -> None:
    page = shown(MANY[:12], ["3"])
    assert values(page) == [value for value, _ in MANY[:12]]
    assert "choices-many" not in page


def test_of_many_those_that_are_ticked_come_first_and_none_is_lost() -> None:
    page = shown(MANY, ["12", "5"])
    assert 'class="choices-many" id="id_services"' in page
    assert values(page)[:3] == ["5", "12", "0"]
    assert sorted(values(page)) == sorted(value for value, _ in MANY)
    assert page.count(" checked") == 2


def test_where_there_is_none_it_says_so() -> None:
    page = shown([])
    assert "none yet" in page
    assert 'id="id_services"' in page
