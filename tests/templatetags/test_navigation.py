from django.template import Context
from django.test import RequestFactory
from django.urls import resolve, reverse

from incidents.templatetags import navigation
from incidents.templatetags.navigation import sections


def current(path: str) -> list[str]:
    context = Context({"request": RequestFactory().get(path)})
    return [section.name for section in sections(context) if section.is_current]


def test_it_works() -> None:
    assert current(reverse("knowledge:factors")) == ["Factors"]


def test_a_page_below_belongs_to_its_section() -> None:
    assert current(reverse("knowledge:new_factor")) == ["Factors"]


def test_other_pages_belong_to_none() -> None:
    assert current("/accounts/login/") == []


def test_without_a_request_none_is_current() -> None:
    assert not any(section.is_current for section in sections(Context()))


def test_every_section_leads_to_an_address_of_its_own() -> None:
    found = sections(Context())
    assert [section.name for section in found] == [section.name for section in navigation.SECTIONS]
    assert {resolve(section.url).view_name: section.url for section in found} == {
        section.url_name: reverse(section.url_name) for section in navigation.SECTIONS
    }


def test_no_two_sections_share_keys() -> None:
    keys = [section.keys for section in navigation.SECTIONS if section.keys]
    assert len(set(keys)) == len(keys)
